import type { DeliveryError, MessageStatus } from "../../core/message-status.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { maskDigits } from "../../identity/pin-mask.ts";
import type { CharacterReplacement } from "../../twilio/smart-encoding.ts";
import { formatPartId } from "../../twilio/status-callback.ts";
import type { Delivery, HeardMedia, HeardTurn, MediaCopy, Part, SenderState, Turn } from "../model/state.ts";
import { turnStartedAt } from "../model/turn.ts";

/** One message of a transcript. */
export interface Message {
  /** `12` for the text that opened turn 12, `12.0` for its first part. */
  readonly id: string;
  readonly conversation: string;
  readonly direction: "in" | "out";
  readonly text: string;
  readonly media: readonly TranscriptMedium[];
  readonly status: MessageStatus;
  /** Twilio's SID, or null while there is none. */
  readonly sid: string | null;
  readonly error: DeliveryError | null;
  /** What an operator may want to know of how the turn was answered. */
  readonly notes: readonly string[];
  /** Only where smart encoding has changed the text: the characters that were replaced, by what, and how often. */
  readonly encoding?: { readonly replaced: readonly CharacterReplacement[] };
  /** When it was received, or when its status was last known to change; ISO 8601. */
  readonly at: string;
}

/** What goes with a text. */
export interface TranscriptMedium {
  /** `linked` is one that we sent, by its address. */
  readonly status: MediaCopy["status"] | "linked";
  /** Where Twilio has it, or took it from. */
  readonly source: string;
  /** Where our copy is in R2; null where there is none. */
  readonly key: string | null;
  readonly contentType: string | null;
  /** Of our copy, in bytes. */
  readonly size: number | null;
  /** Why there is no copy, or not yet. */
  readonly reason: string | null;
}

export interface TranscriptQuery {
  readonly number: PhoneNumber;
  readonly order: "asc" | "desc";
  /** The message after which the page begins; null: at the beginning. */
  readonly after: string | null;
  readonly limit: number;
}

/** Where turns are kept. */
interface TurnReader {
  state(): SenderState | null;
  listTurns(number: PhoneNumber, from: number, order: "asc" | "desc", limit: number): readonly Turn[];
}

/** @returns one page of the transcript with a number; null where nobody has said anything on it */
export function loadTranscript(shelf: TurnReader, query: TranscriptQuery): readonly Message[] | null {
  const state = shelf.state();
  if (state?.lines[query.number] === undefined) return null;
  const beginning = query.order === "asc" ? 1 : state.nextTurn;
  const from = query.after === null ? beginning : (parseTurnNumber(query.after) ?? beginning);
  // Every turn has one message at least, and the first of these turns may be one that the page before has shown.
  return slicePage(shelf.listTurns(query.number, from, query.order, query.limit + 1), query);
}

/** @returns the messages of a turn, oldest first */
export function toMessages(turn: Turn): readonly Message[] {
  const outbounds = turn.parts.map((part, index) => toOutboundMessage(turn, part, index));
  if (turn.kind === "heard") return [toInboundMessage(turn), ...outbounds];
  // What is noted of a turn stands with the message that began it.
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
  if (copy.status === "at-twilio") return { ...shown, reason: "Parley has no bucket to keep it in, or had none then." };
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

/** @returns the turn that a message belongs to, or null where the text is no message id */
export function parseTurnNumber(messageId: string): number | null {
  const match = MESSAGE_ID.exec(messageId);
  return match === null ? null : Number(match[1]);
}

/** Where turns are kept. */
interface TurnReader {
  state(): SenderState | null;
  listTurns(number: PhoneNumber, from: number, order: "asc" | "desc", limit: number): readonly Turn[];
}

/** Cuts a page out of turns that begin with the one the query's `after` belongs to. */
function slicePage(turns: readonly Turn[], { order, after, limit }: TranscriptQuery): readonly Message[] {
  const messages = turns.flatMap((turn) => (order === "asc" ? toMessages(turn) : toMessages(turn).toReversed()));
  const start = after === null ? 0 : messages.findIndex(({ id }) => id === after) + 1;
  return messages.slice(start, start + limit);
}
