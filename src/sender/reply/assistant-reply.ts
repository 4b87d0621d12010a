import { renderAnswers } from "../../assistants/message-content.ts";
import type {
  AssistantAnswer,
  AssistantContext,
  AssistantEvent,
  AssistantReply,
  InterruptionReply,
  ReadyApplication,
  TextEvent,
} from "../../contract/assistant.ts";
import { PARTS_PER_TURN } from "../../core/limits/sender.ts";
import { findLinkedPerson } from "../../identity/person.ts";
import type { TurnContext, TurnOutcome } from "../model/context.ts";
import { closeConversation, getOpenConversation, withoutPersonLink } from "../model/line.ts";
import type { Conversation, OpenConversation } from "../model/state.ts";
import { formatTurnId, turnStartedAt } from "../model/turn.ts";
import { applySubscriptions, rememberLanguage, toAssistantLists } from "./assistant-lists.ts";
import { getApplicationNotes, toTextAnswers } from "./automated-messages.ts";
import { handleLoginCommand } from "./login-commands.ts";
import { createWait } from "./next-wait.ts";

/** Lets the assistant answer a text during a pause. @returns null if the text waits until the pause is over */
export function replyDuringPause(turnContext: TurnContext, event: TextEvent): TurnOutcome | null {
  const { line, turn, context } = turnContext;
  const open = getOpenConversation(line);
  if (open?.rest.kind !== "pause") return null;
  const application = context.findApplication(open, turn.number);
  const reply = application === null ? null : interruptAssistant(application, open, event, turnContext);
  if (application === null || reply === null) return null;
  const { contents, notes } = renderAnswers(reply.answers, application.smartEncoding);
  const { waiting = [], ...lineWithoutWaiting } = line;
  const dropped =
    reply.ends && waiting.length > 0
      ? [`Waiting texts not answered, since the conversation ended: ${waiting.length}.`]
      : [];
  return {
    line: reply.ends
      ? { ...lineWithoutWaiting, conversation: closeConversation(open, "ended", context.now) }
      : { ...line, conversation: { ...open, turn: turn.id } },
    conversation: open.id,
    contents,
    whenUnknown: application.whenUnknown,
    notes: [...getApplicationNotes(application), ...dropped, ...notes],
  };
}

function interruptAssistant(
  { assistant, ...application }: ReadyApplication,
  open: OpenConversation,
  event: TextEvent,
  turnContext: TurnContext,
): InterruptionReply | null {
  try {
    return assistant.interrupt?.(event, open.memory, createAssistantContext(application, open, turnContext)) ?? null;
  } catch {
    return null;
  }
}

/**
 * Passes an event to the assistant and applies its reply. Opens a conversation if no conversation is open.
 * @param first answers to send before those of the assistant, in place of a greeting
 */
export function replyToEvent(
  turnContext: TurnContext,
  event: AssistantEvent,
  first?: readonly AssistantAnswer[],
): TurnOutcome {
  const { line, turn, context } = turnContext;
  const before = getOpenConversation(line);
  const application = context.findApplication(before, turn.number);
  if (application === null) return closeWithoutApplication(turnContext);
  const open = before ?? openConversation(application, turnContext);
  const greeting = before === null && first === undefined ? application.message("greeting", open.language) : null;
  const reply =
    handleLoginCommand(application, open, event, findLinkedPerson(line, context.now)) ??
    askAssistant(application, open, event, turnContext);
  const spent = EVENTS_WITHIN_TURN.has(event.kind) ? (open.spent ?? 0) : 0;
  const answers = [...toTextAnswers(greeting), ...(first ?? []), ...reply.answers];
  const rendered = renderAnswers(answers, application.smartEncoding, PARTS_PER_TURN - spent);
  const conversation = withSpentMessages(
    continueConversation(open, reply, event, application, turnContext),
    spent + rendered.contents.length,
  );
  const linked = reply.unlinks === true ? { ...turnContext, line: withoutPersonLink(line) } : turnContext;
  return {
    line: { ...rememberLanguage(applySubscriptions(linked, reply), reply), conversation },
    conversation: open.id,
    contents: rendered.contents,
    whenUnknown: application.whenUnknown,
    answeredBy: { application: application.id, publication: application.publication },
    handover: reply.handover,
    failed: reply.failed,
    notes: [...getApplicationNotes(application), ...reply.notes, ...getFailureNotes(reply), ...rendered.notes],
  };
}

/** Events that continue the turn of the contact's text. */
const EVENTS_WITHIN_TURN: ReadonlySet<AssistantEvent["kind"]> = new Set(["answered", "file", "linked"]);

/** Stores how many messages the turn has sent. A pause, or a wait for the contact, restarts the count. */
function withSpentMessages(conversation: Conversation, messages: number): Conversation {
  if (conversation.status !== "open") return conversation;
  const { rest: wait } = conversation;
  if (messages > 0 && wait.kind !== "text" && wait.kind !== "pause") return { ...conversation, spent: messages };
  if (conversation.spent === undefined) return conversation;
  const { spent: _, ...open } = conversation;
  return open;
}

function getFailureNotes({ failed }: AssistantReply): readonly string[] {
  return failed === undefined ? [] : [`The assistant could not answer: ${failed}.`];
}

/** Closes the conversation if no application answers: the number was removed, or the application is invalid. */
function closeWithoutApplication({ line, turn }: TurnContext): TurnOutcome {
  const open = getOpenConversation(line);
  const closed = open === null ? line.conversation : closeConversation(open, "ended", turnStartedAt(turn));
  const notes = ["Not answered: no application answers on this number any more."];
  return {
    line: { ...line, conversation: closed },
    conversation: turn.conversation,
    contents: [],
    whenUnknown: null,
    notes,
  };
}

function openConversation(application: ReadyApplication, { turn, context }: TurnContext): OpenConversation {
  const { id, publication, language, idleSeconds, whenBusy } = application;
  return {
    status: "open",
    id: String(turn.id),
    application: id,
    publication,
    language,
    openedAt: context.now,
    turn: turn.id,
    idleAt: context.now + idleSeconds * 1_000,
    farewell: application.message("sessionEnded", language) !== null,
    asked: 0,
    ...(whenBusy === "join" ? { joins: true } : {}),
    memory: null,
    rest: { kind: "text", silentAt: null, silences: 0 },
  };
}

/** Calls the assistant. If it throws, the text is still accepted, and the contact gets the failure message. */
function askAssistant(
  application: ReadyApplication,
  open: OpenConversation,
  event: AssistantEvent,
  turnContext: TurnContext,
): AssistantReply {
  const { failure, assistant } = application;
  try {
    return assistant.handleEvent(event, open.memory, createAssistantContext(application, open, turnContext));
  } catch (error) {
    return {
      answers: [{ kind: "text", text: failure }],
      memory: open.memory,
      notes: [`The assistant failed (${error instanceof Error ? error.name : "unknown error"}).`],
      awaits: { kind: "text", silentAfter: null },
    };
  }
}

function createAssistantContext(
  application: Pick<ReadyApplication, "id" | "name" | "zone" | "message" | "language">,
  open: OpenConversation,
  turnContext: TurnContext,
): AssistantContext {
  const { id, name, zone, message } = application;
  const { phone, line, turn, context } = turnContext;
  return {
    sender: phone,
    person: findLinkedPerson(line, context.now),
    number: turn.number,
    conversation: open.id,
    turn: formatTurnId(phone, turn),
    origin: context.origin,
    now: context.now,
    application: { id, name },
    language: open.language,
    zone,
    message,
    lists: toAssistantLists(turnContext, open.language, application),
  };
}

function continueConversation(
  open: OpenConversation,
  { awaits, memory, language }: AssistantReply,
  event: AssistantEvent,
  application: ReadyApplication,
  turnContext: TurnContext,
): Conversation {
  const { turn, context } = turnContext;
  const { id, publication, idleSeconds } = application;
  if (awaits.kind === "end") return closeConversation(open, "ended", context.now);
  const wait = createWait(awaits, open, event, application, turnContext);
  const asked = open.asked + ("id" in wait || wait.kind === "link" ? 1 : 0);
  const idleFrom = "until" in wait ? wait.until : context.now;
  // Silence is no activity: a reminder does not keep a conversation open.
  const idleAt = event.kind === "silent" && wait.kind === "text" ? open.idleAt : idleFrom + idleSeconds * 1_000;
  const version = { application: id, publication, language: language ?? open.language };
  // With the text, the assistant has also got the delivery failure.
  const kept = event.kind === "text" ? withoutUndelivered(open) : open;
  return { ...kept, ...version, turn: turn.id, idleAt, asked, memory, rest: wait };
}

function withoutUndelivered(open: OpenConversation): OpenConversation {
  const { undelivered: _, ...rest } = open;
  return rest;
}
