import * as z from "zod/mini";
import { NOTICE_REFUSALS, type NoticeRefusal } from "../../notify/notice.ts";
import { notificationSchema } from "../../notify/notification.ts";
import { named } from "../../schema/named.ts";
import { messageResource } from "../senders/schema.ts";

export const notificationBody = named("NotificationBody", notificationSchema);

export const NOTIFICATION_EXAMPLE = {
  to: { phones: ["+12025550140"] },
  number: "+12025550100",
  text: "Your order {{ order }} is ready.",
  variables: { order: "4711" },
};

export const idempotencyKey = z
  .string()
  .check(
    z.regex(/^[\x21-\x7e]{1,200}$/u, "must be 1 to 200 printable ASCII characters without spaces"),
    z.describe(
      "Makes the request safe to repeat: recipients that have the text or have refused it do not get it again; the others are tried again. The id of a notification works as its key too, even if it was created without one (`idempotencyKey` of the answer)",
    ),
  );

const RECIPIENT_OUTCOMES = ["sent", "queued", "refused", "unasked"] as const;

const recipientResource = named(
  "NotificationRecipient",
  z.strictObject({
    phone: z.string(),
    outcome: z
      .enum(RECIPIENT_OUTCOMES)
      .check(
        z.describe(
          "`sent`: handed to Twilio, or on its way there; `queued`: waits until the contact's conversation is over; `refused`: will not be sent; `unasked`: not decided, because Parley was interrupted, could not reach the contact's data, or reached a daily cap. Repeat the request with the `idempotencyKey` to go on, until the notification expires",
        ),
      ),
    reason: z.optional(z.enum(Object.keys(NOTICE_REFUSALS) as [NoticeRefusal, ...NoticeRefusal[]])),
    detail: z.optional(z.string()),
    at: z.optional(z.iso.datetime()),
    until: z.optional(
      z.iso
        .datetime()
        .check(
          z.describe(
            "If `queued`: when the notification expires. If `capped`: when repeating the request can succeed; absent if the notification expires before",
          ),
        ),
    ),
    messages: z.optional(
      z.array(z.pick(messageResource, { id: true, status: true, sid: true, error: true, at: true })),
    ),
  }),
);

export const notificationResource = named(
  "Notification",
  z.extend(notificationSchema, {
    id: z.string(),
    number: z.string(),
    idempotencyKey: z
      .string()
      .check(
        z.describe(
          "The request's Idempotency-Key, or the id if the request had none. Repeat the request with this key to try recipients that are `unasked` again; the others do not get the text twice",
        ),
      ),
    createdAt: z.iso.datetime(),
    sent: z.int().check(z.describe("Number of recipients with the outcome `sent`")),
    queued: z.int(),
    refused: z.int(),
    unasked: z.int(),
    recipients: z.array(recipientResource),
  }),
);
