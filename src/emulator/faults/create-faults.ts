import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context } from "hono";
import type { EmulatorContext } from "../context.ts";
import { EARLY_CALLBACK_MILLISECONDS } from "../limits.ts";
import type { RestEnv } from "../rest/authentication.ts";
import { INTERNAL_ERROR, TOO_MANY_REQUESTS, toErrorResponse } from "../rest/errors.ts";
import type { MessageRecord } from "../state/records.ts";
import { type CreateFault, isCallbackEarly, pickCreateFault, pickListLag } from "./fault-picks.ts";
import { toFaultSubject } from "./fault-subject.ts";

/** Draws what befalls a request to create a message. */
export function drawCreateFault({ faults }: EmulatorContext, form: URLSearchParams): CreateFault {
  const subject = ["To", "From", "Body"].map((name) => form.get(name) ?? "").join(" ");
  return faults.decideFault(`create ${subject}`, pickCreateFault, { kind: "none" });
}

/** @returns the answer of a Twilio that does not take the message, or null where it looks at it */
export function answerBeforeAccepting(
  context: EmulatorContext,
  c: Context<RestEnv>,
  fault: CreateFault,
): Response | null {
  if (!["busy", "busyRetryAfter", "errorBefore", "resetBefore"].includes(fault.kind)) return null;
  context.faults.countFault(`create.${fault.kind}`);
  return answerWithFault(c, fault);
}

/** Answers for a message that was taken: well, late, wrongly or not at all. */
export async function answerAfterAccepting(
  context: EmulatorContext,
  c: Context<RestEnv>,
  fault: CreateFault,
  message: MessageRecord,
  answer: Response,
): Promise<Response> {
  const subject = toFaultSubject(message);
  const lag = context.faults.decideFault(`list ${subject}`, pickListLag, 0);
  if (lag > 0) {
    context.faults.countFault("list.lag");
    context.faults.hideMessage(message.sid, context.now() + lag);
  }
  const early =
    message.listeners.statusCallback !== null && context.faults.decideFault(`early ${subject}`, isCallbackEarly, false);
  if (early) {
    context.faults.countFault("callback.early");
    await waitForCallback(context, message);
  }
  if (fault.kind === "none") return answer;
  context.faults.countFault(`create.${fault.kind}`);
  if (fault.kind !== "slow") return answerWithFault(c, fault);
  await context.pause(fault.milliseconds);
  if (findSocket(c)?.destroyed === true) context.faults.countFault("create.unheard");
  return answer;
}

function waitForCallback(context: EmulatorContext, { sid }: MessageRecord): Promise<void> {
  return new Promise((resolve) => {
    context.faults.onNextCallback(sid, resolve);
    void context.pause(EARLY_CALLBACK_MILLISECONDS).then(resolve);
  });
}

function answerWithFault(c: Context<RestEnv>, fault: Exclude<CreateFault, { kind: "none" | "slow" }>): Response;
function answerWithFault(c: Context<RestEnv>, fault: CreateFault): Response | null;
function answerWithFault(c: Context<RestEnv>, fault: CreateFault): Response | null {
  switch (fault.kind) {
    case "none":
    case "slow":
      return null;
    case "busy":
    case "busyRetryAfter": {
      const response = toErrorResponse(TOO_MANY_REQUESTS);
      if (fault.retryAfterSeconds !== null) response.headers.set("retry-after", String(fault.retryAfterSeconds));
      return response;
    }
    case "errorBefore":
    case "errorAfter":
      return createServerError(fault.status);
    case "resetBefore":
    case "resetAfter":
      return resetConnection(c);
  }
}

/** A 500 is Twilio's own, in its form; the others are those of something that stands before it. */
export function createServerError(status: 500 | 502 | 503 | 504): Response {
  if (status === 500) return toErrorResponse(INTERNAL_ERROR);
  return new Response("upstream request failed", { status, headers: { "content-type": "text/plain" } });
}

/** Ends the connection without an answer, as a broken network does (TCP RST). @throws where there is no connection to end */
function resetConnection(c: Context<RestEnv>): Response {
  const socket = findSocket(c);
  if (socket === undefined) throw new Error("without a socket no connection can be reset");
  socket.resetAndDestroy();
  return RESPONSE_ALREADY_SENT;
}

/** Under Node's server there is one; in a test that asks the application itself there is none. */
function findSocket(c: Context<RestEnv>): Socket | undefined {
  return (c.env as { readonly incoming?: IncomingMessage } | undefined)?.incoming?.socket;
}
