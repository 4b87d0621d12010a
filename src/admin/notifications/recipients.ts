import type { PhoneNumber } from "../../core/phone.ts";
import type { notifications } from "../../db/schema.ts";
import type { NoticeReport } from "../../notify/notice.ts";
import { NOTICE_REFUSALS, type Notice, type NoticeRefusal } from "../../notify/notice.ts";
import { createNotificationNotice, type Notification } from "../../notify/notification.ts";

/** A notification as it is stored. */
export type NotificationRow = typeof notifications.$inferSelect;

/** The report of a recipient's Sender. */
export interface RecipientReport {
  readonly phone: PhoneNumber;
  /** Null: not decided. `unanswered`: the Sender did not answer; it may still have texted the contact. */
  readonly report: NoticeReport | "unanswered" | null;
}

type StoredNotification = Notification & { readonly number: PhoneNumber };

export function createNotice(row: NotificationRow): Notice {
  const notification = JSON.parse(row.document) as StoredNotification;
  return createNotificationNotice(row.id, notification.number, notification, row.createdAt);
}

export function parsePhones({ recipients }: NotificationRow): readonly PhoneNumber[] {
  return JSON.parse(recipients) as readonly PhoneNumber[];
}

/** Shows a notification with the outcome for each recipient. */
export function showNotification(row: NotificationRow, reports: readonly RecipientReport[], now: number) {
  const { expiresAt } = createNotice(row);
  const recipients = reports.map(({ phone, report }) => ({ phone, ...showReport(report, expiresAt, now) }));
  const countOf = (outcome: string) => recipients.filter((each) => each.outcome === outcome).length;
  return {
    id: row.id,
    ...(JSON.parse(row.document) as StoredNotification),
    idempotencyKey: row.idempotencyKey ?? row.id,
    createdAt: new Date(row.createdAt).toISOString(),
    sent: countOf("sent"),
    queued: countOf("queued"),
    refused: countOf("refused"),
    unasked: countOf("unasked"),
    recipients,
  };
}

const REPEAT = "repeat the same request with this notification's Idempotency-Key.";

function showReport(report: RecipientReport["report"], expiresAt: number, now: number) {
  if (report === "unanswered")
    return { outcome: "unasked", detail: `Parley could not reach this contact's data: ${REPEAT}` } as const;
  // Repeating the request is of no use any more.
  if (report === null && expiresAt <= now) return showRefusal("expired");
  switch (report?.outcome) {
    case undefined:
      return { outcome: "unasked", detail: `Not decided yet: ${REPEAT}` } as const;
    case "sent":
      return { outcome: report.outcome, at: new Date(report.at).toISOString(), messages: report.messages };
    case "queued":
      return { outcome: report.outcome, until: new Date(report.until).toISOString() };
    case "refused":
      return report.reason === "capped" ? showCap(report.until, expiresAt) : showRefusal(report.reason);
  }
}

function showRefusal(reason: NoticeRefusal) {
  return { outcome: "refused", reason, detail: NOTICE_REFUSALS[reason] } as const;
}

/** Names no time to repeat the request if the notification has expired by then. */
function showCap(until: number | undefined, expiresAt: number) {
  const refusal = showRefusal("capped");
  if (until !== undefined && until < expiresAt)
    return {
      ...refusal,
      detail: `${refusal.detail} After \`until\`, ${REPEAT}`,
      until: new Date(until).toISOString(),
    };
  const detail = `${refusal.detail} This notification expires before the day ends (UTC). Send another one then, or use a longer expiresInSeconds.`;
  return { ...refusal, detail };
}
