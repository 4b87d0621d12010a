import { render } from "../../assistants/render.ts";
import type { Answer, Answering, Event, Interruption, Reply, Setting, TextEvent } from "../../contract/assistant.ts";
import { PARTS_PER_TURN } from "../../core/limits/sender.ts";
import { personOn } from "../../identity/person.ts";
import type { Outcome, Scene } from "../model/context.ts";
import { ended } from "../model/line.ts";
import type { Conversation, Line, OpenConversation } from "../model/state.ts";
import { beganAt, turnId } from "../model/turn.ts";
import { offered, spoken, subscribing } from "./assistant-lists.ts";
import { notesOn, said } from "./automated-messages.ts";
import { wished } from "./login-commands.ts";
import { restOf } from "./next-wait.ts";

/** @returns what is said at once to a text that comes while the assistant pauses, or null where it waits until the pause is over */
export function interruption(scene: Scene, event: TextEvent): Outcome | null {
  const { line, turn, world } = scene;
  const open = line.conversation;
  if (open.status !== "open" || open.rest.kind !== "pause") return null;
  const answering = world.answering(open, turn.number);
  const heard = answering === null ? null : interrupted(answering, open, event, scene);
  if (answering === null || heard === null) return null;
  const { contents, notes } = render(heard.answers, answering.smartEncoding);
  const { waiting = [], ...rest } = line;
  const dropped = heard.ends && waiting.length > 0 ? [`What waited is not answered: ${waiting.length}.`] : [];
  return {
    line: heard.ends
      ? { ...rest, conversation: ended(open, world.now) }
      : { ...line, conversation: { ...open, turn: turn.id } },
    conversation: open.id,
    contents,
    whenUnknown: answering.whenUnknown,
    notes: [...notesOn(answering), ...dropped, ...notes],
  };
}

function interrupted(
  { assistant, ...answering }: Answering,
  open: OpenConversation,
  event: TextEvent,
  scene: Scene,
): Interruption | null {
  try {
    return assistant.interrupt?.(event, open.memory, settingOf(answering, open, scene)) ?? null;
  } catch {
    return null;
  }
}

/** The assistant hears of an event and replies. @param first what is said before its answers, in place of a greeting */
export function reply(scene: Scene, event: Event, first?: readonly Answer[]): Outcome {
  const { line, turn, world } = scene;
  const known = line.conversation.status === "open" ? line.conversation : null;
  const answering = world.answering(known, turn.number);
  if (answering === null) return unanswered(scene);
  const open = known ?? opened(answering, scene);
  const greeting = known === null && first === undefined ? answering.message("greeting", open.language) : null;
  const replied = wished(answering, open, event, personOn(line, world.now)) ?? ask(answering, open, event, scene);
  const before = COUNTED_ON.has(event.kind) ? (open.spent ?? 0) : 0;
  const answers = [...said(greeting), ...(first ?? []), ...replied.answers];
  const rendered = render(answers, answering.smartEncoding, PARTS_PER_TURN - before);
  const conversation = withSpent(after(open, replied, event, answering, scene), before + rendered.contents.length);
  const staying = replied.unlinks === true ? { ...scene, line: asGuest(line) } : scene;
  return {
    line: { ...spoken(subscribing(staying, replied), replied), conversation },
    conversation: open.id,
    contents: rendered.contents,
    whenUnknown: answering.whenUnknown,
    answeredBy: { application: answering.id, publication: answering.publication },
    handover: replied.handover,
    failed: replied.failed,
    notes: [...notesOn(answering), ...replied.notes, ...failureNotes(replied), ...rendered.notes],
  };
}

function asGuest(line: Line): Line {
  const { link: _, ...guest } = line;
  return guest;
}

/** Events that go on with a turn. */
const COUNTED_ON: ReadonlySet<Event["kind"]> = new Set(["answered", "file", "linked"]);

/** A pause, or the person, begins the count anew. */
function withSpent(conversation: Conversation, messages: number): Conversation {
  if (conversation.status !== "open") return conversation;
  const { rest } = conversation;
  if (messages > 0 && rest.kind !== "text" && rest.kind !== "pause") return { ...conversation, spent: messages };
  if (conversation.spent === undefined) return conversation;
  const { spent: _, ...open } = conversation;
  return open;
}

function failureNotes({ failed }: Reply): readonly string[] {
  return failed === undefined ? [] : [`The assistant could not answer: ${failed}.`];
}

/** The number has been taken out of the configuration, or its application is broken. */
function unanswered({ line, turn }: Scene): Outcome {
  const { conversation } = line;
  const closed = conversation.status === "open" ? ended(conversation, beganAt(turn)) : conversation;
  const notes = ["Nothing answers on this number any more."];
  return {
    line: { ...line, conversation: closed },
    conversation: turn.conversation,
    contents: [],
    whenUnknown: null,
    notes,
  };
}

function opened(answering: Answering, { turn, world }: Scene): OpenConversation {
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
function ask(answering: Answering, open: OpenConversation, event: Event, scene: Scene): Reply {
  const { failure, assistant } = answering;
  try {
    return assistant.hear(event, open.memory, settingOf(answering, open, scene));
  } catch (error) {
    return {
      answers: [{ kind: "text", text: failure }],
      memory: open.memory,
      notes: [`The assistant failed (${error instanceof Error ? error.name : "unknown error"}).`],
      awaits: { kind: "text", silentAfter: null },
    };
  }
}

function settingOf(
  answering: Pick<Answering, "id" | "name" | "zone" | "message" | "language">,
  open: OpenConversation,
  scene: Scene,
): Setting {
  const { id, name, zone, message } = answering;
  const { phone, line, turn, world } = scene;
  return {
    sender: phone,
    person: personOn(line, world.now),
    number: turn.number,
    conversation: open.id,
    turn: turnId(phone, turn),
    origin: world.origin,
    now: world.now,
    application: { id, name },
    language: open.language,
    zone,
    message,
    lists: offered(scene, open.language, answering),
  };
}

function after(
  open: OpenConversation,
  { awaits, memory, language }: Reply,
  event: Event,
  answering: Answering,
  scene: Scene,
): Conversation {
  const { turn, world } = scene;
  const { id: application, publication, idleSeconds } = answering;
  if (awaits.kind === "end") return ended(open, world.now);
  const rest = restOf(awaits, open, event, answering, scene);
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
