import type { MessageStatus } from "./contract.ts";
import type { Failure, Message, MessageState } from "./model.ts";
import { sentAt } from "./model.ts";

/** What happens to an outbound message after it was accepted. */
export type Step =
  | { readonly to: "sending" | "sent" | "delivered" | "canceled" }
  | { readonly to: "undelivered" | "failed"; readonly error: Failure };

const COMES_FROM: Readonly<Record<Step["to"], readonly MessageStatus[]>> = {
  sending: ["queued"],
  canceled: ["queued"],
  sent: ["queued", "sending"],
  failed: ["queued", "sending"],
  delivered: ["sent"],
  undelivered: ["sent"],
};

/** @returns the message after the step, or null where it is no longer in a state that the step starts from */
export function advance(message: Message, step: Step, now: number): Message | null {
  if (!COMES_FROM[step.to].includes(message.state.status)) return null;
  return { ...message, state: stateAfter(message, step, now), updatedAt: now };
}

function stateAfter(message: Message, step: Step, now: number): MessageState {
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
export function isFinal(status: MessageStatus): boolean {
  return FINAL[status];
}
