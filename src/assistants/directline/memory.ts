import { isRecord, type JsonValue } from "../../core/json.ts";
import { ACTIVITY_IDS_REMEMBERED } from "../../core/limits/assistants.ts";
import { toText } from "./activity.ts";
import { type GatheredAnswer, NOTHING_GATHERED } from "./bot-activities.ts";

/** What the connector remembers of a conversation with the bot. */
export interface DirectlineMemory {
  readonly session: DirectlineSession | null;
  /** The text that is being answered; null: none. */
  readonly turn: DirectlineTurn | null;
}

/** A conversation at the service. */
export interface DirectlineSession {
  readonly conversation: string;
  /** Whom the bot sees: not the phone number, since `from.id` stands in every log of a bot. */
  readonly user: string;
  /** Null: the channel's key goes with every request. */
  readonly token: DirectlineToken | null;
  /** How far the bot's activities were read; null: nothing was. */
  readonly watermark: string | null;
  /** Ids of what was posted for earlier texts, the newest last. */
  readonly posted: readonly string[];
  /** Ids of the activities that were read, the newest last. */
  readonly seen: readonly string[];
}

/** Opens this one conversation, and nothing else. */
export interface DirectlineToken {
  readonly value: string;
  /** From then on it is changed for a new one with the next text; milliseconds since 1970, as the other. */
  readonly refreshAt: number;
  readonly expiresAt: number;
}

/** A request whose end is waited for. */
export type DirectlineStep = "token" | "start" | "refresh" | "reconnect" | "post" | "check" | "poll";

/** How far the answer to a text has come. */
export interface DirectlineTurn {
  readonly step: DirectlineStep;
  /** The bot's conversation has begun with this text: whatever is in it belongs to the answer. */
  readonly fresh: boolean;
  /** The text was posted once, and it was not taken. */
  readonly again: boolean;
  /** How often this step has failed in passing. */
  readonly tries: number;
  /** When the bot is given up; milliseconds since 1970. */
  readonly until: number;
  readonly polls: number;
  /** How many polls in a row have brought nothing. */
  readonly empty: number;
  /** The last poll has brought something. */
  readonly news: boolean;
  /** The bot is writing. */
  readonly typing: boolean;
  /** The bot has said more than a greeting from before the text. */
  readonly answered: boolean;
  /** Ids of what was posted for this text: more than one where it was posted again. */
  readonly mine: readonly string[];
  /** Which of them the bot answers. */
  readonly thread: string | null;
  readonly gathered: GatheredAnswer;
}

/** Tells what this connector, in this form, has stored from anything else. */
const MARK = "directline 1";

export function toMemoryJson({ session, turn }: DirectlineMemory): JsonValue {
  return { mark: MARK, session, turn } as unknown as JsonValue;
}

/** Reads what was stored; what something else has left is as if nothing had been. */
export function restoreMemory(json: JsonValue): DirectlineMemory {
  if (!isRecord(json) || json["mark"] !== MARK) return { session: null, turn: null };
  return json as unknown as DirectlineMemory;
}

/** @returns the ids with others behind them; the oldest are forgotten */
export function appendIds(ids: readonly string[], more: readonly string[]): readonly string[] {
  return [...ids.filter((id) => !more.includes(id)), ...more].slice(-ACTIVITY_IDS_REMEMBERED);
}

/** @param now milliseconds since 1970 */
export function createTurn(now: number): DirectlineTurn {
  return {
    step: "post",
    fresh: false,
    again: false,
    tries: 0,
    until: now,
    polls: 0,
    empty: 0,
    news: false,
    typing: false,
    answered: false,
    mine: [],
    thread: null,
    gathered: NOTHING_GATHERED,
  };
}

/** How long a token lasts where the service does not say it, and at most; in seconds. */
const TOKEN_SECONDS = 1_800;
const TOKEN_SECONDS_MAXIMUM = 7 * 24 * 3_600;

/** @returns the token of an answer; one that no header can carry is none */
export function parseToken(json: JsonValue, now: number): DirectlineToken | null {
  const value = isRecord(json) ? toText(json["token"]) : null;
  if (value === null || !/^[\x21-\x7e]{1,4000}$/u.test(value)) return null;
  const seconds = isRecord(json) && typeof json["expires_in"] === "number" ? json["expires_in"] : TOKEN_SECONDS;
  const lifetime = Math.min(Math.max(seconds, 0), TOKEN_SECONDS_MAXIMUM) * 1_000;
  return { value, refreshAt: now + lifetime / 2, expiresAt: now + lifetime };
}
