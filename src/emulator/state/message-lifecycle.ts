import type { MessageStatus } from "../contract.ts";
import type { MessageRecord, MessageState, TwilioError } from "./records.ts";
import { sentAt } from "./records.ts";

/** A change of an outbound message's status after Twilio accepted it. */
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

/** @returns the changed message, or null if its present status does not allow the change */
export function applyStatusChange(message: MessageRecord, change: StatusChange, now: number): MessageRecord | null {
  if (!PREVIOUS_STATUSES[change.to].includes(message.state.status)) return null;
  return { ...message, state: createNextState(message, change, now), updatedAt: now };
}

function createNextState(message: MessageRecord, change: StatusChange, now: number): MessageState {
  if ("error" in change) return { status: change.to, sentAt: sentAt(message), error: change.error };
  if (change.to === "sent" || change.to === "delivered") return { status: change.to, sentAt: sentAt(message) ?? now };
  return { status: change.to };
}

const FINAL_STATUSES: Readonly<Record<MessageStatus, boolean>> = {
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

/** Tells whether a message with this status can no longer change. */
export function isFinalStatus(status: MessageStatus): boolean {
  return FINAL_STATUSES[status];
}
