import type { Answering, Reply } from "../assistants/contract.ts";
import { type Content, render } from "../assistants/render.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { isOptOut } from "../twilio/errors.ts";
import type { InboundText } from "../twilio/inbound.ts";
import { carrierWord, consentAfter } from "./consent.ts";
import type { Conversation, Delivery, HeardText, Line, OpenConversation, SenderState, Turn } from "./state.ts";

/** All that a decision needs beside the state and the text. */
export interface World {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The origin that Twilio reached us by. */
  readonly origin: string;
  /** Finds the application of an open conversation, or else (null) the one that answers on the number now. */
  readonly answering: (application: string | null) => Answering;
}

export interface Decision {
  readonly state: SenderState;
  readonly turn: Turn;
}

/** A text has come in, for the first time: decides the state after it, and the turn with the parts that answer it. */
export function hear(before: SenderState | null, text: InboundText, world: World): Decision {
  const state = before ?? newSender(text, world);
  const line = state.lines[text.to] ?? newLine(text);
  const id = state.nextTurn;
  const heard = heardText(text, world.now);
  const outcome = answer(line, text, id, world);
  const turn: Turn = {
    id,
    number: text.to,
    account: text.accountSid,
    conversation: outcome.conversation,
    heard,
    parts: outcome.contents.map((content) => ({
      ...content,
      delivery: { status: "pending" },
    })),
    whenUnknown: outcome.whenUnknown,
    notes: outcome.notes,
  };
  const lines = { ...state.lines, [text.to]: { ...outcome.line, account: text.accountSid } };
  return { state: { ...state, nextTurn: id + 1, origin: world.origin, lines }, turn };
}

/** Time has passed: conversations whose idle time is over are closed. @returns the same object where nothing changes */
export function tick(state: SenderState, now: number): SenderState {
  const over = Object.entries(state.lines).filter(([, line]) => isOver(line.conversation, now));
  if (over.length === 0) return state;
  const closed = over.map(([number, line]) => [number, { ...line, conversation: afterIdle(line.conversation, now) }]);
  return { ...state, lines: { ...state.lines, ...Object.fromEntries(closed) } };
}

/** @returns when the next conversation ends by itself, or null where none is open */
export function nextTick(state: SenderState): number | null {
  const moments = Object.values(state.lines).flatMap(({ conversation }) =>
    conversation.status === "open" ? [conversation.idleAt] : [],
  );
  return moments.length === 0 ? null : Math.min(...moments);
}

/** Twilio has said of a part that its recipient has opted out: that is as good as their STOP. @returns the same object where it says nothing new */
export function optOutReported(state: SenderState, number: PhoneNumber, delivery: Delivery, now: number): SenderState {
  const line = state.lines[number];
  const code = "error" in delivery ? (delivery.error?.code ?? null) : null;
  if (line === undefined || line.consent.status === "withdrawn" || !isOptOut(code)) return state;
  return {
    ...state,
    lines: { ...state.lines, [number]: { ...line, consent: consentAfter("stop", line.consent, now) } },
  };
}

interface Outcome {
  readonly line: Line;
  readonly conversation: string;
  readonly contents: readonly Content[];
  readonly whenUnknown: Turn["whenUnknown"];
  readonly notes: readonly string[];
}

function answer(line: Line, text: InboundText, turn: number, world: World): Outcome {
  const word = carrierWord(text, line.consent);
  if (word !== null) return afterCarrierWord(line, word, turn, world.now);
  const current = afterIdle(line.conversation, world.now);
  if (line.consent.status === "withdrawn") {
    return {
      line,
      conversation: idOf(current, turn),
      contents: [],
      whenUnknown: "hold",
      notes: ["Not answered: the sender has opted out."],
    };
  }
  return converse({ ...line, conversation: current }, text, turn, world);
}

/** Twilio has answered already; what is left to do is to remember, and to end the conversation at a STOP. */
function afterCarrierWord(line: Line, word: "stop" | "start" | "help", turn: number, now: number): Outcome {
  const current = afterIdle(line.conversation, now);
  const id = idOf(current, turn);
  const conversation: Conversation =
    word === "stop" && current.status === "open" ? { status: "closed", id, at: now, reason: "stopped" } : current;
  return {
    line: { ...line, consent: consentAfter(word, line.consent, now), conversation },
    conversation: id,
    contents: [],
    whenUnknown: "hold",
    notes: [`Answered by the carrier: ${word.toUpperCase()}.`],
  };
}

function converse(line: Line, text: InboundText, turn: number, world: World): Outcome {
  const known = line.conversation.status === "open" ? line.conversation : null;
  const answering = world.answering(known?.application ?? null);
  const open: OpenConversation = {
    status: "open",
    id: known?.id ?? String(turn),
    application: answering.id,
    openedAt: known?.openedAt ?? world.now,
    idleAt: world.now + answering.idleSeconds * 1_000,
    memory: known?.memory ?? null,
  };
  const reply = ask(answering, open, text, { now: world.now, opening: known === null });
  const rendered = render(reply.answers, answering.smartEncoding);
  const conversation: Conversation = reply.ended
    ? { status: "closed", id: open.id, at: world.now, reason: "ended" }
    : { ...open, memory: reply.memory };
  return {
    line: { ...line, conversation },
    conversation: open.id,
    contents: rendered.contents,
    whenUnknown: answering.whenUnknown,
    notes: [...reply.notes, ...rendered.notes],
  };
}

/** An assistant that throws must not cost the person their answer: the text is accepted, and they are told. */
function ask(
  answering: Answering,
  open: OpenConversation,
  text: InboundText,
  { now, opening }: { readonly now: number; readonly opening: boolean },
): Reply {
  const { id, name, notUnderstood } = answering;
  const setting = { sender: text.from, number: text.to, now, application: { id, name }, notUnderstood };
  try {
    return answering.assistant.hear({ text: text.text, media: text.media, opening }, open.memory, setting);
  } catch (error) {
    const note = `The assistant failed (${error instanceof Error ? error.name : "unknown error"}).`;
    return { answers: [{ kind: "text", text: answering.failure }], memory: open.memory, ended: false, notes: [note] };
  }
}

function isOver(conversation: Conversation, now: number): boolean {
  return conversation.status === "open" && conversation.idleAt <= now;
}

function afterIdle(conversation: Conversation, now: number): Conversation {
  if (conversation.status !== "open" || conversation.idleAt > now) return conversation;
  return { status: "closed", id: conversation.id, at: conversation.idleAt, reason: "idle" };
}

function idOf(conversation: Conversation, turn: number): string {
  return conversation.status === "open" ? conversation.id : String(turn);
}

function heardText({ sid, text, media, segments }: InboundText, at: number): HeardText {
  return { at, sid, text, media, segments };
}

function newSender(text: InboundText, world: World): SenderState {
  return { version: 1, phone: text.from, nextTurn: 1, firstUnsent: 1, origin: world.origin, lines: {} };
}

function newLine(text: InboundText): Line {
  return { account: text.accountSid, consent: { status: "unstated" }, conversation: { status: "none" } };
}
