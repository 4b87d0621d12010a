import { succeed } from "../../core/result.ts";
import type { EmulatorContext } from "../context.ts";
import { reportStatus } from "../faults/webhook-faults.ts";
import { isFinalStatus } from "../state/message-lifecycle.ts";
import { getMessageError, type MessageRecord } from "../state/records.ts";
import { deliverWebhook } from "../webhook/deliver-webhook.ts";
import type { WebhookParameters } from "../webhook/signature.ts";

/**
 * Posts the callbacks for an outbound message's new status. All callbacks pass through here, so that faults can make
 * them late, doubled or out of order.
 */
export function scheduleCallbacks(context: EmulatorContext, message: MessageRecord): void {
  const { statusCallback, action } = message.listeners;
  const { status } = message.state;
  // Not awaited: responses to callbacks are ignored, and deliverWebhook records the attempts.
  if (statusCallback !== null)
    void reportStatus(context, message, () => postCallback(context, message, statusCallback));
  if (action !== null && (status === "sent" || status === "failed")) void postCallback(context, message, action);
}

async function postCallback(context: EmulatorContext, message: MessageRecord, url: string): Promise<void> {
  const authToken = context.store.findAccount(message.accountSid)?.authToken;
  if (authToken === undefined) return;
  const parameters = toCallbackParameters(message);
  const hook = { kind: "status", messageSid: message.sid, url, method: "POST", parameters, authToken } as const;
  await deliverWebhook(context, hook, () => succeed(null));
}

/** @returns the callback's parameters, in Twilio's order */
function toCallbackParameters(message: MessageRecord): WebhookParameters {
  const { status } = message.state;
  const error = getMessageError(message);
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
    parameters.push(["RawDlrDoneDate", formatDeliveryDate(message.updatedAt)]);
  }
  return parameters;
}

/** Formats a time as carriers do: YYMMDDhhmm, in UTC. */
function formatDeliveryDate(at: number): string {
  return new Date(at).toISOString().replaceAll(/\D/gu, "").slice(2, 12);
}

/** Tells whether Twilio posts a callback for the message's status: all except `queued`, `sending` and `receiving`. */
export function isReportedStatus(message: MessageRecord): boolean {
  return message.state.status === "sent" || isFinalStatus(message.state.status);
}
