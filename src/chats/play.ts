import { CHAT_EVENTS_PER_LINE } from "../core/limits/chats.ts";
import { NOTICE_SECONDS_DEFAULT } from "../core/limits/notify.ts";
import { guessIn, MASKED_GUESS } from "../identity/guess.ts";
import type { LinkOutcome } from "../identity/machine.ts";
import { personOn } from "../identity/person.ts";
import type { ReadyList } from "../notify/list.ts";
import type { Notice } from "../notify/notice.ts";
import { type Decision } from "../sender/events/decision.ts";
import { identified } from "../sender/events/identity-checked.ts";
import { type Noticed, noticed, noticeExpired, noticeTurn } from "../sender/events/notice-received.ts";
import { answered } from "../sender/events/request-ended.ts";
import { hear } from "../sender/events/text-received.ts";
import { proceed } from "../sender/events/time-passed.ts";
import { type Due, due, nextDue } from "../sender/events/timeouts.ts";
import type { World } from "../sender/model/context.ts";
import type { LinkedText } from "../sender/model/inbound-text.ts";
import type { OpenConversation, Rest, SenderState, Turn } from "../sender/model/state.ts";
import { inquiryIn, linkingOn, withPageGuess } from "../sender/rules/identity-check.ts";
import {
  type Act,
  type Asked,
  DEFAULT_AT,
  DEFAULT_FROM,
  DEFAULT_TO,
  type Entry,
  type Expectation,
  headingOf,
  type NoticeAct,
  type Said,
} from "./chat.ts";
import { instantOf } from "./moment.ts";

const ACCOUNT = `AC${"0".repeat(32)}`;

/** Who talks: a person, and what answers on the number that they text. */
export interface Cast {
  readonly from: string;
  readonly to: string;
  readonly answering: World["answering"];
  /** The lists of the number; left out: none. */
  readonly lists?: readonly ReadyList[];
  /** Whom the person is linked to; left out: nobody. */
  readonly person?: World["person"];
}

/** Where a played conversation has come to. */
export interface Stage {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly state: SenderState | null;
  /** Those that may still get parts, by id. */
  readonly turns: ReadonlyMap<number, Turn>;
  /** Those that wait, by id. */
  readonly notices: ReadonlyMap<string, Notice>;
  /** How many texts there were, and notices. */
  readonly texts: number;
}

export type Happening =
  | Expectation
  /** Nothing waits for the answer to a request. */
  | { readonly kind: "unasked" };

interface Performed {
  readonly stage: Stage;
  /** What has come of it, in order. */
  readonly happened: readonly Happening[];
}

/** @returns who talks, as the headings say */
export function castOf(entries: readonly Entry[], answering: Cast["answering"], lists: Cast["lists"] = []): Cast {
  const from = headingOf(entries, "from")?.number ?? DEFAULT_FROM;
  const to = headingOf(entries, "to")?.number ?? DEFAULT_TO;
  return { from, to, answering, lists };
}

/** @returns where a conversation begins, as its headings say */
export function beginningOf(entries: readonly Entry[]): Stage {
  const { local, zone } = headingOf(entries, "at") ?? DEFAULT_AT;
  return { now: instantOf(local, zone) ?? 0, state: null, turns: new Map(), notices: new Map(), texts: 0 };
}

/** Lets something happen, and whatever it makes due at once. The stage before stays as it is. */
export function perform(stage: Stage, act: Act, cast: Cast): Performed {
  switch (act.kind) {
    case "text": {
      const texts = stage.texts + 1;
      const decision = hear(stage.state, inboundOf(act, texts, cast), worldAt(stage.now, cast));
      return pass(decided({ ...stage, texts }, decision), stage.now, cast);
    }
    case "notice": {
      const texts = stage.texts + 1;
      const notice = noticeOf(act, texts, stage.now, cast);
      const result = noticed(stage.state, cast.from, ACCOUNT, notice, worldAt(stage.now, cast));
      return pass(told({ ...stage, texts }, notice, result), stage.now, cast);
    }
    case "wait":
      return pass({ stage, happened: [] }, stage.now + act.seconds * 1_000, cast);
    case "found": {
      const found = hearFound(stage, act.outcome, cast);
      return found === null ? { stage, happened: [{ kind: "unasked" }] } : pass(found, stage.now, cast);
    }
    case "outcome": {
      const heard = hearOutcome(stage, act, cast);
      return heard === null ? { stage, happened: [{ kind: "unasked" }] } : pass(heard, stage.now, cast);
    }
  }
}

function hearOutcome(stage: Stage, { outcome }: Extract<Act, { kind: "outcome" }>, cast: Cast): Performed | null {
  const open = openOn(stage.state, cast.to);
  const turn = stage.turns.get(open?.turn ?? 0);
  if (stage.state === null || open?.rest.kind !== "request" || turn === undefined) return null;
  const asked = { number: cast.to, turn: turn.id, id: open.rest.id };
  const decision = answered(stage.state, asked, outcome, turn, worldAt(stage.now, cast));
  return decision === null ? null : decided(stage, decision);
}

function hearFound(before: Stage, outcome: LinkOutcome, cast: Cast): Performed | null {
  const stage = { ...before, state: before.state === null ? null : withGuessOnPage(before.state, before.now, cast) };
  const inquiry = stage.state === null ? null : inquiryIn(stage.state);
  const turn = stage.turns.get(inquiry?.open.turn ?? 0);
  if (stage.state === null || inquiry === null || turn === undefined) return null;
  const asked = { number: inquiry.number, turn: turn.id, id: inquiry.id };
  const decision = identified(stage.state, asked, outcome, turn, worldAt(stage.now, cast));
  return decision === null ? null : decided(stage, decision);
}

/** What is typed on a page is no text: an outcome that comes while the page asks tells of it. */
function withGuessOnPage(state: SenderState, now: number, { to }: Cast): SenderState {
  const line = state.lines[to];
  const linking = line === undefined ? undefined : linkingOn(line)?.rest.linking;
  const page = linking !== undefined && "page" in linking ? linking.page : null;
  return page === null ? state : (withPageGuess(state, page, { id: `page-${now}`, sealed: "" }, now) ?? state);
}

/** Time goes by, with all that it makes due on its way. @throws where that never ends */
function pass(performed: Performed, until: number, cast: Cast): Performed {
  let { stage } = performed;
  const happened = [...performed.happened];
  for (let count = 0; ; count += 1) {
    const next = stage.state === null ? null : nextDue(stage.state);
    const step = next === null || next > until ? null : doDue({ ...stage, now: Math.max(stage.now, next) }, cast);
    if (step === null) return { stage: { ...stage, now: until }, happened };
    if (count === CHAT_EVENTS_PER_LINE)
      throw new RangeError(`more than ${CHAT_EVENTS_PER_LINE} things were due at once`);
    ({ stage } = step);
    happened.push(...step.happened);
  }
}

function doDue(stage: Stage, cast: Cast): Performed | null {
  const { state, now, turns } = stage;
  const next = state === null ? null : due(state, now);
  if (state === null || next === null) return null;
  if (next.kind === "notice") return noticeDue(stage, state, next, cast);
  const turn = turns.get(next.turn);
  if (turn === undefined) return null;
  return decided(stage, proceed(state, next, turn, worldAt(now, cast)));
}

function noticeDue(
  stage: Stage,
  state: SenderState,
  { id, number, isExpired }: Extract<Due, { kind: "notice" }>,
  cast: Cast,
): Performed {
  const notice = stage.notices.get(id);
  if (notice === undefined || isExpired)
    return { stage: { ...stage, state: noticeExpired(state, number, id) }, happened: [] };
  return told(stage, notice, noticeTurn(state, notice, worldAt(stage.now, cast)));
}

function told(stage: Stage, notice: Notice, { record, state, turn }: Noticed): Performed {
  const others = [...stage.notices].filter(([id]) => id !== notice.id);
  const notices = new Map(record.outcome === "queued" ? [...others, [notice.id, notice]] : others);
  if (state === null || turn === null) return { stage: { ...stage, notices, state }, happened: [] };
  return decided({ ...stage, notices }, { state, turn });
}

function decided(stage: Stage, { state, turn }: Decision): Performed {
  const said = turn.parts
    .slice(stage.turns.get(turn.id)?.parts.length ?? 0)
    .map(({ text, media }): Said => ({ kind: "said", text, media }));
  const [before, after] = [restIn(stage.state, turn.number), restIn(state, turn.number)];
  const isNew = after?.kind === "request" && !(before?.kind === "request" && before.id === after.id);
  const asked = isNew ? [askedOf(after.request)] : [];
  const turns = new Map([...stage.turns, [turn.id, turn] as const].filter(([id]) => isLive(id, state, turn)));
  return { stage: { ...stage, state, turns }, happened: [...said, ...asked] };
}

/** Whether a turn may still get parts. */
function isLive(id: number, state: SenderState, { number }: Turn): boolean {
  const line = state.lines[number];
  return id === openOn(state, number)?.turn || (line?.waiting ?? []).includes(id);
}

export function askedOf({ method, url, body }: Omit<Asked, "kind">): Asked {
  return { kind: "asked", method, url, body };
}

function restIn(state: SenderState | null, number: string): Rest | null {
  return openOn(state, number)?.rest ?? null;
}

function openOn(state: SenderState | null, number: string): OpenConversation | null {
  const conversation = state?.lines[number]?.conversation;
  return conversation?.status === "open" ? conversation : null;
}

function worldAt(now: number, { answering, to, lists = [], person }: Cast): World {
  return {
    now,
    origin: "https://sms.example.com",
    answering,
    lists: (number) => (number === to ? lists : []),
    person: person ?? ((line) => personOn(line, now)),
  };
}

/** What it says, it says as it stands: nothing in it is Liquid. */
function noticeOf({ text, media, list, topic }: NoticeAct, count: number, now: number, { to }: Cast): Notice {
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

function inboundOf({ text, media, optOut }: Extract<Act, { kind: "text" }>, count: number, cast: Cast): LinkedText {
  return {
    sid: `SM${String(count).padStart(32, "0")}`,
    accountSid: ACCOUNT,
    from: cast.from,
    to: cast.to,
    text,
    media: media.map((contentType, index) => ({
      url: `https://api.twilio.com/media/${count}-${index + 1}`,
      contentType,
    })),
    segments: 1,
    optOut,
    // Nothing is compared here: that a guess was made is all that counts.
    ...(guessIn(text) === null && text !== MASKED_GUESS ? {} : { guess: "guess" }),
  };
}
