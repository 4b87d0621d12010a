import { isRecord, type JsonValue } from "../../core/json.ts";
import { ACTIVITY_IDS_REMEMBERED } from "../../core/limits/assistants.ts";
import { toText } from "./activity.ts";
import { type GatheredAnswer, NOTHING_GATHERED } from "./bot-activities.ts";

/** The stored state of a conversation with the bot. */
export interface DirectlineMemory {
  readonly session: DirectlineSession | null;
  /** The turn that is being answered; null between turns. */
  readonly turn: DirectlineTurn | null;
}

/** A conversation at the Direct Line service. */
export interface DirectlineSession {
  readonly conversation: string;
  /** The user id that the bot sees. Not the phone number, because bots log `from.id`. */
  readonly user: string;
  /** Null if the channel's key goes with every request. */
  readonly token: DirectlineToken | null;
  /** The position up to which activities were read; null before the first poll. */
  readonly watermark: string | null;
  /** Ids of earlier texts, newest last. */
  readonly posted: readonly string[];
  /** Ids of activities that were read, newest last. */
  readonly seen: readonly string[];
}

/** A token that gives access to this conversation only. */
export interface DirectlineToken {
  readonly value: string;
  /** When the next text renews the token. Both times are in milliseconds since 1970. */
  readonly refreshAt: number;
  readonly expiresAt: number;
}

/** The pending request. */
export type DirectlineStep = "token" | "start" | "refresh" | "reconnect" | "post" | "check" | "poll";

/** The progress of a turn. */
export interface DirectlineTurn {
  readonly step: DirectlineStep;
  /** This text started the bot's conversation, so everything in the conversation belongs to the answer. */
  readonly fresh: boolean;
  /** The text is being posted a second time, because the first post failed. */
  readonly again: boolean;
  /** How often this step has failed with a transient error. */
  readonly tries: number;
  /** When to stop polling; milliseconds since 1970. */
  readonly until: number;
  readonly polls: number;
  /** How many polls in a row have brought nothing. */
  readonly empty: number;
  /** The last poll has brought something. */
  readonly news: boolean;
  /** The bot is typing. */
  readonly typing: boolean;
  /** The bot has sent more than a greeting from before the text. */
  readonly answered: boolean;
  /** Activity ids of this text; more than one if it was posted again. */
  readonly mine: readonly string[];
  /** The activity id that the bot replies to. */
  readonly thread: string | null;
  readonly gathered: GatheredAnswer;
}

/** Identifies memory that this connector has stored in this format. */
const MARK = "directline 1";

export function toMemoryJson({ session, turn }: DirectlineMemory): JsonValue {
  return { mark: MARK, session, turn } as unknown as JsonValue;
}

/** Restores stored memory; memory of another kind of assistant counts as none. */
export function restoreMemory(json: JsonValue): DirectlineMemory {
  if (!isRecord(json) || json["mark"] !== MARK) return { session: null, turn: null };
  return json as unknown as DirectlineMemory;
}

/** Appends ids and drops the oldest. */
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

/** Default and maximum lifetime of a token. */
const TOKEN_SECONDS = 1_800;
const TOKEN_SECONDS_MAXIMUM = 7 * 24 * 3_600;

/** @returns null if there is no token that fits into a header */
export function parseToken(json: JsonValue, now: number): DirectlineToken | null {
  const value = isRecord(json) ? toText(json["token"]) : null;
  if (value === null || !/^[\x21-\x7e]{1,4000}$/u.test(value)) return null;
  const seconds = isRecord(json) && typeof json["expires_in"] === "number" ? json["expires_in"] : TOKEN_SECONDS;
  const lifetime = Math.min(Math.max(seconds, 0), TOKEN_SECONDS_MAXIMUM) * 1_000;
  return { value, refreshAt: now + lifetime / 2, expiresAt: now + lifetime };
}
