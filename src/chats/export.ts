import { EXCHANGE_CHARACTERS } from "../core/limits/sender.ts";
import { isShortCode, type PhoneNumber } from "../core/phone.ts";
import { OPTED_OUT } from "../sender/events/answer-text.ts";
import type { BegunNotice, Exchange, HeardText, Turn } from "../sender/model/state.ts";
import { beganAt } from "../sender/model/turn.ts";
import type { Recording } from "../sender/records/conversation-export.ts";
import { STARTED } from "../sender/rules/opt-out.ts";
import { type Entry, isExpectation } from "./chat.ts";
import { utcOf } from "./moment.ts";
import { askedOf } from "./play.ts";

/** Something of a recorded conversation, to be put in order. */
interface Moment {
  readonly at: number;
  readonly turn: number;
  /** Of what has the same time in a turn: the text with what it brought, then answers of requests, then what came later, then what was asked. */
  readonly rank: 0 | 1 | 2 | 3;
  readonly entries: readonly Entry[];
}

/** Of a short code Parley would confirm it: nothing of that is to be seen here. */
function optedOutBefore(number: PhoneNumber): readonly Entry[] {
  const optOut = isShortCode(number) ? "stop" : null;
  return [remark("They had opted out before."), { kind: "text", text: "STOP", media: [], optOut }, { kind: "nothing" }];
}

const LOST = remark(
  `Here more than ${EXCHANGE_CHARACTERS} characters were exchanged with your system; they are not kept.`,
);

/**
 * Writes down a conversation that really was, so that it can be played again. Its times are whole seconds; which of two things came first within
 * a second of a reminder, a pause's end or the like, is lost.
 */
export function chatOf(recording: Recording): readonly Entry[] {
  const { phone, number, turns, isCut } = recording;
  const [first] = turns;
  if (first === undefined) return [];
  const begin = (first.kind === "heard" ? first.waitedUntil : undefined) ?? beganAt(first);
  const moments = turns
    .flatMap((turn) => momentsOf(turn, begin))
    .toSorted((a, b) => a.at - b.at || a.turn - b.turn || a.rank - b.rank);
  return [
    { kind: "from", number: phone },
    { kind: "to", number },
    { kind: "at", local: utcOf(begin), zone: "Etc/UTC" },
    ...(wasOptedOut(first) ? optedOutBefore(number) : []),
    ...withSilences(withWaits(moments, begin)),
    ...(isCut ? [remark("It was longer; the rest is left out.")] : []),
  ];
}

function remark(text: string): Entry {
  return { kind: "remark", line: `# ${text}` };
}

/** Nothing was said to them, or START brought them back. */
function wasOptedOut({ notes }: Turn): boolean {
  return notes.some((note) => note === OPTED_OUT || STARTED.includes(note));
}

/** @param begin when the conversation began: texts that came before have waited until one before it was over */
function momentsOf(begun: Turn, begin: number): readonly Moment[] {
  const { id: turn, parts, exchanges = [], identified = [] } = begun;
  const said = parts.map(({ at, text, media }) => ({ at, entry: { kind: "said", text, media } as const }));
  const atOnce = said.filter(({ at }) => at === undefined).map(({ entry }) => entry);
  const first = begun.kind === "heard" ? textOf(begun.heard) : noticeOf(begun.notice);
  const text: Moment = { at: Math.max(beganAt(begun), begin), turn, rank: 0, entries: [first, ...atOnce] };
  const later = said.flatMap(({ at, entry }): readonly Moment[] =>
    at === undefined ? [] : [{ at, turn, rank: 2, entries: [entry] }],
  );
  const found = identified.map(
    ({ at, outcome }): Moment => ({ at, turn, rank: 1, entries: [{ kind: "found", outcome }] }),
  );
  return [text, ...found, ...exchanges.flatMap((exchange) => exchanged(turn, exchange)), ...later];
}

function textOf({ text, media, optOut }: HeardText): Entry {
  return { kind: "text", text, media: media.map(({ contentType }) => contentType), optOut: optOut ?? null };
}

/** Which list it was for is left out: whoever plays it again has not switched that on. */
function noticeOf({ text, media, topic }: BegunNotice): Entry {
  return { kind: "notice", text, media, list: null, topic: topic ?? null };
}

function exchanged(turn: number, { since, request, end }: Exchange): readonly Moment[] {
  const asked: Moment = { at: since, turn, rank: 3, entries: [request === null ? LOST : askedOf(request)] };
  if (end === null) return [asked];
  const { at, outcome } = end;
  return [asked, { at, turn, rank: 1, entries: [outcome === null ? LOST : { kind: "outcome", outcome }] }];
}

/** Whole seconds since the beginning, rounded down: what was due so many seconds after something else is so here, too. */
function withWaits(moments: readonly Moment[], begin: number): readonly Entry[] {
  let passed = 0;
  return moments.flatMap(({ at, entries }) => {
    const seconds = Math.floor((at - begin) / 1_000);
    const wait: readonly Entry[] = seconds > passed ? [{ kind: "wait", seconds: seconds - passed }] : [];
    passed = Math.max(passed, seconds);
    return [...wait, ...entries];
  });
}

/** Says so where a text brought nothing. */
function withSilences(entries: readonly Entry[]): readonly Entry[] {
  return entries.flatMap((entry, index): readonly Entry[] => {
    const next = entries[index + 1];
    const isSilent = entry.kind === "text" && (next === undefined || !isExpectation(next));
    return isSilent ? [entry, { kind: "nothing" }] : [entry];
  });
}
