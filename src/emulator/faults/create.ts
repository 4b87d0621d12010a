import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context } from "hono";
import { EARLY_CALLBACK_MILLISECONDS } from "../limits.ts";
import type { Message } from "../model.ts";
import type { RestEnv } from "../rest/access.ts";
import { BROKEN, BUSY, restErrorResponse } from "../rest/errors.ts";
import type { World } from "../world.ts";
import { type CreateFault, createFault, isEarly, listLag } from "./decide.ts";
import { subjectOf } from "./subject.ts";

/** Draws what befalls a request to create a message. */
export function drawCreateFault({ faults }: World, form: URLSearchParams): CreateFault {
  const subject = ["To", "From", "Body"].map((name) => form.get(name) ?? "").join(" ");
  return faults.decide(`create ${subject}`, createFault, { kind: "none" });
}

/** @returns the answer of a Twilio that does not take the message, or null where it looks at it */
export function beforeTaking(world: World, c: Context<RestEnv>, fault: CreateFault): Response | null {
  if (!["busy", "busyRetryAfter", "errorBefore", "resetBefore"].includes(fault.kind)) return null;
  world.faults.count(`create.${fault.kind}`);
  return misanswer(c, fault);
}

/** Answers for a message that was taken: well, late, wrongly or not at all. */
export async function afterTaking(
  world: World,
  c: Context<RestEnv>,
  fault: CreateFault,
  message: Message,
  answer: Response,
): Promise<Response> {
  const subject = subjectOf(message);
  const lag = world.faults.decide(`list ${subject}`, listLag, 0);
  if (lag > 0) {
    world.faults.count("list.lag");
    world.faults.hide(message.sid, world.now() + lag);
  }
  const early = message.listeners.statusCallback !== null && world.faults.decide(`early ${subject}`, isEarly, false);
  if (early) {
    world.faults.count("callback.early");
    await untilCalledBack(world, message);
  }
  if (fault.kind === "none") return answer;
  world.faults.count(`create.${fault.kind}`);
  if (fault.kind !== "slow") return misanswer(c, fault);
  await world.pause(fault.milliseconds);
  if (socketOf(c)?.destroyed === true) world.faults.count("create.unheard");
  return answer;
}

function untilCalledBack(world: World, { sid }: Message): Promise<void> {
  return new Promise((resolve) => {
    world.faults.onCallback(sid, resolve);
    void world.pause(EARLY_CALLBACK_MILLISECONDS).then(resolve);
  });
}

function misanswer(c: Context<RestEnv>, fault: Exclude<CreateFault, { kind: "none" | "slow" }>): Response;
function misanswer(c: Context<RestEnv>, fault: CreateFault): Response | null;
function misanswer(c: Context<RestEnv>, fault: CreateFault): Response | null {
  switch (fault.kind) {
    case "none":
    case "slow":
      return null;
    case "busy":
    case "busyRetryAfter": {
      const response = restErrorResponse(BUSY);
      if (fault.retryAfterSeconds !== null) response.headers.set("retry-after", String(fault.retryAfterSeconds));
      return response;
    }
    case "errorBefore":
    case "errorAfter":
      return serverError(fault.status);
    case "resetBefore":
    case "resetAfter":
      return reset(c);
  }
}

/** A 500 is Twilio's own, in its form; the others are those of something that stands before it. */
export function serverError(status: 500 | 502 | 503 | 504): Response {
  if (status === 500) return restErrorResponse(BROKEN);
  return new Response("upstream request failed", { status, headers: { "content-type": "text/plain" } });
}

/** Ends the connection without an answer, as a broken network does (TCP RST). @throws where there is no connection to end */
function reset(c: Context<RestEnv>): Response {
  const socket = socketOf(c);
  if (socket === undefined) throw new Error("without a socket no connection can be reset");
  socket.resetAndDestroy();
  return RESPONSE_ALREADY_SENT;
}

/** Under Node's server there is one; in a test that asks the application itself there is none. */
function socketOf(c: Context<RestEnv>): Socket | undefined {
  return (c.env as { readonly incoming?: IncomingMessage } | undefined)?.incoming?.socket;
}
