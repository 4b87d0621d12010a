import { succeed } from "../core/result.ts";
import { reportStatus } from "./faults/webhook.ts";
import { isFinal } from "./life.ts";
import { errorOf, type Message } from "./model.ts";
import { deliver } from "./webhook/deliver.ts";
import type { Parameters } from "./webhook/signing.ts";
import type { World } from "./world.ts";

/**
 * Tells those who want to hear that an outbound message has a new status. The one place where callbacks are scheduled:
 * what is to come late, twice or out of order is decided here.
 */
export function scheduleCallbacks(world: World, message: Message): void {
  const { statusCallback, action } = message.listeners;
  const { status } = message.state;
  // Nobody waits for a callback, and its answer says nothing; the attempt is recorded where it is made.
  if (statusCallback !== null) void reportStatus(world, message, () => post(world, message, statusCallback));
  if (action !== null && (status === "sent" || status === "failed")) void post(world, message, action);
}

async function post(world: World, message: Message, url: string): Promise<void> {
  const authToken = world.store.account(message.accountSid)?.authToken;
  if (authToken === undefined) return;
  const parameters = callbackParameters(message);
  const hook = { kind: "status", messageSid: message.sid, url, method: "POST", parameters, authToken } as const;
  await deliver(world, hook, () => succeed(null));
}

/** TWILIO.md 2.5. */
function callbackParameters(message: Message): Parameters {
  const { status } = message.state;
  const error = errorOf(message);
  const parameters: [string, string][] = [
    ["SmsSid", message.sid],
    ["SmsStatus", status],
    ["MessageStatus", status],
    ["To", message.to],
    ["MessageSid", message.sid],
    ["AccountSid", message.accountSid],
    ["From", message.from],
    ["ApiVersion", "2010-04-01"],
  ];
  if (error !== null) parameters.push(["ErrorCode", String(error.code)], ["ErrorMessage", error.message]);
  if (status === "delivered" || status === "undelivered") {
    parameters.push(["RawDlrDoneDate", deliveryDate(message.updatedAt)]);
  }
  return parameters;
}

/** As carriers write it: YYMMDDhhmm, UTC. */
function deliveryDate(at: number): string {
  return new Date(at).toISOString().replaceAll(/\D/gu, "").slice(2, 12);
}

/** Does Twilio report this status? Not the first one, nor that a message is on its way. */
export function isReported(message: Message): boolean {
  return message.state.status === "sent" || isFinal(message.state.status);
}
