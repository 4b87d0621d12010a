import type { NoticeRefusal, NoticeReport } from "../notify/notice.ts";

/** The reason why a contact of the audience is not texted. */
export type SkipReason = NoticeRefusal;

/** The results of a broadcast so far, in recipients except for `segments` and `messages`. */
export interface BroadcastTally {
  /** Recipients whose text was handed to Twilio or is about to be; includes the next three. */
  readonly sent: number;
  readonly delivered: number;
  readonly failed: number;
  /** Recipients of whom it is unknown whether Twilio accepted the text, or who opted out before it was sent. */
  readonly unknown: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  /** The segments of all texts sent. */
  readonly segments: number;
  /** Messages put into the Cloudflare queue, which are billed. */
  readonly messages: number;
}

export const EMPTY_TALLY: BroadcastTally = {
  sent: 0,
  delivered: 0,
  failed: 0,
  unknown: 0,
  skipped: {},
  segments: 0,
  messages: 0,
};

export function countSkipped(tally: BroadcastTally, reason: SkipReason, recipients: number): BroadcastTally {
  if (recipients === 0) return tally;
  return { ...tally, skipped: { ...tally.skipped, [reason]: (tally.skipped[reason] ?? 0) + recipients } };
}

/** The delivery of a text; `open` until it is final. */
export type DeliveryOutcome = "open" | "delivered" | "failed" | "unknown";

const DELIVERY_OUTCOMES: Readonly<Record<string, DeliveryOutcome>> = {
  delivered: "delivered",
  undelivered: "failed",
  failed: "failed",
  unknown: "unknown",
  dropped: "unknown",
};

/** @returns the combined outcome of all messages of a notice: `open` while one of them is, then the worst */
export function combineDeliveries({ messages }: Extract<NoticeReport, { outcome: "sent" }>): DeliveryOutcome {
  const outcomes = new Set(messages.map(({ status }) => DELIVERY_OUTCOMES[status] ?? "open"));
  return (["open", "failed", "unknown"] as const).find((outcome) => outcomes.has(outcome)) ?? "delivered";
}
