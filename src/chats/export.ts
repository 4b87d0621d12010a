import { LOGGED_REQUEST_CHARACTERS } from "../core/limits/sender.ts";
import { isShortCode, type PhoneNumber } from "../core/phone.ts";
import { OPTED_OUT_NOTES } from "../sender/events/answer-text.ts";
import type { HeardText, LoggedRequest, StartedNotice, Turn } from "../sender/model/state.ts";
import { turnStartedAt } from "../sender/model/turn.ts";
import type { ConversationExport } from "../sender/records/conversation-export.ts";
import { OPT_IN_NOTES } from "../sender/rules/opt-out.ts";
import { type ChatEntry, isExpectation } from "./chat.ts";
import { formatUtc } from "./chat-time.ts";
import { toExpectedRequest } from "./play.ts";

/** Something of a recorded conversation, to be put in order. */
interface ChatMoment {
  readonly at: number;
  readonly turn: number;
  /** Of what has the same time in a turn: the text with what it brought, then answers of requests, then what came later, then what was asked. */
  readonly rank: 0 | 1 | 2 | 3;
  readonly entries: readonly ChatEntry[];
}

/** Of a short code Parley would confirm it: nothing of that is to be seen here. */
function writeEarlierOptOut(number: PhoneNumber): readonly ChatEntry[] {
  const optOut = isShortCode(number) ? "stop" : null;
  return [
    createRemark("They had opted out before."),
    { kind: "text", text: "STOP", media: [], optOut },
    { kind: "nothing" },
  ];
}

const LOST_EXCHANGE = createRemark(
  `Here more than ${LOGGED_REQUEST_CHARACTERS} characters were exchanged with your system; they are not kept.`,
);

/**
 * Writes down a conversation that really was, so that it can be played again. Its times are whole seconds; which of two things came first within
 * a second of a reminder, a pause's end or the like, is lost.
 */
export function exportChat(recording: ConversationExport): readonly ChatEntry[] {
  const { phone, number, turns, isCut } = recording;
  const [first] = turns;
  if (first === undefined) return [];
  const begin = (first.kind === "heard" ? first.waitedUntil : undefined) ?? turnStartedAt(first);
  const moments = turns
    .flatMap((turn) => listMoments(turn, begin))
    .toSorted((a, b) => a.at - b.at || a.turn - b.turn || a.rank - b.rank);
  return [
    { kind: "from", number: phone },
    { kind: "to", number },
    { kind: "at", local: formatUtc(begin), zone: "Etc/UTC" },
    ...(hasOptedOut(first) ? writeEarlierOptOut(number) : []),
    ...addSilences(addWaits(moments, begin)),
    ...(isCut ? [createRemark("It was longer; the rest is left out.")] : []),
  ];
}

function createRemark(text: string): ChatEntry {
  return { kind: "remark", line: `# ${text}` };
}

/** Nothing was said to them, or START brought them back. */
function hasOptedOut({ notes }: Turn): boolean {
  return notes.some((note) => OPTED_OUT_NOTES.includes(note) || OPT_IN_NOTES.includes(note));
}

/** @param begin when the conversation began: texts that came before have waited until one before it was over */
function listMoments(begun: Turn, begin: number): readonly ChatMoment[] {
  const { id: turn, parts, exchanges = [], identified = [] } = begun;
  const said = parts.map(({ at, text, media }) => ({ at, entry: { kind: "said", text, media } as const }));
  const atOnce = said.filter(({ at }) => at === undefined).map(({ entry }) => entry);
  const first = begun.kind === "heard" ? toTextEntry(begun.heard) : toNoticeEntry(begun.notice);
  const text: ChatMoment = { at: Math.max(turnStartedAt(begun), begin), turn, rank: 0, entries: [first, ...atOnce] };
  const later = said.flatMap(({ at, entry }): readonly ChatMoment[] =>
    at === undefined ? [] : [{ at, turn, rank: 2, entries: [entry] }],
  );
  const found = identified.map(
    ({ at, outcome }): ChatMoment => ({ at, turn, rank: 1, entries: [{ kind: "found", outcome }] }),
  );
  return [text, ...found, ...exchanges.flatMap((exchange) => toExchangeMoments(turn, exchange)), ...later];
}

function toTextEntry({ text, media, optOut }: HeardText): ChatEntry {
  return { kind: "text", text, media: media.map(({ contentType }) => contentType), optOut: optOut ?? null };
}

/** Which list it was for is left out: whoever plays it again has not switched that on. */
function toNoticeEntry({ text, media, topic }: StartedNotice): ChatEntry {
  return { kind: "notice", text, media, list: null, topic: topic ?? null };
}

function toExchangeMoments(turn: number, { since, request, end }: LoggedRequest): readonly ChatMoment[] {
  const asked: ChatMoment = {
    at: since,
    turn,
    rank: 3,
    entries: [request === null ? LOST_EXCHANGE : toExpectedRequest(request)],
  };
  if (end === null) return [asked];
  const { at, outcome } = end;
  return [asked, { at, turn, rank: 1, entries: [outcome === null ? LOST_EXCHANGE : { kind: "outcome", outcome }] }];
}

/** Whole seconds since the beginning, rounded down: what was due so many seconds after something else is so here, too. */
function addWaits(moments: readonly ChatMoment[], begin: number): readonly ChatEntry[] {
  let passed = 0;
  return moments.flatMap(({ at, entries }) => {
    const seconds = Math.floor((at - begin) / 1_000);
    const wait: readonly ChatEntry[] = seconds > passed ? [{ kind: "wait", seconds: seconds - passed }] : [];
    passed = Math.max(passed, seconds);
    return [...wait, ...entries];
  });
}

/** Says so where a text brought nothing. */
function addSilences(entries: readonly ChatEntry[]): readonly ChatEntry[] {
  return entries.flatMap((entry, index): readonly ChatEntry[] => {
    const next = entries[index + 1];
    const isSilent = entry.kind === "text" && (next === undefined || !isExpectation(next));
    return isSilent ? [entry, { kind: "nothing" }] : [entry];
  });
}
