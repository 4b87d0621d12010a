import { renderAnswers } from "../../assistants/message-content.ts";
import type { AssistantAnswer, ReadyApplication } from "../../contract/assistant.ts";
import type { TurnContext, TurnOutcome } from "../model/context.ts";
import { closeConversation, getOpenConversation } from "../model/line.ts";
import type { Line, OpenConversation, Wait } from "../model/state.ts";

/**
 * Sends an automated message of the application, and leaves the conversation as it is.
 * @returns null if the message is switched off
 */
export function sendAutomatedMessage(
  { line, turn, context }: TurnContext,
  name: "optedOut" | "optedIn" | "helpInfo" | "tooFast",
): TurnOutcome | null {
  const open = getOpenConversation(line);
  const application = context.findApplication(open, turn.number);
  const text = application?.message(name, open?.language ?? application.language) ?? null;
  if (application === null || text === null) return null;
  const { contents, notes } = renderAnswers(toTextAnswers(text), application.smartEncoding);
  const { whenUnknown } = application;
  // Only the first message: an opt-out must be confirmed once.
  return { line, conversation: open?.id ?? String(turn.id), contents: contents.slice(0, 1), whenUnknown, notes };
}

/** Sends nothing, and leaves the conversation as it is. @param line the line to store */
export function keepSilent({ line: before, turn }: TurnContext, line: Line, ...notes: readonly string[]): TurnOutcome {
  const conversation = getOpenConversation(before)?.id ?? String(turn.id);
  return { line, conversation, contents: [], whenUnknown: null, notes };
}

/**
 * Leaves a text without an answer if texts cannot open a conversation with the application.
 * @returns null if they can
 */
export function refuseUninvitedText({ line, turn, context }: TurnContext): TurnOutcome | null {
  const application = context.findApplication(null, turn.number);
  if (application?.inboundOpens !== false) return null;
  const notes = ["Not answered: texts cannot open a conversation with this application."];
  return { line, conversation: String(turn.id), contents: [], whenUnknown: null, notes };
}

/** Answers a text that would open a conversation out of hours. @returns null within the hours */
export function replyOutOfHours({ line, turn, context }: TurnContext): TurnOutcome | null {
  const application = context.findApplication(null, turn.number);
  const closed = application?.hours?.closed(context.now, application.language) ?? null;
  if (application === null || closed === null) return null;
  const { contents, notes } = renderAnswers(toTextAnswers(closed.message), application.smartEncoding);
  const { whenUnknown } = application;
  return {
    line,
    conversation: String(turn.id),
    contents,
    whenUnknown,
    notes: ["No conversation opened: out of hours.", ...notes],
  };
}

/** Closes a conversation whose idle time is over, with a message unless that is switched off. */
export function endIdleConversation({ line, turn, context }: TurnContext, open: OpenConversation): TurnOutcome {
  const application = line.consent.status === "withdrawn" ? null : context.findApplication(open, turn.number);
  const text = application?.message("sessionEnded", open.language) ?? null;
  const { contents, notes } = renderAnswers(toTextAnswers(text), application?.smartEncoding ?? false);
  return {
    line: { ...line, conversation: closeConversation(open, "idle", open.idleAt) },
    conversation: open.id,
    contents,
    whenUnknown: null,
    notes: [...getApplicationNotes(application), ...notes],
  };
}

/** Tells the contact that the answer takes a moment. */
export function sendOneMoment({ line, turn, context }: TurnContext, open: OpenConversation): TurnOutcome {
  const application = line.consent.status === "withdrawn" ? null : context.findApplication(open, turn.number);
  const text = application?.message("oneMoment", open.language) ?? null;
  const { contents, notes } = renderAnswers(toTextAnswers(text), application?.smartEncoding ?? false);
  const conversation = { ...open, rest: clearMoment(open.rest) };
  return { line: { ...line, conversation }, conversation: open.id, contents, whenUnknown: null, notes };
}

function clearMoment(wait: Wait): Wait {
  if (wait.kind === "text") return wait;
  const { momentAt: _, ...withoutMoment } = wait;
  return withoutMoment;
}

export function toTextAnswers(text: string | null): readonly AssistantAnswer[] {
  return text === null ? [] : [{ kind: "text", text }];
}

export function getApplicationNotes(application: ReadyApplication | null): readonly string[] {
  return application?.note === undefined ? [] : [application.note];
}
