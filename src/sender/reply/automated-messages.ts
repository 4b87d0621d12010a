import { renderAnswers } from "../../assistants/message-content.ts";
import type { AssistantAnswer, ReadyApplication } from "../../contract/assistant.ts";
import type { TurnContext, TurnOutcome } from "../model/context.ts";
import type { Line, OpenConversation, Wait } from "../model/state.ts";

/** Says one of the application's automated messages, and leaves the conversation as it is. @returns null where it is switched off */
export function sendAutomatedMessage(
  { line, turn, world }: TurnContext,
  name: "optedOut" | "optedIn" | "helpInfo" | "tooFast",
): TurnOutcome | null {
  const open = line.conversation.status === "open" ? line.conversation : null;
  const answering = world.findApplication(open, turn.number);
  const text = answering?.message(name, open?.language ?? answering.language) ?? null;
  if (answering === null || text === null) return null;
  const { contents, notes } = renderAnswers(toTextAnswers(text), answering.smartEncoding);
  const { whenUnknown } = answering;
  // A confirmation of several messages would be several confirmations.
  return { line, conversation: open?.id ?? String(turn.id), contents: contents.slice(0, 1), whenUnknown, notes };
}

/** Nothing is said, and the conversation stays as it is. */
export function keepSilent(
  { line: { conversation }, turn }: TurnContext,
  line: Line,
  ...notes: readonly string[]
): TurnOutcome {
  const id = conversation.status === "open" ? conversation.id : String(turn.id);
  return { line, conversation: id, contents: [], whenUnknown: null, notes };
}

/** @returns that nothing is said to a text which may open no conversation, or null where it may */
export function refuseUninvitedText({ line, turn, world }: TurnContext): TurnOutcome | null {
  const answering = world.findApplication(null, turn.number);
  if (answering?.inboundOpens !== false) return null;
  const notes = ["Not answered: a text opens no conversation with this application."];
  return { line, conversation: String(turn.id), contents: [], whenUnknown: null, notes };
}

/** @returns what a text gets that would open a conversation out of hours, or null within them */
export function replyOutOfHours({ line, turn, world }: TurnContext): TurnOutcome | null {
  const answering = world.findApplication(null, turn.number);
  const closed = answering?.hours?.closed(world.now, answering.language) ?? null;
  if (answering === null || closed === null) return null;
  const { contents, notes } = renderAnswers(toTextAnswers(closed.message), answering.smartEncoding);
  const { whenUnknown } = answering;
  return { line, conversation: String(turn.id), contents, whenUnknown, notes: ["Out of hours.", ...notes] };
}

/** A conversation's idle time is over: it ends, and says so where that is wanted. */
export function endIdleConversation({ line, turn, world }: TurnContext, open: OpenConversation): TurnOutcome {
  const answering = line.consent.status === "withdrawn" ? null : world.findApplication(open, turn.number);
  const text = answering?.message("sessionEnded", open.language) ?? null;
  const { contents, notes } = renderAnswers(toTextAnswers(text), answering?.smartEncoding ?? false);
  const conversation = { status: "closed", id: open.id, at: open.idleAt, reason: "idle" } as const;
  const all = [...applicationNotes(answering), ...notes];
  return { line: { ...line, conversation }, conversation: open.id, contents, whenUnknown: null, notes: all };
}

/** The person has waited for long enough to hear that it takes a moment. */
export function sendOneMoment({ line, turn, world }: TurnContext, open: OpenConversation): TurnOutcome {
  const answering = line.consent.status === "withdrawn" ? null : world.findApplication(open, turn.number);
  const text = answering?.message("oneMoment", open.language) ?? null;
  const { contents, notes } = renderAnswers(toTextAnswers(text), answering?.smartEncoding ?? false);
  const conversation = { ...open, rest: clearMoment(open.rest) };
  return { line: { ...line, conversation }, conversation: open.id, contents, whenUnknown: null, notes };
}

export function clearMoment(rest: Wait): Wait {
  if (rest.kind === "text") return rest;
  const { momentAt: _, ...quiet } = rest;
  return quiet;
}

export function toTextAnswers(text: string | null): readonly AssistantAnswer[] {
  return text === null ? [] : [{ kind: "text", text }];
}

export function applicationNotes(answering: ReadyApplication | null): readonly string[] {
  return answering?.note === undefined ? [] : [answering.note];
}
