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

/** Everything a Sender decides with; one row of its storage. Turns, which grow without end, are rows of their own. */
export interface SenderState {
  readonly version: 2;
  /** The person's phone number. */
  readonly phone: PhoneNumber;
  /** The number of the next turn; turns count from 1. */
  readonly nextTurn: number;
  /** No turn before this one has a part that still waits to be sent. */
  readonly firstUnsent: number;
  /** Turns whose media may still wait to be copied, oldest first; absent before the first of them. */
  readonly mediaTurns?: readonly number[];
  /** Of the ledger of consent: the id of its next entry, and of the last that D1 knows; left out: there is none. */
  readonly consents?: { readonly next: number; readonly told: number };
  /** The origin that Twilio reaches us by, for the callbacks of parts that are sent later. */
  readonly origin: string;
  /** How fast their texts have come; left out: nobody limits them. */
  readonly pacing?: RateLimitMemory;
  /** What was held back of them, by our number, day and reason, until D1 knows it and the day is over; left out: nothing. */
  readonly heldBack?: readonly HeldBackCount[];
  /** By our number. */
  readonly lines: Readonly<Record<PhoneNumber, Line>>;
}

/** Sender ⇄ number. */
export interface Line {
  readonly account: string;
  /** The Messaging Service that the number is of, where its last text named one: consent holds for all numbers of it. */
  readonly service?: string;
  readonly consent: Consent;
  readonly conversation: Conversation;
  /** Turns whose texts wait until the assistant is ready for them, oldest first; left out: none. */
  readonly waiting?: readonly number[];
  /** Notices that wait for their turn, oldest first; left out: none. */
  readonly notices?: readonly WaitingNotice[];
  /** What the person gets of our lists; left out: they never had one. */
  readonly subscriptions?: LineSubscriptions;
  /** What we have asked of a list: the next text may answer it; left out: nothing. */
  readonly listQuestion?: ListQuestion;
  /** A BCP 47 tag: what the person has spoken last, where that was another language than the application's. */
  readonly language?: string;
  /** Who has shown that they are at the other end; ask `personOn` whether that still holds. Left out: nobody. */
  readonly link?: PersonLink;
  /** Until then what looks like a PIN or a code is masked, since signing in was locked; left out: it was not. */
  readonly masksUntil?: number;
  /** What the guard against loops remembers; left out: nothing. */
  readonly talk?: LoopMemory;
}

/** A closed conversation never reopens: the next text starts a new one. */
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
  /** The number of its first turn. */
  readonly id: string;
  readonly application: string;
  /**
   * The last publication of the configuration that it knows: what is published later is for later conversations. Null: a trial, which
   * follows the drafts; 0: none was known yet.
   */
  readonly publication: number | null;
  /** A BCP 47 tag. */
  readonly language: string;
  readonly openedAt: number;
  /** Its latest turn. */
  readonly turn: number;
  /** When it ends, unless another text comes first. */
  readonly idleAt: number;
  /** Whether its end is to be told, when that comes by idleness. */
  readonly farewell: boolean;
  /** How many requests its assistant has made, and callbacks it has waited for. */
  readonly asked: number;
  /** Texts that come while the assistant is busy get one answer. */
  readonly joins?: true;
  /** How many messages the turn has sent before what it waits for now, without the person and without a pause; left out: none. */
  readonly spent?: number;
  readonly memory: AssistantMemory | null;
  readonly rest: Wait;
  /** Why the last of the parts that have failed since its latest text has; left out: none has, or nobody has heard of it yet. */
  readonly undelivered?: DeliveryError;
}

/** What an open conversation waits for. */
export type Wait =
  /** The person; at `silentAt` the assistant hears that they are silent. */
  { readonly kind: "text"; readonly silentAt: number | null; readonly silences: number } | NonTextWait;

/** At `momentAt`, where that is there, the person hears that the answer takes a moment: once a turn. */
export type NonTextWait = (
  | /** The answer to a request of the assistant's, which is made again if nobody has heard its end. */
  { readonly kind: "request"; readonly request: AssistantRequest; readonly id: string; readonly since: number }
  /** Answers that somebody brings, until then. */
  | { readonly kind: "callback"; readonly id: string; readonly until: number }
  /** What becomes of our copy of a medium of its latest turn; until then. */
  | { readonly kind: "file"; readonly index: number; readonly until: number }
  | { readonly kind: "pause"; readonly until: number }
  /** The person showing who they are, until then; in some phases of it they are asked for something, and their texts do not wait. */
  | { readonly kind: "link"; readonly linking: IdentityCheck; readonly until: number }
) & { readonly momentAt?: number };

/** What begins a turn, and all that it causes; one row. */
export type Turn = HeardTurn | NoticeTurn;

/** A text of the person's. */
export interface HeardTurn extends TurnBase {
  readonly kind: "heard";
  readonly heard: HeardText;
  /** When the assistant heard the text, where it was busy before; milliseconds since 1970. */
  readonly waitedUntil?: number;
}

/** A text that we begin. */
export interface NoticeTurn extends TurnBase {
  readonly kind: "notice";
  readonly notice: StartedNotice;
  /** As it was asked for, until something of it has gone out: before that, it may have to wait again. */
  readonly asked?: Notice;
  /** Until when it may be said; left out: an older release did not ask, or an operator has sent it again. */
  readonly term?: NoticeTerm;
}

/** Of a notice. Milliseconds since 1970. */
export interface NoticeTerm {
  /** What has not been POSTed of it by then is not any more: it has expired, or the person's night begins. */
  readonly until: number;
  /** When that night is over, where it may be said afterwards; null: it may not. */
  readonly resumes: number | null;
}

/** What a turn causes. */
interface TurnBase {
  readonly id: number;
  readonly number: PhoneNumber;
  readonly account: string;
  readonly conversation: string;
  readonly parts: readonly Part[];
  /** The application that answered last, as it was at a publication (null: a trial's drafts); left out: none has. */
  readonly answeredBy?: { readonly application: string; readonly publication: number | null };
  /** Requests that the assistant made, oldest first; left out: none. */
  readonly exchanges?: readonly LoggedRequest[];
  /** What became of finding out who the person is, oldest first, without any code; left out: nothing. */
  readonly identified?: readonly { readonly at: number; readonly outcome: IdentityResult }[];
  /** The assistant wanted the person to be handed over. */
  readonly handover?: HandoverRequest;
  /** So many of its parts a daily cap has let through, or held back; left out: none, and where there is no cap none needs to be. */
  readonly metered?: number;
  /** What becomes of a part that may or may not have been taken, when even Twilio's list cannot tell: held for the operator, or dropped. */
  readonly whenUnknown: "hold" | "drop";
  /** What the operator may want to know of how it was answered. */
  readonly notes: readonly string[];
}

/** A notice that its turn has come for, as it was said. */
export interface StartedNotice {
  readonly at: number;
  /** The notice's own id: two letters and 32 hexadecimal digits, as a MessageSid has. */
  readonly id: string;
  /** The list that it was for, and the topic that it began; left out: none. */
  readonly list?: string;
  readonly topic?: string;
  readonly text: string;
  /** The URL of each picture. */
  readonly media: readonly string[];
}

export interface HeardText {
  readonly at: number;
  readonly sid: string;
  readonly text: string;
  /** It came while a PIN or a code was asked, so that the text is a mask; `guess` is what may be one, sealed, until it is compared. */
  readonly masked?: { readonly guess: string | null };
  readonly media: readonly HeardMedia[];
  readonly segments: number;
  /** What Twilio's Advanced Opt-Out took it for; left out: nothing. */
  readonly optOut?: NonNullable<InboundText["optOut"]>;
}

/** A request of the assistant's; times are milliseconds since 1970. What headers it had, which may name secrets, is not remembered. */
export interface LoggedRequest {
  readonly since: number;
  /** Null: it was too long to be kept. */
  readonly request: Pick<AssistantRequest, "method" | "url" | "body"> | null;
  /** Null: it has not ended, or nobody waits for it any more. */
  readonly end: {
    readonly at: number;
    /** Null: it was too long to be kept. */
    readonly outcome: RequestOutcome | null;
  } | null;
}

/** What a person has sent beside their text. */
export interface HeardMedia extends InboundMedia {
  /** A signed URL of our copy, for assistants; left out where Parley keeps none. */
  readonly link?: string;
  /** Absent where Parley kept no copies yet when it came. */
  readonly copy?: MediaCopy;
}

/** Our copy of a medium, from when its text was accepted. To make it is idempotent: no claim is needed. */
export type MediaCopy =
  /** `reason` is why the last try has failed. */
  | { readonly status: "waiting"; readonly tries: number; readonly dueAt: number; readonly reason: string | null }
  /** `key` is where it is in R2, `size` in bytes. */
  | {
      readonly status: "kept";
      readonly at: number;
      readonly key: string;
      readonly contentType: string;
      readonly size: number;
    }
  /** Too large, or of a type that Parley does not keep; it stays at Twilio. An older release did not store which of them it was. */
  | { readonly status: "refused"; readonly at: number; readonly because?: "size" | "type"; readonly reason: string }
  /** It could not be had. */
  | { readonly status: "lost"; readonly at: number; readonly reason: string }
  /** This Parley has no bucket. */
  | { readonly status: "at-twilio" };

/** One outbound Twilio message. */
export interface Part {
  /** When it was decided, milliseconds since 1970; left out: as the turn's text came in. */
  readonly at?: number;
  readonly text: string;
  readonly media: readonly string[];
  /** Only where smart encoding has changed the text. */
  readonly replaced?: readonly CharacterReplacement[];
  /** Its digits are shown to nobody but the person. */
  readonly secret?: true;
  /** It confirms an opt-out: the one thing that is sent after it. */
  readonly confirms?: true;
  /** It was on its way when the sender opted out: where Twilio has not taken it, it is never sent again, not even after START. */
  readonly barred?: true;
  readonly delivery: Delivery;
}

/**
 * The life of a part. At most one POST goes out for it, unless Twilio is known not to have taken the one before:
 * `claimed` is stored before the POST; whoever finds a claim without knowing how its POST ended waits until `settleAt` and asks
 * Twilio's list before anything is sent again.
 */
export type Delivery =
  | { readonly status: "pending" }
  /** Twilio has certainly not taken it, and may take it later. */
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
      readonly settleAt: number;
      readonly asked: number;
      readonly reason: string;
    }
  | {
      readonly status: Exclude<DeliveryStatus, "failed">;
      /** Null where an operator knows that it was sent, and nobody knows under which SID. */
      readonly sid: string | null;
      readonly at: number;
      readonly error: DeliveryError | null;
    }
  /** With a SID: taken, and failed on its way. Without: refused, never taken. */
  | { readonly status: "failed"; readonly sid: string | null; readonly at: number; readonly error: DeliveryError }
  | { readonly status: "unknown"; readonly at: number; readonly reason: string }
  | { readonly status: "dropped"; readonly at: number; readonly reason: string };
