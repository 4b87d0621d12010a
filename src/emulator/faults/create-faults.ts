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

/** Picks the fault of a request that creates a message. */
export function drawCreateFault({ faults }: EmulatorContext, form: URLSearchParams): CreateFault {
  const subject = ["To", "From", "Body"].map((name) => form.get(name) ?? "").join(" ");
  return faults.decideFault(`create ${subject}`, pickCreateFault, { kind: "none" });
}

/** @returns the response of a Twilio that fails before it accepts the message, or null if it processes the request */
export function answerBeforeAccepting(
  context: EmulatorContext,
  c: Context<RestEnv>,
  fault: CreateFault,
): Response | null {
  if (!["busy", "busyRetryAfter", "errorBefore", "resetBefore"].includes(fault.kind)) return null;
  context.faults.countFault(`create.${fault.kind}`);
  return answerWithFault(c, fault);
}

/** Responds for an accepted message: correctly, late, with an error, or by breaking the connection. */
export async function answerAfterAccepting(
  context: EmulatorContext,
  c: Context<RestEnv>,
  fault: CreateFault,
  message: MessageRecord,
  response: Response,
): Promise<Response> {
  const subject = toFaultSubject(message);
  const lag = context.faults.decideFault(`list ${subject}`, pickListLag, 0);
  if (lag > 0) {
    context.faults.countFault("list.lag");
    context.faults.hideMessage(message.sid, context.now() + lag);
  }
  const isEarly =
    message.listeners.statusCallback !== null && context.faults.decideFault(`early ${subject}`, isCallbackEarly, false);
  if (isEarly) {
    context.faults.countFault("callback.early");
    await waitForCallback(context, message);
  }
  if (fault.kind === "none") return response;
  context.faults.countFault(`create.${fault.kind}`);
  if (fault.kind !== "slow") return answerWithFault(c, fault);
  await context.pause(fault.milliseconds);
  if (findSocket(c)?.destroyed === true) context.faults.countFault("create.unheard");
  return response;
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

/** Creates a 500 as a Twilio error document, or a 502, 503 or 504 as the plain text of a proxy in front of Twilio. */
export function createServerError(status: 500 | 502 | 503 | 504): Response {
  if (status === 500) return toErrorResponse(INTERNAL_ERROR);
  return new Response("upstream request failed", { status, headers: { "content-type": "text/plain" } });
}

/** Resets the connection (TCP RST), as a broken network does. @throws if the request has no connection */
function resetConnection(c: Context<RestEnv>): Response {
  const socket = findSocket(c);
  if (socket === undefined) throw new Error("the request has no socket, so its connection cannot be reset");
  socket.resetAndDestroy();
  return RESPONSE_ALREADY_SENT;
}

/** @returns the request's socket, or undefined in tests that call the application without a server */
function findSocket(c: Context<RestEnv>): Socket | undefined {
  return (c.env as { readonly incoming?: IncomingMessage } | undefined)?.incoming?.socket;
}
