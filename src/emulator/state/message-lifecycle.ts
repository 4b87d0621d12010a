import type { MessageStatus } from "../contract.ts";
import type { MessageRecord, MessageState, TwilioError } from "./records.ts";
import { sentAt } from "./records.ts";

/** What happens to an outbound message after it was accepted. */
export type StatusChange =
  | { readonly to: "sending" | "sent" | "delivered" | "canceled" }
  | { readonly to: "undelivered" | "failed"; readonly error: TwilioError };

const PREVIOUS_STATUSES: Readonly<Record<StatusChange["to"], readonly MessageStatus[]>> = {
  sending: ["queued"],
  canceled: ["queued"],
  sent: ["queued", "sending"],
  failed: ["queued", "sending"],
  delivered: ["sent"],
  undelivered: ["sent"],
};

/** @returns the message after the step, or null where it is no longer in a state that the step starts from */
export function applyStatusChange(message: MessageRecord, step: StatusChange, now: number): MessageRecord | null {
  if (!PREVIOUS_STATUSES[step.to].includes(message.state.status)) return null;
  return { ...message, state: createNextState(message, step, now), updatedAt: now };
}

function createNextState(message: MessageRecord, step: StatusChange, now: number): MessageState {
  if ("error" in step) return { status: step.to, sentAt: sentAt(message), error: step.error };
  if (step.to === "sent" || step.to === "delivered") return { status: step.to, sentAt: sentAt(message) ?? now };
  return { status: step.to };
}

const FINAL: Readonly<Record<MessageStatus, boolean>> = {
  queued: false,
  sending: false,
  sent: false,
  delivered: true,
  undelivered: true,
  failed: true,
  receiving: false,
  received: true,
  canceled: true,
};

/** Will nothing happen any more to a message in this state? */
export function isFinalStatus(status: MessageStatus): boolean {
  return FINAL[status];
}
