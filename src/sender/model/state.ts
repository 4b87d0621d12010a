import type { Consent } from "../../consent/ledger.ts";
import type { AssistantMemory, AssistantRequest, HandoverRequest, RequestOutcome } from "../../contract/assistant.ts";
import type { DeliveryError } from "../../core/message-status.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import type { IdentityCheck, IdentityResult } from "../../identity/identity-check.ts";
import type { PersonLink } from "../../identity/person.ts";
import type { Notice, WaitingNotice } from "../../notify/notice.ts";
import type { LineSubscriptions, ListQuestion } from "../../notify/subscriptions.ts";
import type { HeldBackCount } from "../../send-limits/held-back.ts";
import type { LoopMemory } from "../../send-limits/loop-guard.ts";
import type { RateLimitMemory } from "../../send-limits/rate-limit.ts";
import type { InboundMedia, InboundText } from "../../twilio/inbound-text.ts";
import type { CharacterReplacement } from "../../twilio/smart-encoding.ts";
import type { DeliveryStatus } from "../../twilio/status-callback.ts";

/**
 * Everything a Sender needs for a decision; one row of its storage. Turns have rows of their own, since their number
 * grows without limit.
 */
export interface SenderState {
  readonly version: 2;
  /** The contact's phone number. */
  readonly phone: PhoneNumber;
  /** The number of the next turn; turns count from 1. */
  readonly nextTurn: number;
  /** All parts of the turns before this one are sent or given up. */
  readonly firstUnsent: number;
  /** Turns whose media may still wait to be copied, oldest first. Absent before the first text with media. */
  readonly mediaTurns?: readonly number[];
  /**
   * The consent ledger: the id of its next entry, and of the last that is synced to D1. Absent before the first entry.
   */
  readonly consents?: { readonly next: number; readonly told: number };
  /** The origin of the URL by which Twilio reaches Parley, for the status callbacks of parts that are sent later. */
  readonly origin: string;
  /** The memory of the rate limit. Absent before a rate limit first applies. */
  readonly pacing?: RateLimitMemory;
  /** Counts of held-back answers by number, day and reason, kept until the day is over and D1 has them. */
  readonly heldBack?: readonly HeldBackCount[];
  /** By number. */
  readonly lines: Readonly<Record<PhoneNumber, Line>>;
}

/** Everything kept for one contact on one number. */
export interface Line {
  readonly account: string;
  /** The SID of the Messaging Service that the last text named. Consent covers all of its numbers. */
  readonly service?: string;
  readonly consent: Consent;
  readonly conversation: Conversation;
  /** Turns whose texts wait until the assistant is ready, oldest first. Absent if none wait. */
  readonly waiting?: readonly number[];
  /** Notices that wait, oldest first. Absent if none wait. */
  readonly notices?: readonly WaitingNotice[];
  /** Subscriptions to lists. Absent before the first one. */
  readonly subscriptions?: LineSubscriptions;
  /** A question about a list that the next text may answer. */
  readonly listQuestion?: ListQuestion;
  /** The contact's last language, as a BCP 47 tag. Absent if it was always the application's. */
  readonly language?: string;
  /** The linked person. Absent for a guest. The link may have expired: `findLinkedPerson` tells. */
  readonly link?: PersonLink;
  /** Until then, texts that look like a PIN or a code are masked, because identity checks were locked. */
  readonly masksUntil?: number;
  /** The memory of the loop guard. */
  readonly talk?: LoopMemory;
}

/** The latest conversation of a line. A closed one never reopens: the next text opens a new one. */
export type Conversation =
  | { readonly status: "none" }
  | OpenConversation
  | {
      readonly status: "closed";
      readonly id: string;
      readonly at: number;
      readonly reason: "idle" | "ended" | "stopped";
    };

export interface OpenConversation {
  readonly status: "open";
  /** The number of the first turn. */
  readonly id: string;
  readonly application: string;
  /**
   * The publication with which the conversation opened; later ones apply to later conversations. Null: the contact is a
   * tester, and the conversation follows the drafts. 0: an older release stored no publication.
   */
  readonly publication: number | null;
  /** A BCP 47 tag. */
  readonly language: string;
  readonly openedAt: number;
  /** The number of the latest turn. */
  readonly turn: number;
  /** When the conversation closes, unless a text arrives first. Milliseconds since 1970. */
  readonly idleAt: number;
  /** Whether the contact gets a message when the conversation closes for idleness. */
  readonly farewell: boolean;
  /** How many requests, callbacks and identity checks the assistant has waited for. */
  readonly asked: number;
  /** Texts that arrive while the assistant is busy get one answer together. */
  readonly joins?: true;
  /**
   * How many messages the turn has sent since the contact's text or the last pause. Absent: none, or the contact is
   * next.
   */
  readonly spent?: number;
  readonly memory: AssistantMemory | null;
  readonly rest: Wait;
  /** The latest delivery failure since the contact's last text. The assistant gets it with the next one. */
  readonly undelivered?: DeliveryError;
}

/** The text, time or result that an open conversation waits for. */
export type Wait =
  /** A text of the contact. At `silentAt` the assistant is told of the silence. */
  { readonly kind: "text"; readonly silentAt: number | null; readonly silences: number } | NonTextWait;

/** At `momentAt`, if present, the contact is told that the answer takes a moment; once a turn. */
export type NonTextWait = (
  | /** The response to a request of the assistant. After a crash the request is made again. */
  { readonly kind: "request"; readonly request: AssistantRequest; readonly id: string; readonly since: number }
  /** Answers that the assistant sends later, by a callback, until then. */
  | { readonly kind: "callback"; readonly id: string; readonly until: number }
  /** The copy of a medium of the latest turn, until then. */
  | { readonly kind: "file"; readonly index: number; readonly until: number }
  | { readonly kind: "pause"; readonly until: number }
  /** An identity check, until then. In phases that ask the contact for something, texts do not wait. */
  | { readonly kind: "link"; readonly linking: IdentityCheck; readonly until: number }
) & { readonly momentAt?: number };

/** A text or a notice that begins, and everything it causes; one row. */
export type Turn = HeardTurn | NoticeTurn;

/** A turn that began with a text of the contact. */
export interface HeardTurn extends TurnBase {
  readonly kind: "heard";
  readonly heard: HeardText;
  /** When the assistant got the text. Absent unless the text had to wait. Milliseconds since 1970. */
  readonly waitedUntil?: number;
}

/** A turn that began with a notice. */
export interface NoticeTurn extends TurnBase {
  readonly kind: "notice";
  readonly notice: StartedNotice;
  /** The notice as it was requested, kept until a part is sent: until then the notice may have to wait again. */
  readonly asked?: Notice;
  /** Until when the notice may be sent. Absent if an older release began the turn, or an operator resent a part. */
  readonly term?: NoticeTerm;
}

/** The time in which a notice may be sent. Milliseconds since 1970. */
export interface NoticeTerm {
  /** When the notice expires or the contact's next quiet hours begin. Parts that are not POSTed by then are dropped. */
  readonly until: number;
  /** When the quiet hours end. Null if the notice has expired by then. */
  readonly resumes: number | null;
}

/** What all turns have in common. */
interface TurnBase {
  readonly id: number;
  readonly number: PhoneNumber;
  readonly account: string;
  readonly conversation: string;
  readonly parts: readonly Part[];
  /** The application that answered last, and its publication (null: a tester's draft). Absent if none answered. */
  readonly answeredBy?: { readonly application: string; readonly publication: number | null };
  /** Requests that the assistant made, oldest first. */
  readonly exchanges?: readonly LoggedRequest[];
  /** Results of identity checks, oldest first, with all codes masked. */
  readonly identified?: readonly { readonly at: number; readonly outcome: IdentityResult }[];
  /** The assistant asked for a handover to people. */
  readonly handover?: HandoverRequest;
  /** How many parts have been checked against the daily caps. Absent: none, or there is no cap. */
  readonly metered?: number;
  /** If even Twilio's list cannot tell whether a part was sent: `hold` it for the operator, or `drop` it. */
  readonly whenUnknown: "hold" | "drop";
  /** Remarks for the operator, shown in the transcript. */
  readonly notes: readonly string[];
}

/** A notice as it was sent. */
export interface StartedNotice {
  readonly at: number;
  /** Two letters and 32 hexadecimal digits, like a MessageSid. */
  readonly id: string;
  /** The list that the notice was for, and the topic that it began. */
  readonly list?: string;
  readonly topic?: string;
  readonly text: string;
  /** The URLs of pictures. */
  readonly media: readonly string[];
}

/** An inbound text as it is stored. */
export interface HeardText {
  readonly at: number;
  readonly sid: string;
  readonly text: string;
  /** The text came during an identity check and is masked. `guess` is the sealed PIN or code, until it is compared. */
  readonly masked?: { readonly guess: string | null };
  readonly media: readonly HeardMedia[];
  readonly segments: number;
  /** The keyword that Twilio's Advanced Opt-Out recognised. */
  readonly optOut?: NonNullable<InboundText["optOut"]>;
}

/**
 * A request that an assistant made, without headers, since they may name secrets. Times are milliseconds since 1970.
 */
export interface LoggedRequest {
  readonly since: number;
  /** Null if the request was too long to store. */
  readonly request: Pick<AssistantRequest, "method" | "url" | "body"> | null;
  /** Null if the request has not ended, or ended after the conversation stopped waiting. */
  readonly end: {
    readonly at: number;
    /** Null if the response was too long to store. */
    readonly outcome: RequestOutcome | null;
  } | null;
}

/** A medium of an inbound text. */
export interface HeardMedia extends InboundMedia {
  /** A signed URL of Parley's copy, for assistants. Absent if there is no bucket for copies. */
  readonly link?: string;
  /** Absent if an older release without copies stored the text. */
  readonly copy?: MediaCopy;
}

/** Parley's copy of a medium, from the moment its text is accepted. Making it is idempotent, so no claim is needed. */
export type MediaCopy =
  /** `reason` is why the last try failed; null before the first. */
  | { readonly status: "waiting"; readonly tries: number; readonly dueAt: number; readonly reason: string | null }
  /** `key` is the copy's key in R2; `size` is in bytes. */
  | {
      readonly status: "kept";
      readonly at: number;
      readonly key: string;
      readonly contentType: string;
      readonly size: number;
    }
  /**
   * Too large, or of a type that Parley does not keep. The medium stays at Twilio. An older release stored no
   * `because`.
   */
  | { readonly status: "refused"; readonly at: number; readonly because?: "size" | "type"; readonly reason: string }
  /** The medium could not be fetched. */
  | { readonly status: "lost"; readonly at: number; readonly reason: string }
  /** There is no bucket for copies. */
  | { readonly status: "at-twilio" };

/** One outbound Twilio message. */
export interface Part {
  /** When the part was decided, in milliseconds since 1970. Absent if that was when the turn began. */
  readonly at?: number;
  readonly text: string;
  readonly media: readonly string[];
  /** Characters that smart encoding replaced. Absent if the text is unchanged. */
  readonly replaced?: readonly CharacterReplacement[];
  /** Only the contact may see the digits: transcripts mask them. */
  readonly secret?: true;
  /** Confirms an opt-out; the only part that may be sent after it. */
  readonly confirms?: true;
  /**
   * In flight when the contact opted out. If Twilio did not accept the part, it is never sent again, not even after
   * START.
   */
  readonly barred?: true;
  readonly delivery: Delivery;
}

/**
 * The state of a part on its way through Twilio. A part is POSTed once, and again only if Twilio is known not to have
 * accepted the POST before: `claimed` is stored before the POST. A claim whose POST ended unknown is looked up in
 * Twilio's list before anything is sent again.
 */
export type Delivery =
  | { readonly status: "pending" }
  /** Twilio certainly did not accept the part, but may later. */
  | {
      readonly status: "retrying";
      readonly tries: number;
      readonly dueAt: number;
      readonly error: DeliveryError | null;
    }
  | { readonly status: "claimed"; readonly tries: number; readonly at: number }
  | {
      readonly status: "uncertain";
      readonly tries: number;
      /** When the POST in doubt was claimed. */
      readonly at: number;
      /** When Twilio's list is searched next. */
      readonly settleAt: number;
      /** How many lookups in a row got no answer. */
      readonly asked: number;
      readonly reason: string;
    }
  | {
      readonly status: Exclude<DeliveryStatus, "failed">;
      /** Null if an operator has confirmed a part of unknown SID. */
      readonly sid: string | null;
      readonly at: number;
      readonly error: DeliveryError | null;
    }
  /** With a SID: accepted, then failed on the way. Without: refused. */
  | { readonly status: "failed"; readonly sid: string | null; readonly at: number; readonly error: DeliveryError }
  | { readonly status: "unknown"; readonly at: number; readonly reason: string }
  | { readonly status: "dropped"; readonly at: number; readonly reason: string };
