import { isAwaitingGuess } from "../../identity/identity-check.ts";
import type { TurnContext } from "./context.ts";
import type { Conversation, OpenConversation } from "./state.ts";

/** Does the assistant wait for something else than the person? Their texts wait until it is over. */
export function isBusy(conversation: Conversation): boolean {
  if (conversation.status !== "open") return false;
  const { rest } = conversation;
  return rest.kind === "link" ? !isAwaitingGuess(rest.linking) : rest.kind !== "text";
}

/** @returns the conversation, closed where its idle time is over */
export function closeIfIdle(conversation: Conversation, now: number): Conversation {
  if (conversation.status !== "open" || isBusy(conversation) || conversation.idleAt > now) return conversation;
  return { status: "closed", id: conversation.id, at: conversation.idleAt, reason: "idle" };
}

export function endConversation({ id }: OpenConversation, at: number): Conversation {
  return { status: "closed", id, at, reason: "ended" };
}

/** The oldest of the texts that wait are heard. */
export function withoutWaiting(scene: TurnContext, served: number): TurnContext {
  const { waiting = [], ...line } = scene.line;
  const rest = waiting.slice(served);
  return { ...scene, line: rest.length === 0 ? line : { ...line, waiting: rest } };
}
