import { guardOf } from "../../consent/carrier.ts";
import type { ConsentEntry } from "../../consent/ledger.ts";
import type { RequestOutcome } from "../../contract/assistant.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import type { LinkOutcome } from "../../identity/machine.ts";
import type { By } from "../../notify/subscriptions.ts";
import type { Outcome, Scene, World } from "../model/context.ts";
import { type LinkedText, newTurn } from "../model/inbound-text.ts";
import type { Line, Part, SenderState, Turn } from "../model/state.ts";
import { beganAt, mediaIn, newLine, newSender, sidOf, textIn } from "../model/turn.ts";
import { fileEvent, fileOf } from "../reply/assistant-files.ts";
import {
  afterIdle,
  automated,
  farewell,
  interruption,
  isBusy,
  oneMoment,
  outOfHours,
  reply,
  silence,
  uninvited,
} from "../reply/assistant-reply.ts";
import { withAsked, withEnd } from "../reply/request-log.ts";
import { aboutLists, noteOf, withoutWaiting } from "../rules/hearing.ts";
import {
  heardWhileLinking,
  hearFound,
  hearGuess,
  hearNothing,
  linkingOn,
  withFound,
  withoutGuess,
} from "../rules/identity-check.ts";
import { withoutListQuestion } from "../rules/list-replies.ts";
import { afterOptOut } from "../rules/notice-backlog.ts";
import { type ConsentWord, consentWord, joined as joinedTo, stated } from "../rules/opt-out.ts";
import { braked, inSilence, withSaid } from "../rules/send-limits.ts";
import type { DueInTurn } from "./timeouts.ts";

/** A turn's note: nothing may be said after STOP. */
export const OPTED_OUT = "Not answered: the sender has opted out.";

/** A turn's note: what was typed is masked, and nobody is to hear a mask. */
const TOO_LATE = "Not answered: it came while a PIN or a code was asked, and none is asked any more.";
/** Notes of a turn in which the sender opts in. */
export const STARTED: readonly string[] = [noteOf("start", true), noteOf("start", false)];

export interface Decision {
  readonly state: SenderState;
  /** As it is to be stored: new, or with the parts that it has got. */
  readonly turn: Turn;
  /** Why what the assistant had asked could not answer; left out: it has, or it was not asked. */
  readonly failed?: string | undefined;
  /** What the text has changed of the sender's consent; left out: nothing. */
  readonly entry?: ConsentEntry | null;
}

/** A text has come in, for the first time: decides the state after it, and the turn with the parts that answer it. */
export function hear(before: SenderState | null, text: LinkedText, world: World): Decision {
  const state = { ...(before ?? newSender(text.from)), origin: world.origin };
  const known = joinedTo(state.lines[text.to] ?? newLine(text.accountSid), text.service, state.lines);
  const conversation = afterIdle(known.conversation, world.now);
  const line = { ...known, account: text.accountSid, conversation };
  const said = consentWord(text, line.consent, world.guard?.(text.to) ?? guardOf({ number: text.to }));
  const kept = said === null ? heardWhileLinking(line, text.to, text.text, text.guess ?? null, world) : null;
  const turn = newTurn(state.nextTurn, { ...text, ...kept }, world.now);
  const came = { phone: state.phone, line, turn, world, person: world.person?.(line) ?? null };
  const { state: after, scene, held } = braked({ ...state, nextTurn: turn.id + 1 }, came, said !== null);
  const listed = aboutLists(scene, text, said);
  if (said === null || said.word === "help" || (listed !== null && said.word !== "start")) {
    const heard = () => (said?.word === "help" ? helped(scene, said) : answer(scene));
    const outcome = listed ?? (held === null ? heard() : (held.told ?? silence(scene, scene.line)));
    return inSilence(decided(after, turn, outcome, null), held);
  }
  const consenting = { ...after, lines: { ...after.lines, [text.to]: listed?.line ?? scene.line } };
  return inSilence(consented(consenting, scene, said, listed), held);
}

/** Does what is due. @param turn the turn that `due` names, as stored @param joined the others, oldest first */
export function proceed(
  state: SenderState,
  next: DueInTurn,
  turn: Turn,
  world: World,
  joined: readonly Turn[] = [],
): Decision {
  const scene = sceneOf(state, next.number, turn, world);
  const { conversation } = scene.line;
  if (next.kind === "waiting") {
    const waited = { ...turn, waitedUntil: world.now };
    const freed = withoutWaiting({ ...scene, turn: waited }, joined.length + 1);
    return decided(state, waited, answer(freed, joined), world.now);
  }
  if (conversation.status !== "open") return { state, turn };
  switch (next.kind) {
    case "idle":
      return decided(state, turn, farewell(scene, conversation), world.now);
    case "silent": {
      const times = conversation.rest.kind === "text" ? conversation.rest.silences + 1 : 1;
      return decided(state, turn, reply(scene, { kind: "silent", times }), world.now);
    }
    case "paused":
      return decided(state, turn, reply(scene, { kind: "paused" }), world.now);
    case "file": {
      const index = conversation.rest.kind === "file" ? conversation.rest.index : 0;
      return decided(state, turn, reply(scene, fileEvent(turn, index)), world.now);
    }
    case "overdue": {
      const outcome = { kind: "failed", reason: "no answer came in time" } as const;
      return decided(state, turn, reply(scene, { kind: "answered", outcome }), world.now);
    }
    case "unlinked":
      return decided(state, turn, hearNothing(scene, conversation), world.now);
    case "moment":
      return decided(state, turn, oneMoment(scene, conversation), world.now);
  }
}

/**
 * Something has become of a copy of a turn's media.
 * @param turn as it is stored now
 * @returns null where nobody waits for it, or for this one
 */
export function filed(state: SenderState, turn: Turn, world: World): Decision | null {
  const conversation = state.lines[turn.number]?.conversation;
  if (conversation?.status !== "open" || conversation.turn !== turn.id || conversation.rest.kind !== "file")
    return null;
  const { index } = conversation.rest;
  if (mediaIn(turn)[index]?.copy?.status === "waiting") return null;
  return decided(state, turn, reply(sceneOf(state, turn.number, turn, world), fileEvent(turn, index)), world.now);
}

/** What the end of something means for the turn that waited for it; null: nobody waits any more. */
export type Ending = (state: SenderState, turn: Turn, world: World) => Decision | null;

/** Where the end of a request, or of a wait for a callback, belongs. */
export interface Asked {
  readonly number: PhoneNumber;
  readonly turn: number;
  /** The request's, or the callback's, own id. */
  readonly id: string;
}

/**
 * A request of the assistant's has ended, or the answers that it waited for have come.
 * @param turn the turn that it belongs to, as stored
 * @returns null where nobody waits for it any more
 */
export function answered(
  state: SenderState,
  asked: Asked,
  outcome: RequestOutcome,
  turn: Turn,
  world: World,
): Decision | null {
  const conversation = state.lines[asked.number]?.conversation;
  const rest = conversation?.status === "open" ? conversation.rest : null;
  if (rest === null || !("id" in rest) || rest.id !== asked.id) return null;
  const isKept = rest.kind === "request" && rest.request.confidential === undefined;
  const after = isKept ? withEnd(turn, outcome, world.now) : turn;
  return decided(
    state,
    after,
    reply(sceneOf(state, asked.number, after, world), { kind: "answered", outcome }),
    world.now,
  );
}

/**
 * It has been found out whose phone it is, or whether a PIN or a code is right.
 * @param turn the turn that it belongs to, as stored
 * @returns null where nobody waits for it any more
 */
export function identified(
  state: SenderState,
  { number, id }: Asked,
  outcome: LinkOutcome,
  turn: Turn,
  world: World,
): Decision | null {
  const heard = withFound(turn, outcome, world.now);
  const heardOf = hearFound(sceneOf(state, number, heard, world), id, outcome);
  return heardOf === null ? null : decided(state, heard, heardOf, world.now);
}

/** @returns where answers belong that somebody brings to the turn of a text, or null where it waits for none (any more) */
export function callbackIn(state: SenderState, sid: string): Asked | null {
  for (const [number, { conversation }] of Object.entries(state.lines)) {
    if (conversation.status !== "open" || conversation.rest.kind !== "callback") continue;
    const { rest, turn } = conversation;
    if (rest.id.startsWith(`${sid}-`)) return { number, turn, id: rest.id };
  }
  return null;
}

/** @param joined turns whose texts are answered with this one's, oldest first */
function answer(scene: Scene, joined: readonly Turn[] = []): Outcome {
  const { turn } = scene;
  const { conversation, consent, waiting = [] } = scene.line;
  if (consent.status === "withdrawn") return silence(scene, scene.line, OPTED_OUT);
  const linking = isBusy(conversation) ? null : linkingOn(scene.line);
  if (linking !== null) return hearGuess(scene, linking);
  const readable = [...joined, turn].filter((each) => each.kind === "notice" || each.heard.masked === undefined);
  if (readable.length === 0 && !isBusy(conversation)) return silence(scene, scene.line, TOO_LATE);
  const opening = conversation.status !== "open";
  const text = readable.map(textIn).join("\n");
  // What the turn itself has brought comes first: a file that is waited for is one of its own.
  const media = [turn, ...joined].flatMap((each) => mediaIn(each).map(fileOf));
  const undelivered = conversation.status === "open" ? conversation.undelivered : undefined;
  const event = { kind: "text", text, media, opening, ...(undelivered === undefined ? {} : { undelivered }) } as const;
  if (isBusy(conversation))
    return interruption(scene, event) ?? silence(scene, { ...scene.line, waiting: [...waiting, turn.id] });
  const refused = opening ? (uninvited(scene) ?? outOfHours(scene)) : null;
  return refused ?? reply({ ...scene, line: withoutListQuestion(scene.line) }, event);
}

/**
 * The sender opts out or in. Where Twilio has answered, what is left to do is to remember, and to end the conversation at a STOP; elsewhere they
 * are told, once: who has opted out already hears nothing.
 * @param listed what the same word has done to a list
 */
function consented(
  state: SenderState,
  scene: Scene,
  { word, by, answered: isAnswered }: ConsentWord,
  listed: Outcome | null,
): Decision {
  const { turn, world } = scene;
  const { now } = world;
  const status = word === "stop" ? "withdrawn" : "given";
  const blocked = word === "stop" && isAnswered;
  const statement = { status, by, at: now, text: textIn(turn), blocked } as const;
  const { state: after, entry } = stated(state, turn.number, statement, now, (line) =>
    stopped(line, now, by, sidOf(turn)),
  );
  const line = after.lines[turn.number] ?? scene.line;
  const note = noteOf(word, isAnswered);
  const isTold = !isAnswered && (entry !== null || word === "start");
  const told = listed !== null ? listed : isTold ? automated(scene, word === "stop" ? "optedOut" : "optedIn") : null;
  const outcome = { ...(told ?? silence(scene, line)), line, notes: [note, ...(told?.notes ?? [])] };
  return { ...decided(after, turn, word === "stop" ? { ...outcome, confirms: true } : outcome, null), entry };
}

/** HELP, where nobody else answers it: what the conversation asks stays open. Where the message is switched off, the assistant hears it. */
function helped(scene: Scene, { answered: isAnswered }: ConsentWord): Outcome {
  if (isAnswered) return silence(scene, scene.line, noteOf("help", true));
  const told = automated(scene, "helpInfo");
  return told === null ? answer(scene) : { ...told, notes: [noteOf("help", false), ...told.notes] };
}

/** After an opt-out nothing of the conversation goes on, nothing that waits is answered or told, and no list stays on. */
export function stopped(line: Line, now: number, by: By, proof: string): Line {
  const { conversation } = line;
  const { waiting: _, ...rest } = afterOptOut(line, { by, proof, at: now });
  if (conversation.status !== "open") return rest;
  return { ...rest, conversation: { status: "closed", id: conversation.id, at: now, reason: "stopped" } };
}

/** @param later when it happened, where that is after the turn's text came in */
export function decided(state: SenderState, turn: Turn, outcome: Outcome, later: number | null): Decision {
  const { line, conversation, contents, whenUnknown, answeredBy, handover, failed, confirms, notes } = outcome;
  const extra = { ...(later === null ? {} : { at: later }), ...(confirms === undefined ? {} : { confirms }) };
  const parts = contents.map((content): Part => ({ ...content, ...extra, delivery: { status: "pending" } }));
  return {
    state: {
      ...state,
      lines: { ...state.lines, [turn.number]: withSaid(line, turn.id, outcome, later ?? beganAt(turn)) },
    },
    turn: {
      ...withAsked(withoutGuess(turn, line), state.lines[turn.number]?.conversation, line.conversation),
      conversation,
      parts: [...turn.parts, ...parts],
      whenUnknown: whenUnknown ?? turn.whenUnknown,
      ...(answeredBy === undefined ? {} : { answeredBy }),
      ...(handover === undefined ? {} : { handover }),
      notes: [...turn.notes, ...notes],
    },
    failed,
  };
}

function sceneOf(state: SenderState, number: PhoneNumber, turn: Turn, world: World): Scene {
  const line = state.lines[number];
  if (line === undefined) throw new RangeError(`there is no line with ${number}`);
  return { phone: state.phone, line, turn, world, person: world.person?.(line) ?? null };
}
