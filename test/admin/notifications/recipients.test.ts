import { describe, expect, it } from "vitest";
import {
  type NotificationRow,
  type RecipientReport,
  showNotification,
} from "../../../src/admin/notifications/recipients.ts";
import { notificationResource } from "../../../src/admin/notifications/schema.ts";
import { notificationSchema } from "../../../src/notify/notification.ts";

const PHONE = "+14065550140";
const NUMBER = "+14065550101";
const TEN = Date.UTC(2026, 2, 2, 10);
const MIDNIGHT = Date.UTC(2026, 2, 3);
const EXPIRED = "The text expired before it could be sent.";

/** A notification to one person, made at ten. */
function made(more: object = {}): NotificationRow {
  const asked = notificationSchema.parse({ to: { phones: [PHONE] }, number: NUMBER, text: "Hello", ...more });
  return {
    id: "NO1",
    idempotencyKey: null,
    digest: "",
    document: JSON.stringify(asked),
    recipients: JSON.stringify([PHONE]),
    createdAt: TEN,
  };
}

function recipientOf(row: NotificationRow, report: RecipientReport["report"], now = TEN): object | undefined {
  const shown = showNotification(row, [{ phone: PHONE, report }], now);
  return notificationResource.parse(shown).recipients[0];
}

describe("a notification that a cap holds back", () => {
  const capped = { outcome: "refused", reason: "capped", until: MIDNIGHT } as const;

  it("by default expires before the day is over, and promises nothing", () => {
    const shown = recipientOf(made(), capped);
    expect(shown).toEqual({
      phone: PHONE,
      outcome: "refused",
      reason: "capped",
      detail: expect.stringContaining("expires before the day ends (UTC)") as string,
    });
  });

  it.each([
    [MIDNIGHT - TEN + 1_000, "2026-03-03T00:00:00.000Z"],
    // At midnight it has expired.
    [MIDNIGHT - TEN, undefined],
  ])("that waits for %i ms says until when", (wait, until) => {
    const shown = recipientOf(made({ expiresInSeconds: wait / 1_000 }), capped);
    expect([shown !== undefined && "until" in shown ? shown.until : undefined]).toEqual([until]);
  });
});

describe("a notification that is not decided on", () => {
  const EIGHTEEN = Date.UTC(2026, 2, 2, 18);

  it("can be asked for again until it expires", () => {
    const [before, after] = [EIGHTEEN - 1, EIGHTEEN].map((now) => recipientOf(made(), null, now));
    expect(before).toMatchObject({
      outcome: "unasked",
      detail: expect.stringContaining("repeat the same request") as string,
    });
    expect(after).toEqual({ phone: PHONE, outcome: "refused", reason: "expired", detail: EXPIRED });
  });

  it("may have been told where its Sender did not answer", () => {
    expect(recipientOf(made(), "unanswered", EIGHTEEN)).toMatchObject({ outcome: "unasked" });
  });
});
