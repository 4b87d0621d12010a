import type { DeliveryError, MessageStatus } from "../../core/message-status.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { maskDigits } from "../../identity/pin-mask.ts";
import type { CharacterReplacement } from "../../twilio/smart-encoding.ts";
import { formatPartId } from "../../twilio/status-callback.ts";
import type { Delivery, HeardMedia, HeardTurn, MediaCopy, Part, Turn } from "../model/state.ts";
import { turnStartedAt } from "../model/turn.ts";
import type { TurnReader } from "./turn-store.ts";

/** One message of a transcript. */
export interface Message {
  /** `12` for the text of turn 12, `12.0` for its first part. */
  readonly id: string;
  readonly conversation: string;
  readonly direction: "in" | "out";
  readonly text: string;
  readonly media: readonly TranscriptMedium[];
  readonly status: MessageStatus;
  /** Twilio's SID; null if it is not known (yet). */
  readonly sid: string | null;
  readonly error: DeliveryError | null;
  /** Remarks on the turn for the operator. */
  readonly notes: readonly string[];
  /** Characters that smart encoding replaced, and how often. Absent if the text is unchanged. */
  readonly encoding?: { readonly replaced: readonly CharacterReplacement[] };
  /** When the text was received, or when the status last changed; ISO 8601. */
  readonly at: string;
}

/** A medium of a message. */
export interface TranscriptMedium {
  /** `linked`: sent by Parley, as a URL. */
  readonly status: MediaCopy["status"] | "linked";
  /** The URL at Twilio, or the URL that Twilio fetched it from. */
  readonly source: string;
  /** The key of Parley's copy in R2; null if there is no copy. */
  readonly key: string | null;
  readonly contentType: string | null;
  /** The size of Parley's copy in bytes. */
  readonly size: number | null;
  /** Why there is no copy (yet). */
  readonly reason: string | null;
}

export interface TranscriptQuery {
  readonly number: PhoneNumber;
  readonly order: "asc" | "desc";
  /** The id of the message before the page; null for the first page. */
  readonly after: string | null;
  readonly limit: number;
}

/** @returns one page of the transcript with a number; null if the contact has no line with it */
export function loadTranscript(reader: TurnReader, query: TranscriptQuery): readonly Message[] | null {
  const state = reader.state();
  if (state?.lines[query.number] === undefined) return null;
  const first = query.order === "asc" ? 1 : state.nextTurn;
  const from = query.after === null ? first : (parseTurnNumber(query.after) ?? first);
  // Every turn has at least one message, and the page before may have shown the first of these turns.
  return slicePage(reader.listTurns(query.number, from, query.order, query.limit + 1), query);
}

/** @returns the messages of a turn, oldest first */
export function toMessages(turn: Turn): readonly Message[] {
  const outbounds = turn.parts.map((part, index) => toOutboundMessage(turn, part, index));
  if (turn.kind === "heard") return [toInboundMessage(turn), ...outbounds];
  // The notes of a notice's turn belong to its first message.
  return outbounds.map((message, index) => (index === 0 ? { ...message, notes: turn.notes } : message));
}

function toInboundMessage({ id, conversation, notes, heard: { text, media, sid, at } }: HeardTurn): Message {
  return {
    id: String(id),
    conversation,
    direction: "in",
    text,
    media: media.map(toInboundMedium),
    status: "received",
    sid,
    error: null,
    notes,
    at: new Date(at).toISOString(),
  };
}

function toOutboundMessage(turn: Turn, { text, media, replaced, secret, delivery }: Part, index: number): Message {
  return {
    id: formatPartId({ turn: turn.id, index }),
    conversation: turn.conversation,
    direction: "out",
    text: secret === true ? maskDigits(text) : text,
    media: media.map(toSentMedium),
    status: delivery.status,
    sid: "sid" in delivery ? delivery.sid : null,
    error: toMessageError(delivery),
    notes: [],
    ...(replaced === undefined ? {} : { encoding: { replaced } }),
    at: new Date("at" in delivery ? delivery.at : turnStartedAt(turn)).toISOString(),
  };
}

function toInboundMedium({ url, contentType, copy = { status: "at-twilio" } }: HeardMedia): TranscriptMedium {
  const { status } = copy;
  const shown = { status, source: url, key: null, contentType, size: null, reason: null };
  if (copy.status === "at-twilio")
    return { ...shown, reason: "No copy: there is no bucket for media, or there was none when the text arrived." };
  if (copy.status !== "kept") return { ...shown, reason: copy.reason };
  return { ...shown, key: copy.key, contentType: copy.contentType, size: copy.size };
}

function toSentMedium(url: string): TranscriptMedium {
  return { status: "linked", source: url, key: null, contentType: null, size: null, reason: null };
}

function toMessageError(delivery: Delivery): DeliveryError | null {
  if ("error" in delivery) return delivery.error;
  return "reason" in delivery ? { code: null, message: delivery.reason } : null;
}

const MESSAGE_ID = /^(\d{1,15})(?:\.(\d{1,3}))?$/u;

/** @returns the number of the turn that a message belongs to, or null for an invalid message id */
export function parseTurnNumber(messageId: string): number | null {
  const match = MESSAGE_ID.exec(messageId);
  return match === null ? null : Number(match[1]);
}

/** Cuts a page out of turns, the first of which contains the query's `after`. */
function slicePage(turns: readonly Turn[], { order, after, limit }: TranscriptQuery): readonly Message[] {
  const messages = turns.flatMap((turn) => (order === "asc" ? toMessages(turn) : toMessages(turn).toReversed()));
  const start = after === null ? 0 : messages.findIndex(({ id }) => id === after) + 1;
  return messages.slice(start, start + limit);
}
