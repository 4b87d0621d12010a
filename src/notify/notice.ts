import type { JsonValue } from "../core/json.ts";
import type { PhoneNumber } from "../core/phone.ts";
import type { QuietHours } from "../hours/quiet-hours.ts";
import type { LocalizedText } from "../templates/localized-text.ts";

/** A text that Parley begins: to one sender, from one of our numbers. */
export interface Notice {
  /** Two letters and 32 hexadecimal digits; a sender gets no two notices of the same id. */
  readonly id: string;
  readonly number: PhoneNumber;
  /** Only who has switched it on gets the notice; null: it is for this person. */
  readonly list: string | null;
  /** Guests never get what is for linked persons. */
  readonly audience: "linked" | "anyone";
  /** Liquid. */
  readonly text: LocalizedText;
  /** What the text, and the topic, know. */
  readonly variables: Readonly<Record<string, JsonValue>>;
  /** The URL of a picture; Liquid. */
  readonly media: string | null;
  readonly link: { readonly url: string; readonly label: LocalizedText | null } | null;
  /** The topic that it begins when no conversation is open; null: it is only told. */
  readonly topic: string | null;
  /** When, by the person's own clock, it is not said; left out or null: there are no such hours. */
  readonly quiet?: QuietHours | null;
  /** What waits longer is not said any more; milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Told at once, or the beginning of a conversation. */
export type NoticeKind = "simple" | "actionable";

export interface WaitingNotice {
  readonly id: string;
  readonly kind: NoticeKind;
  readonly expiresAt: number;
  /** It is the person's night until then, or a daily cap is reached; left out: neither. */
  readonly notBefore?: number;
}

export function getNoticeKind({ topic }: Notice): NoticeKind {
  return topic === null ? "simple" : "actionable";
}

/** Why a notice is not said. */
export const NOTICE_REFUSALS = {
  "opted-out": "They have opted out of texts from this number.",
  "not-subscribed": "They have not switched the list on.",
  "not-linked": "It is for linked persons, and they are a guest.",
  "no-list": "There is no such list on this number.",
  "no-answer": "Nothing answers on this number.",
  "no-topic": "The application on this number has no such topic.",
  "not-rendered": "Its text could not be made: the template exceeds its limits, or is wrong.",
  empty: "Nothing is left of its text.",
  expired: "It waited too long.",
  cancelled: "It was called off before their turn came.",
  "too-many": "Too many notices wait for them already.",
  country: "The account does not text to their country.",
  capped: "The daily cap of the number or its account is reached.",
} as const;

export type NoticeRefusal = keyof typeof NOTICE_REFUSALS;

/** What has become of a notice, as it is stored. */
export type NoticeRecord =
  | { readonly outcome: "sent"; readonly turn: number }
  | { readonly outcome: "queued"; readonly notice: Notice }
  | { readonly outcome: "refused"; readonly reason: NoticeRefusal };

/**
 * @param waiting those that wait now on the notice's line
 * @returns what has become of a notice by now: one that waits no more was not said, since it had expired or the person had opted out
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
