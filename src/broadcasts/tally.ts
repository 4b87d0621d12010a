import type { NoticeRefusal } from "../notify/notice.ts";
import type { NoticeReport } from "../sender/records/notice-report.ts";

/** Why somebody of the audience is not texted. */
export type SkipReason = NoticeRefusal;

/** People, but for the last two. */
export interface BroadcastTally {
  /** Their text is at Twilio, or on its way there; the next three are some of these. */
  readonly sent: number;
  readonly delivered: number;
  readonly failed: number;
  /** Nobody knows whether Twilio took it, or STOP came in between. */
  readonly unknown: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  /** Of all that was sent. */
  readonly segments: number;
  /** Messages put into the queue, for its bill. */
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

export function countSkipped(tally: BroadcastTally, reason: SkipReason, people: number): BroadcastTally {
  if (people === 0) return tally;
  return { ...tally, skipped: { ...tally.skipped, [reason]: (tally.skipped[reason] ?? 0) + people } };
}

/** What has become of a text that was sent. */
export type DeliveryOutcome = "open" | "delivered" | "failed" | "unknown";

const DELIVERY_OUTCOMES: Readonly<Record<string, DeliveryOutcome>> = {
  delivered: "delivered",
  undelivered: "failed",
  failed: "failed",
  unknown: "unknown",
  dropped: "unknown",
};

/** @returns the fate of all its messages together: the worst, once each is known */
export function combineDeliveries({ messages }: Extract<NoticeReport, { outcome: "sent" }>): DeliveryOutcome {
  const fates = new Set(messages.map(({ status }) => DELIVERY_OUTCOMES[status] ?? "open"));
  return (["open", "failed", "unknown"] as const).find((fate) => fates.has(fate)) ?? "delivered";
}
