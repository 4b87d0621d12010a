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

/** A moment of a recorded conversation, with the keys to sort it by. */
interface ChatMoment {
  readonly at: number;
  readonly turn: number;
  /**
   * The order within one turn and time: the text and its immediate replies, then results of requests, then later
   * texts, then new requests.
   */
  readonly rank: 0 | 1 | 2 | 3;
  readonly entries: readonly ChatEntry[];
}

/**
 * Writes an opt-out before the conversation. On a short code Parley would confirm it, and a chat shows nothing of
 * that.
 */
function writeEarlierOptOut(number: PhoneNumber): readonly ChatEntry[] {
  const optOut = isShortCode(number) ? "stop" : null;
  return [
    createRemark("The contact had opted out before."),
    { kind: "text", text: "STOP", media: [], optOut },
    { kind: "nothing" },
  ];
}

const LOST_EXCHANGE = createRemark(
  `Omitted: a request or response of more than ${LOGGED_REQUEST_CHARACTERS} characters, which is not stored.`,
);

/**
 * Writes a recorded conversation as a chat that can be played. Its times are whole seconds, so the order of events
 * within the same second, such as a text and a reminder, is lost.
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
    ...(isCut ? [createRemark("The conversation was longer; the rest is omitted.")] : []),
  ];
}

function createRemark(text: string): ChatEntry {
  return { kind: "remark", line: `# ${text}` };
}

/** True if the contact had opted out: Parley did not answer, or START opted the contact in again. */
function hasOptedOut({ notes }: Turn): boolean {
  return notes.some((note) => OPTED_OUT_NOTES.includes(note) || OPT_IN_NOTES.includes(note));
}

/** @param begin when the conversation began; earlier texts waited until the conversation before it was over */
function listMoments(startedTurn: Turn, begin: number): readonly ChatMoment[] {
  const { id: turn, parts, exchanges = [], identified = [] } = startedTurn;
  const sentTexts = parts.map(({ at, text, media }) => ({ at, entry: { kind: "said", text, media } as const }));
  const atOnce = sentTexts.filter(({ at }) => at === undefined).map(({ entry }) => entry);
  const first = startedTurn.kind === "heard" ? toTextEntry(startedTurn.heard) : toNoticeEntry(startedTurn.notice);
  const text: ChatMoment = {
    at: Math.max(turnStartedAt(startedTurn), begin),
    turn,
    rank: 0,
    entries: [first, ...atOnce],
  };
  const later = sentTexts.flatMap(({ at, entry }): readonly ChatMoment[] =>
    at === undefined ? [] : [{ at, turn, rank: 2, entries: [entry] }],
  );
  const identityMoments = identified.map(
    ({ at, outcome }): ChatMoment => ({ at, turn, rank: 1, entries: [{ kind: "found", outcome }] }),
  );
  return [text, ...identityMoments, ...exchanges.flatMap((exchange) => toExchangeMoments(turn, exchange)), ...later];
}

function toTextEntry({ text, media, optOut }: HeardText): ChatEntry {
  return { kind: "text", text, media: media.map(({ contentType }) => contentType), optOut: optOut ?? null };
}

/** Omits the list of the notice, because the contact has no subscription when the chat is played. */
function toNoticeEntry({ text, media, topic }: StartedNotice): ChatEntry {
  return { kind: "notice", text, media, list: null, topic: topic ?? null };
}

function toExchangeMoments(turn: number, { since, request, end }: LoggedRequest): readonly ChatMoment[] {
  const requestMoment: ChatMoment = {
    at: since,
    turn,
    rank: 3,
    entries: [request === null ? LOST_EXCHANGE : toExpectedRequest(request)],
  };
  if (end === null) return [requestMoment];
  const { at, outcome } = end;
  return [
    requestMoment,
    { at, turn, rank: 1, entries: [outcome === null ? LOST_EXCHANGE : { kind: "outcome", outcome }] },
  ];
}

/**
 * Inserts waits in whole seconds since the beginning, rounded down, so that an event due a number of seconds after
 * another is due at the same time when the chat is played.
 */
function addWaits(moments: readonly ChatMoment[], begin: number): readonly ChatEntry[] {
  let passed = 0;
  return moments.flatMap(({ at, entries }) => {
    const seconds = Math.floor((at - begin) / 1_000);
    const wait: readonly ChatEntry[] = seconds > passed ? [{ kind: "wait", seconds: seconds - passed }] : [];
    passed = Math.max(passed, seconds);
    return [...wait, ...entries];
  });
}

/** Marks texts without a reply. */
function addSilences(entries: readonly ChatEntry[]): readonly ChatEntry[] {
  return entries.flatMap((entry, index): readonly ChatEntry[] => {
    const next = entries[index + 1];
    const isSilent = entry.kind === "text" && (next === undefined || !isExpectation(next));
    return isSilent ? [entry, { kind: "nothing" }] : [entry];
  });
}
