import * as z from "zod/mini";
import { PROOF_CHARACTERS } from "../core/limits/consent.ts";
import { listSchema } from "../notify/list.ts";
import { NOTICE_REFUSALS } from "../notify/notice.ts";
import { notificationSchema } from "../notify/notification.ts";
import { letterFirstSlug } from "../schema/ids.ts";
import { messageResource } from "./resources.ts";

/** What the API answers about lists and notifications, and what it takes beside them. */

export const listResource = z.extend(listSchema, {
  id: letterFirstSlug,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

const proof = z.string().check(z.maxLength(PROOF_CHARACTERS));

/** Somebody is to get a list. */
export const subscriberSchema = z.strictObject({
  proof: proof.check(
    z.minLength(1),
    z.describe("How it is known that they want it: a form's URL, a sentence, a case number; it is kept for ever"),
  ),
});

export const unsubscribeSchema = z.strictObject({ proof: z._default(proof, "") });

const STATUS = z
  .enum(["on", "off", "asked"])
  .check(z.describe("`asked`: by text, and the YES that the list wants is missing"));
const BY = z.enum(["person", "carrier", "admin", "import"]);

export const subscriberResource = z.strictObject({
  phone: z.string(),
  status: STATUS,
  since: z.iso.datetime(),
  by: BY,
  proof: z.string().check(z.describe("The SID of the person's text, or what was given as proof")),
});

export const subscribedResource = z.pick(subscriberResource, { phone: true, status: true, since: true, by: true });

export const importResource = z.strictObject({
  changed: z.int(),
  unchanged: z.int(),
  errors: z.array(z.strictObject({ row: z.int().check(z.describe("Row 1 has the names")), detail: z.string() })),
});

export const subscriptionsResource = z.strictObject({
  subscriptions: z
    .array(z.strictObject({ list: z.string(), number: z.string(), status: STATUS, since: z.iso.datetime(), by: BY }))
    .check(z.describe("As they stand now")),
  items: z
    .array(
      z.strictObject({
        number: z.string(),
        list: z.string(),
        status: STATUS,
        at: z.iso.datetime(),
        by: BY,
        proof: z.string(),
      }),
    )
    .check(z.describe("Every change, the latest first")),
  next: z.nullable(z.string()),
});

export const notificationResource = z.extend(notificationSchema, {
  id: z.string(),
  number: z.string(),
  idempotencyKey: z
    .string()
    .check(
      z.describe(
        "The request's own, or the id where it had none. The same request with it notifies nobody twice: it asks again for those to whom it has not come, and tells what has become of the others",
      ),
    ),
  createdAt: z.iso.datetime(),
  sent: z.int(),
  queued: z.int(),
  refused: z.int(),
  unasked: z.int(),
  recipients: z.array(
    z.strictObject({
      phone: z.string(),
      outcome: z
        .enum(["sent", "queued", "refused", "unasked"])
        .check(
          z.describe(
            "`unasked`: nothing is decided on (Parley stopped before it came to them, or a cap was reached), or Parley could not ask just now; the same request with the `idempotencyKey` goes on until the notification expires",
          ),
        ),
      reason: z.optional(z.enum(Object.keys(NOTICE_REFUSALS) as [string, ...string[]])),
      detail: z.optional(z.string()),
      at: z.optional(z.iso.datetime()),
      until: z.optional(
        z.iso
          .datetime()
          .check(
            z.describe(
              "Of `queued`: when it expires. Of `capped`: from when on the same request with the `idempotencyKey` goes on; left out where the notification expires before",
            ),
          ),
      ),
      messages: z.optional(
        z.array(z.pick(messageResource, { id: true, status: true, sid: true, error: true, at: true })),
      ),
    }),
  ),
});
