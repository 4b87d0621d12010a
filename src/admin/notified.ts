import type { PhoneNumber } from "../core/phone.ts";
import type { notifications } from "../db/schema.ts";
import { NOTICE_REFUSALS, type Notice, type NoticeReport } from "../notify/notice.ts";
import { createNotificationNotice, type Notification } from "../notify/notification.ts";

/** A notification as it is stored, and as it is shown with what has become of it. */
export type NotificationRow = typeof notifications.$inferSelect;

/** What a recipient's Sender says. */
export interface RecipientReport {
  readonly phone: PhoneNumber;
  /** Null: it has decided on nothing. `unanswered`: it did not answer, and may have told the person all the same. */
  readonly report: NoticeReport | "unanswered" | null;
}

type Stored = Notification & { readonly number: PhoneNumber };

export function toNotice(row: NotificationRow): Notice {
  const asked = JSON.parse(row.document) as Stored;
  return createNotificationNotice(row.id, asked.number, asked, row.createdAt);
}

export function parseRecipients({ recipients }: NotificationRow): readonly PhoneNumber[] {
  return JSON.parse(recipients) as readonly PhoneNumber[];
}

/** With what has become of it for each recipient, and the key that asks again whom it has not come to. */
export function showNotification(row: NotificationRow, told: readonly RecipientReport[], now: number): object {
  const { expiresAt } = toNotice(row);
  const recipients = told.map(({ phone, report }) => ({ phone, ...showReport(report, expiresAt, now) }));
  const times = (outcome: string) => recipients.filter((each) => each.outcome === outcome).length;
  return {
    id: row.id,
    ...(JSON.parse(row.document) as Stored),
    idempotencyKey: row.idempotencyKey ?? row.id,
    createdAt: new Date(row.createdAt).toISOString(),
    sent: times("sent"),
    queued: times("queued"),
    refused: times("refused"),
    unasked: times("unasked"),
    recipients,
  };
}

const AGAIN = "the same request with the Idempotency-Key of this notification asks again.";

function showReport(report: RecipientReport["report"], expiresAt: number, now: number) {
  if (report === "unanswered") return { outcome: "unasked", detail: `Parley could not ask for this person: ${AGAIN}` };
  // Nobody can ask any more.
  if (report === null && expiresAt <= now) return showRefused("expired");
  switch (report?.outcome) {
    case undefined:
      return { outcome: "unasked", detail: `Nothing is decided on yet: ${AGAIN}` };
    case "sent":
      return { outcome: report.outcome, at: new Date(report.at).toISOString(), messages: report.messages };
    case "queued":
      return { outcome: report.outcome, until: new Date(report.until).toISOString() };
    case "refused":
      return report.reason === "capped" ? showCapped(report.until, expiresAt) : showRefused(report.reason);
  }
}

function showRefused(reason: keyof typeof NOTICE_REFUSALS) {
  return { outcome: "refused", reason, detail: NOTICE_REFUSALS[reason] };
}

/** Nobody is sent away until a moment at which the notice will have expired. */
function showCapped(until: number | undefined, expiresAt: number) {
  const refused = showRefused("capped");
  if (until !== undefined && until < expiresAt)
    return {
      ...refused,
      detail: `${refused.detail} From \`until\` on ${AGAIN}`,
      until: new Date(until).toISOString(),
    };
  const detail = `${refused.detail} This notification expires before the day is over (UTC): make another one then, or give one more time to wait (expiresInSeconds).`;
  return { ...refused, detail };
}
