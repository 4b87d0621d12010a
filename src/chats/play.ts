import { CHAT_EVENTS_PER_LINE } from "../core/limits/chats.ts";
import { NOTICE_SECONDS_DEFAULT } from "../core/limits/notify.ts";
import type { IdentityResult } from "../identity/identity-check.ts";
import { findLinkedPerson } from "../identity/person.ts";
import { MASKED_GUESS, parseGuess } from "../identity/pin-mask.ts";
import type { ReadyList } from "../notify/list.ts";
import type { Notice } from "../notify/notice.ts";
import { type TurnDecision } from "../sender/events/decision.ts";
import { resumeAfterIdentityCheck } from "../sender/events/identity-checked.ts";
import {
  decideNotice,
  decideWaitingNotice,
  type NoticeDecision,
  removeWaitingNotice,
} from "../sender/events/notice-received.ts";
import { resumeAfterRequest } from "../sender/events/request-ended.ts";
import { receiveText } from "../sender/events/text-received.ts";
import { handleDueEvent } from "../sender/events/time-passed.ts";
import { type DueEvent, nextDueAt, nextDueEvent } from "../sender/events/timeouts.ts";
import type { DecisionContext } from "../sender/model/context.ts";
import type { LinkedText } from "../sender/model/inbound-text.ts";
import type { OpenConversation, SenderState, Turn, Wait } from "../sender/model/state.ts";
import { findIdentityCheck, findPendingIdentityResult, receivePageGuess } from "../sender/rules/identity-check.ts";
import {
  type ChatEntry,
  type ChatEvent,
  type ChatExpectation,
  DEFAULT_AT,
  DEFAULT_FROM,
  DEFAULT_TO,
  type ExpectedRequest,
  type ExpectedText,
  findHeading,
  type NoticeEvent,
} from "./chat.ts";
import { parseInstant } from "./chat-time.ts";

const ACCOUNT_SID = `AC${"0".repeat(32)}`;

/** The two sides of a chat: the contact, and the configuration of the number. */
export interface ChatParticipants {
  readonly from: string;
  readonly to: string;
  readonly findApplication: DecisionContext["findApplication"];
  /** The lists of the number; none if absent. */
  readonly lists?: readonly ReadyList[];
  /** The person that the contact is linked to; if absent, the chat decides. */
  readonly person?: DecisionContext["person"];
}

/** The progress of a played conversation. */
export interface ChatProgress {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly state: SenderState | null;
  /** Turns that may still get parts, by id. */
  readonly turns: ReadonlyMap<number, Turn>;
  /** Waiting notices, by id. */
  readonly notices: ReadonlyMap<string, Notice>;
  /** The count of texts and notices so far. */
  readonly texts: number;
}

export type ChatResult =
  | ChatExpectation
  /** No request or identity check is waiting for this result. */
  | { readonly kind: "unasked" };

interface EventResult {
  readonly progress: ChatProgress;
  /** The results of the event, in order. */
  readonly results: readonly ChatResult[];
}

/** @returns the participants that the headings name */
export function findParticipants(
  entries: readonly ChatEntry[],
  findApplication: ChatParticipants["findApplication"],
  lists: ChatParticipants["lists"] = [],
): ChatParticipants {
  const from = findHeading(entries, "from")?.number ?? DEFAULT_FROM;
  const to = findHeading(entries, "to")?.number ?? DEFAULT_TO;
  return { from, to, findApplication, lists };
}

/** @returns the start of a conversation as the headings define it */
export function createChatProgress(entries: readonly ChatEntry[]): ChatProgress {
  const { local, zone } = findHeading(entries, "at") ?? DEFAULT_AT;
  return { now: parseInstant(local, zone) ?? 0, state: null, turns: new Map(), notices: new Map(), texts: 0 };
}

/** Plays an event and everything that is due at once. The given progress stays unchanged. */
export function playEvent(progress: ChatProgress, event: ChatEvent, participants: ChatParticipants): EventResult {
  switch (event.kind) {
    case "text": {
      const texts = progress.texts + 1;
      const decision = receiveText(
        progress.state,
        createInboundText(event, texts, participants),
        createPlayContext(progress.now, participants),
      );
      return passTime(applyDecision({ ...progress, texts }, decision), progress.now, participants);
    }
    case "notice": {
      const texts = progress.texts + 1;
      const notice = createNotice(event, texts, progress.now, participants);
      const result = decideNotice(
        progress.state,
        participants.from,
        ACCOUNT_SID,
        notice,
        createPlayContext(progress.now, participants),
      );
      return passTime(applyNotice({ ...progress, texts }, notice, result), progress.now, participants);
    }
    case "wait":
      return passTime({ progress, results: [] }, progress.now + event.seconds * 1_000, participants);
    case "found": {
      const resumed = playIdentityResult(progress, event.outcome, participants);
      return resumed === null
        ? { progress, results: [{ kind: "unasked" }] }
        : passTime(resumed, progress.now, participants);
    }
    case "outcome": {
      const resumed = playRequestOutcome(progress, event, participants);
      return resumed === null
        ? { progress, results: [{ kind: "unasked" }] }
        : passTime(resumed, progress.now, participants);
    }
  }
}

function playRequestOutcome(
  progress: ChatProgress,
  { outcome }: Extract<ChatEvent, { kind: "outcome" }>,
  participants: ChatParticipants,
): EventResult | null {
  const open = findOpenConversation(progress.state, participants.to);
  const turn = progress.turns.get(open?.turn ?? 0);
  if (progress.state === null || open?.rest.kind !== "request" || turn === undefined) return null;
  const wait = { number: participants.to, turn: turn.id, id: open.rest.id };
  const decision = resumeAfterRequest(
    progress.state,
    wait,
    outcome,
    turn,
    createPlayContext(progress.now, participants),
  );
  return decision === null ? null : applyDecision(progress, decision);
}

function playIdentityResult(
  before: ChatProgress,
  outcome: IdentityResult,
  participants: ChatParticipants,
): EventResult | null {
  const progress = {
    ...before,
    state: before.state === null ? null : recordPageGuess(before.state, before.now, participants),
  };
  const pending = progress.state === null ? null : findPendingIdentityResult(progress.state);
  const turn = progress.turns.get(pending?.open.turn ?? 0);
  if (progress.state === null || pending === null || turn === undefined) return null;
  const wait = { number: pending.number, turn: turn.id, id: pending.id };
  const decision = resumeAfterIdentityCheck(
    progress.state,
    wait,
    outcome,
    turn,
    createPlayContext(progress.now, participants),
  );
  return decision === null ? null : applyDecision(progress, decision);
}

/** Records a guess on an identity page: it is not a text, so its result implies that it was made. */
function recordPageGuess(state: SenderState, now: number, { to }: ChatParticipants): SenderState {
  const line = state.lines[to];
  const linking = line === undefined ? undefined : findIdentityCheck(line)?.rest.linking;
  const page = linking !== undefined && "page" in linking ? linking.page : null;
  return page === null ? state : (receivePageGuess(state, page, { id: `page-${now}`, sealed: "" }, now) ?? state);
}

/**
 * Lets time pass, and plays everything that becomes due.
 * @throws if there is no end to what is due
 */
function passTime(played: EventResult, until: number, participants: ChatParticipants): EventResult {
  let { progress } = played;
  const results = [...played.results];
  for (let count = 0; ; count += 1) {
    const next = progress.state === null ? null : nextDueAt(progress.state);
    const step =
      next === null || next > until
        ? null
        : playDueEvent({ ...progress, now: Math.max(progress.now, next) }, participants);
    if (step === null) return { progress: { ...progress, now: until }, results };
    if (count === CHAT_EVENTS_PER_LINE)
      throw new RangeError(`more than ${CHAT_EVENTS_PER_LINE} events were due at once`);
    ({ progress } = step);
    results.push(...step.results);
  }
}

function playDueEvent(progress: ChatProgress, participants: ChatParticipants): EventResult | null {
  const { state, now, turns } = progress;
  const next = state === null ? null : nextDueEvent(state, now);
  if (state === null || next === null) return null;
  if (next.kind === "notice") return playDueNotice(progress, state, next, participants);
  const turn = turns.get(next.turn);
  if (turn === undefined) return null;
  return applyDecision(progress, handleDueEvent(state, next, turn, createPlayContext(now, participants)));
}

function playDueNotice(
  progress: ChatProgress,
  state: SenderState,
  { id, number, isExpired }: Extract<DueEvent, { kind: "notice" }>,
  participants: ChatParticipants,
): EventResult {
  const notice = progress.notices.get(id);
  if (notice === undefined || isExpired)
    return { progress: { ...progress, state: removeWaitingNotice(state, number, id) }, results: [] };
  return applyNotice(
    progress,
    notice,
    decideWaitingNotice(state, notice, createPlayContext(progress.now, participants)),
  );
}

function applyNotice(progress: ChatProgress, notice: Notice, { record, state, turn }: NoticeDecision): EventResult {
  const others = [...progress.notices].filter(([id]) => id !== notice.id);
  const notices = new Map(record.outcome === "queued" ? [...others, [notice.id, notice]] : others);
  if (state === null || turn === null) return { progress: { ...progress, notices, state }, results: [] };
  return applyDecision({ ...progress, notices }, { state, turn });
}

function applyDecision(progress: ChatProgress, { state, turn }: TurnDecision): EventResult {
  const texts = turn.parts
    .slice(progress.turns.get(turn.id)?.parts.length ?? 0)
    .map(({ text, media }): ExpectedText => ({ kind: "said", text, media }));
  const [before, after] = [findWait(progress.state, turn.number), findWait(state, turn.number)];
  const isNew = after?.kind === "request" && !(before?.kind === "request" && before.id === after.id);
  const requests = isNew ? [toExpectedRequest(after.request)] : [];
  const turns = new Map([...progress.turns, [turn.id, turn] as const].filter(([id]) => isLiveTurn(id, state, turn)));
  return { progress: { ...progress, state, turns }, results: [...texts, ...requests] };
}

/** @returns whether a turn may still get parts */
function isLiveTurn(id: number, state: SenderState, { number }: Turn): boolean {
  const line = state.lines[number];
  return id === findOpenConversation(state, number)?.turn || (line?.waiting ?? []).includes(id);
}

export function toExpectedRequest({ method, url, body }: Omit<ExpectedRequest, "kind">): ExpectedRequest {
  return { kind: "asked", method, url, body };
}

function findWait(state: SenderState | null, number: string): Wait | null {
  return findOpenConversation(state, number)?.rest ?? null;
}

function findOpenConversation(state: SenderState | null, number: string): OpenConversation | null {
  const conversation = state?.lines[number]?.conversation;
  return conversation?.status === "open" ? conversation : null;
}

function createPlayContext(
  now: number,
  { findApplication, to, lists = [], person }: ChatParticipants,
): DecisionContext {
  return {
    now,
    origin: "https://sms.example.com",
    findApplication,
    lists: (number) => (number === to ? lists : []),
    person: person ?? ((line) => findLinkedPerson(line, now)),
  };
}

/** Creates a notice whose text is sent as it is: the chat's text is a variable, so that Liquid in it has no effect. */
function createNotice(
  { text, media, list, topic }: NoticeEvent,
  count: number,
  now: number,
  { to }: ChatParticipants,
): Notice {
  return {
    id: `NO${String(count).padStart(32, "0")}`,
    number: to,
    list,
    audience: "anyone",
    text: "{{ text }}",
    variables: { text, picture: media[0] ?? "" },
    media: media.length === 0 ? null : "{{ picture }}",
    link: null,
    topic,
    expiresAt: now + NOTICE_SECONDS_DEFAULT * 1_000,
  };
}

function createInboundText(
  { text, media, optOut }: Extract<ChatEvent, { kind: "text" }>,
  count: number,
  participants: ChatParticipants,
): LinkedText {
  return {
    sid: `SM${String(count).padStart(32, "0")}`,
    accountSid: ACCOUNT_SID,
    from: participants.from,
    to: participants.to,
    text,
    media: media.map((contentType, index) => ({
      url: `https://api.twilio.com/media/${count}-${index + 1}`,
      contentType,
    })),
    segments: 1,
    optOut,
    // Guesses are not compared in a chat; it only matters that one was made.
    ...(parseGuess(text) === null && text !== MASKED_GUESS ? {} : { guess: "guess" }),
  };
}
