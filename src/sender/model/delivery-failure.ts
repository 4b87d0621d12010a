import type { DeliveryError } from "../../core/message-status.ts";
import { updateLine } from "./line.ts";
import type { Delivery, SenderState, Turn } from "./state.ts";

/** @returns why a part did not reach the contact, or null unless its delivery has failed */
export function findDeliveryError(delivery: Delivery): DeliveryError | null {
  if (delivery.status !== "failed" && delivery.status !== "undelivered") return null;
  return delivery.error ?? { code: null, message: "Twilio gave no reason" };
}

/**
 * Remembers a failed part of an open conversation, for its assistant to get with the contact's next text.
 * @returns the same state if the conversation is over or the contact has opted out
 */
export function rememberDeliveryError(
  state: SenderState,
  { number, conversation: id }: Turn,
  undelivered: DeliveryError,
): SenderState {
  const { conversation, consent } = state.lines[number] ?? {};
  if (conversation?.status !== "open" || conversation.id !== id || consent?.status === "withdrawn") return state;
  return updateLine(state, number, (line) => ({ ...line, conversation: { ...conversation, undelivered } }));
}
