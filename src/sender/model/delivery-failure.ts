import type { DeliveryError } from "../../core/message-status.ts";
import type { Delivery, SenderState, Turn } from "./state.ts";

/** @returns why a part has not reached the person, or null where that is not what has become of it */
export function findDeliveryError(delivery: Delivery): DeliveryError | null {
  if (delivery.status !== "failed" && delivery.status !== "undelivered") return null;
  return delivery.error ?? { code: null, message: "Twilio gave no reason" };
}

/** A part has failed: the assistant of its conversation, while that is open, hears of it with the next text. @returns the same object where nothing changes */
export function rememberDeliveryError(
  state: SenderState,
  { number, conversation: id }: Turn,
  undelivered: DeliveryError,
): SenderState {
  const line = state.lines[number];
  if (line?.conversation.status !== "open" || line.conversation.id !== id) return state;
  if (line.consent.status === "withdrawn") return state;
  const conversation = { ...line.conversation, undelivered };
  return { ...state, lines: { ...state.lines, [number]: { ...line, conversation } } };
}
