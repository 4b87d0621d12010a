import type { JsonValue } from "../core/json.ts";
import type { DeliveryError, MessageStatus } from "../core/message-status.ts";
import type { PhoneNumber } from "../core/phone.ts";
import type { QuietHours } from "../hours/quiet-hours.ts";
import type { LocalizedText } from "../templates/localized-text.ts";

/** A text from one number to one contact that is not an answer: a copy of a notification or broadcast. */
export interface Notice {
  /** Two letters and 32 hexadecimal digits. A contact gets only one notice with the same id. */
  readonly id: string;
  readonly number: PhoneNumber;
  /** Only subscribers of this list get the notice; null: no subscription is needed. */
  readonly list: string | null;
  /** `linked`: only contacts that are linked to a person get the notice. */
  readonly audience: "linked" | "anyone";
  /** A Liquid template. */
  readonly text: LocalizedText;
  /** Variables for the text and the topic. */
  readonly variables: Readonly<Record<string, JsonValue>>;
  /** The URL of a picture; a Liquid template. */
  readonly media: string | null;
  readonly link: { readonly url: string; readonly label: LocalizedText | null } | null;
  /** The topic that the notice begins as soon as no conversation is open; null: the notice begins none. */
  readonly topic: string | null;
  /** Hours in the contact's time zone in which the notice is not sent; null or absent: none. */
  readonly quiet?: QuietHours | null;
  /** The notice is not sent after this time; milliseconds since 1970. */
  readonly expiresAt: number;
}

/** `simple`: only sent; `actionable`: begins a conversation. */
export type NoticeKind = "simple" | "actionable";

/** A notice that waits on its line. */
export interface WaitingNotice {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly expiresAt: number;
  /** The end of the contact's quiet hours, or of the day if a daily cap is reached; absent: neither. */
  readonly notBefore?: number;
}

export function getNoticeKind({ topic }: Notice): NoticeKind {
  return topic === null ? "simple" : "actionable";
}

/** The reasons for not sending a notice, with their explanations. */
export const NOTICE_REFUSALS = {
  "opted-out": "The contact has opted out of texts from this number.",
  "not-subscribed": "The contact is not subscribed to the list.",
  "not-linked": "The text is only for linked contacts, and the contact is not linked.",
  "no-list": "The number has no such list.",
  "no-answer": "No application answers on this number.",
  "no-topic": "The application on this number does not have the topic.",
  "not-rendered": "The text could not be rendered: the template is invalid or exceeds its limits.",
  empty: "The rendered text is empty.",
  expired: "The text expired before it could be sent.",
  cancelled: "The broadcast was cancelled before the contact's turn.",
  "too-many": "Too many texts already wait for the contact.",
  country: "The account does not text the contact's country.",
  capped: "The daily cap of the number or its account is reached.",
} as const;

export type NoticeRefusal = keyof typeof NOTICE_REFUSALS;

/** The outcome of a notice, as stored by its Sender. */
export type NoticeRecord =
  | { readonly outcome: "sent"; readonly turn: number }
  | { readonly outcome: "queued"; readonly notice: Notice }
  | { readonly outcome: "refused"; readonly reason: NoticeRefusal };

/** The outcome of a notice, as its Sender reports it to whatever sent the notice. */
export type NoticeReport =
  | {
      readonly outcome: "sent";
      /** Milliseconds since 1970. */
      readonly at: number;
      /** The messages of the notice itself and those that the topic it began has sent since. */
      readonly messages: readonly NoticeMessage[];
      /** The total over all messages; an MMS counts as one. */
      readonly segments: number;
    }
  | { readonly outcome: "queued"; readonly until: number }
  /**
   * If the reason is `capped`, nothing is stored and a retry is decided afresh; only then `until` says when the caps
   * reset.
   */
  | { readonly outcome: "refused"; readonly reason: NoticeRefusal; readonly until?: number };

/** One outbound message that a notice caused. */
export interface NoticeMessage {
  /** The message's id in the transcript: `12.0` for the first part of turn 12. */
  readonly id: string;
  readonly status: MessageStatus;
  /** Twilio's SID; null until Twilio has accepted the message. */
  readonly sid: string | null;
  readonly error: DeliveryError | null;
  /** When the status was last known to change; ISO 8601. */
  readonly at: string;
}

/** The report on a notice that has no record. */
export const UNKNOWN_NOTICE: NoticeReport = { outcome: "refused", reason: "no-answer" };

/**
 * Updates a stored outcome: a notice that was queued, but no longer waits, has expired or was dropped after an opt-out.
 * @param waiting the notices that wait now on the notice's line
 */
export function resolveNoticeRecord(
  record: NoticeRecord,
  waiting: readonly WaitingNotice[],
  now: number,
): NoticeRecord {
  if (record.outcome !== "queued") return record;
  const { id, expiresAt } = record.notice;
  if (expiresAt <= now) return { outcome: "refused", reason: "expired" };
  return waiting.some((each) => each.id === id) ? record : { outcome: "refused", reason: "opted-out" };
}
