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
import { endConversation } from "../model/line.ts";
import type { Conversation, Line, OpenConversation } from "../model/state.ts";
import { formatTurnId, turnStartedAt } from "../model/turn.ts";
import { applySubscriptions, listsForAssistant, rememberLanguage } from "./assistant-lists.ts";
import { applicationNotes, toTextAnswers } from "./automated-messages.ts";
import { handleLoginCommand } from "./login-commands.ts";
import { createWait } from "./next-wait.ts";

/** @returns what is said at once to a text that comes while the assistant pauses, or null where it waits until the pause is over */
export function replyDuringPause(scene: TurnContext, event: TextEvent): TurnOutcome | null {
  const { line, turn, world } = scene;
  const open = line.conversation;
  if (open.status !== "open" || open.rest.kind !== "pause") return null;
  const answering = world.findApplication(open, turn.number);
  const heard = answering === null ? null : interruptAssistant(answering, open, event, scene);
  if (answering === null || heard === null) return null;
  const { contents, notes } = renderAnswers(heard.answers, answering.smartEncoding);
  const { waiting = [], ...rest } = line;
  const dropped = heard.ends && waiting.length > 0 ? [`What waited is not answered: ${waiting.length}.`] : [];
  return {
    line: heard.ends
      ? { ...rest, conversation: endConversation(open, world.now) }
      : { ...line, conversation: { ...open, turn: turn.id } },
    conversation: open.id,
    contents,
    whenUnknown: answering.whenUnknown,
    notes: [...applicationNotes(answering), ...dropped, ...notes],
  };
}

function interruptAssistant(
  { assistant, ...answering }: ReadyApplication,
  open: OpenConversation,
  event: TextEvent,
  scene: TurnContext,
): InterruptionReply | null {
  try {
    return assistant.interrupt?.(event, open.memory, createAssistantContext(answering, open, scene)) ?? null;
  } catch {
    return null;
  }
}

/** The assistant hears of an event and replies. @param first what is said before its answers, in place of a greeting */
export function replyToEvent(
  scene: TurnContext,
  event: AssistantEvent,
  first?: readonly AssistantAnswer[],
): TurnOutcome {
  const { line, turn, world } = scene;
  const known = line.conversation.status === "open" ? line.conversation : null;
  const answering = world.findApplication(known, turn.number);
  if (answering === null) return closeWithoutApplication(scene);
  const open = known ?? openConversation(answering, scene);
  const greeting = known === null && first === undefined ? answering.message("greeting", open.language) : null;
  const replied =
    handleLoginCommand(answering, open, event, findLinkedPerson(line, world.now)) ??
    askAssistant(answering, open, event, scene);
  const before = EVENTS_WITHIN_TURN.has(event.kind) ? (open.spent ?? 0) : 0;
  const answers = [...toTextAnswers(greeting), ...(first ?? []), ...replied.answers];
  const rendered = renderAnswers(answers, answering.smartEncoding, PARTS_PER_TURN - before);
  const conversation = withSpentMessages(
    continueConversation(open, replied, event, answering, scene),
    before + rendered.contents.length,
  );
  const staying = replied.unlinks === true ? { ...scene, line: withoutPersonLink(line) } : scene;
  return {
    line: { ...rememberLanguage(applySubscriptions(staying, replied), replied), conversation },
    conversation: open.id,
    contents: rendered.contents,
    whenUnknown: answering.whenUnknown,
    answeredBy: { application: answering.id, publication: answering.publication },
    handover: replied.handover,
    failed: replied.failed,
    notes: [...applicationNotes(answering), ...replied.notes, ...failureNotes(replied), ...rendered.notes],
  };
}

function withoutPersonLink(line: Line): Line {
  const { link: _, ...guest } = line;
  return guest;
}

/** Events that go on with a turn. */
const EVENTS_WITHIN_TURN: ReadonlySet<AssistantEvent["kind"]> = new Set(["answered", "file", "linked"]);

/** A pause, or the person, begins the count anew. */
function withSpentMessages(conversation: Conversation, messages: number): Conversation {
  if (conversation.status !== "open") return conversation;
  const { rest } = conversation;
  if (messages > 0 && rest.kind !== "text" && rest.kind !== "pause") return { ...conversation, spent: messages };
  if (conversation.spent === undefined) return conversation;
  const { spent: _, ...open } = conversation;
  return open;
}

function failureNotes({ failed }: AssistantReply): readonly string[] {
  return failed === undefined ? [] : [`The assistant could not answer: ${failed}.`];
}

/** The number has been taken out of the configuration, or its application is broken. */
function closeWithoutApplication({ line, turn }: TurnContext): TurnOutcome {
  const { conversation } = line;
  const closed = conversation.status === "open" ? endConversation(conversation, turnStartedAt(turn)) : conversation;
  const notes = ["Nothing answers on this number any more."];
  return {
    line: { ...line, conversation: closed },
    conversation: turn.conversation,
    contents: [],
    whenUnknown: null,
    notes,
  };
}

function openConversation(answering: ReadyApplication, { turn, world }: TurnContext): OpenConversation {
  const { id, publication, language, idleSeconds, whenBusy } = answering;
  return {
    status: "open",
    id: String(turn.id),
    application: id,
    publication,
    language,
    openedAt: world.now,
    turn: turn.id,
    idleAt: world.now + idleSeconds * 1_000,
    farewell: answering.message("sessionEnded", language) !== null,
    asked: 0,
    ...(whenBusy === "join" ? { joins: true } : {}),
    memory: null,
    rest: { kind: "text", silentAt: null, silences: 0 },
  };
}

/** An assistant that throws must not cost the person their answer: the text is accepted, and they are told. */
function askAssistant(
  answering: ReadyApplication,
  open: OpenConversation,
  event: AssistantEvent,
  scene: TurnContext,
): AssistantReply {
  const { failure, assistant } = answering;
  try {
    return assistant.handleEvent(event, open.memory, createAssistantContext(answering, open, scene));
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
  answering: Pick<ReadyApplication, "id" | "name" | "zone" | "message" | "language">,
  open: OpenConversation,
  scene: TurnContext,
): AssistantContext {
  const { id, name, zone, message } = answering;
  const { phone, line, turn, world } = scene;
  return {
    sender: phone,
    person: findLinkedPerson(line, world.now),
    number: turn.number,
    conversation: open.id,
    turn: formatTurnId(phone, turn),
    origin: world.origin,
    now: world.now,
    application: { id, name },
    language: open.language,
    zone,
    message,
    lists: listsForAssistant(scene, open.language, answering),
  };
}

function continueConversation(
  open: OpenConversation,
  { awaits, memory, language }: AssistantReply,
  event: AssistantEvent,
  answering: ReadyApplication,
  scene: TurnContext,
): Conversation {
  const { turn, world } = scene;
  const { id: application, publication, idleSeconds } = answering;
  if (awaits.kind === "end") return endConversation(open, world.now);
  const rest = createWait(awaits, open, event, answering, scene);
  const asked = open.asked + ("id" in rest || rest.kind === "link" ? 1 : 0);
  const from = "until" in rest ? rest.until : world.now;
  // Silence is no activity: a reminder does not keep a conversation open.
  const idleAt = event.kind === "silent" && rest.kind === "text" ? open.idleAt : from + idleSeconds * 1_000;
  const stays = { application, publication, language: language ?? open.language };
  // Who has heard a text has heard with it what was undelivered before.
  const kept = open.undelivered === undefined || event.kind !== "text" ? open : withoutUndelivered(open);
  return { ...kept, ...stays, turn: turn.id, idleAt, asked, memory, rest };
}

function withoutUndelivered(open: OpenConversation): OpenConversation {
  const { undelivered: _, ...rest } = open;
  return rest;
}
