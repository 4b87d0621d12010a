import { eq, lt, or } from "drizzle-orm";
import * as z from "zod/mini";
import { resolvePublicOrigin } from "../../configuration/public-origin.ts";
import { loadLatestConfiguration } from "../../configuration/store.ts";
import { encodeUtf8, toHex } from "../../core/bytes.ts";
import { SENDERS_AT_ONCE } from "../../core/limits/admin.ts";
import { NOTIFICATION_KEPT_MILLISECONDS } from "../../core/limits/notify.ts";
import { logEvent } from "../../core/log.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import { createProblem } from "../../core/problem-document.ts";
import { type DrizzleDatabase, openDatabase, splitIntoChunks } from "../../db/database.ts";
import { notifications } from "../../db/schema.ts";
import type { NoticeReport } from "../../notify/notice.ts";
import type { Notification } from "../../notify/notification.ts";
import { answer, json, respondNotFound } from "../http/answer.ts";
import { type AdminContext, jsonBody } from "../http/body.ts";
import { lookup, type Route, route } from "../http/route.ts";
import { resolveAddresses } from "./checks.ts";
import {
  createNotice,
  type NotificationRow,
  parsePhones,
  type RecipientReport,
  showNotification,
} from "./recipients.ts";
import { idempotencyKey, NOTIFICATION_EXAMPLE, notificationBody, notificationResource } from "./schema.ts";

/** The form of a notification's id; a new key never has it. */
const NOTIFICATION_ID = /^NO[0-9a-f]{32}$/u;

/**
 * A notification is stored first; then each recipient's Sender is called, which decides and never sends twice. A
 * client that gets no answer, or an `unasked` recipient, repeats the request with its `Idempotency-Key`, or with the
 * notification's id if it had none.
 */
export const notificationRoutes: readonly Route[] = [
  route({
    tag: "Notifications",
    method: "post",
    path: "/v1/notifications",
    operationId: "createNotification",
    summary: "Text contacts at once, or after their conversation",
    headers: { "Idempotency-Key": z.optional(idempotencyKey) },
    body: jsonBody(notificationBody, NOTIFICATION_EXAMPLE),
    responses: {
      200: json("The request is a repetition; the outcomes by now.", notificationResource),
      201: json("The notification was created; the outcomes by now.", notificationResource),
      422: "The notification is invalid, or the Idempotency-Key was used for another request.",
    },
    handle: async ({ headers: { "Idempotency-Key": key = null }, body }, c) => {
      const db = openDatabase(c.env.DB);
      const digest = await digestOf(body);
      const before = key === null ? undefined : await findByKey(db, key);
      if (before !== undefined) return await repeatRequest(c, before, digest);
      if (key !== null && NOTIFICATION_ID.test(key))
        return createProblem(
          422,
          `The Idempotency-Key ${key} is the id of a notification that does not exist (any more). Choose another key.`,
        );
      const snapshot = await loadLatestConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
      const addresses = await resolveAddresses(db, body, snapshot);
      if ("detail" in addresses) return addresses;
      const now = Date.now();
      const row: NotificationRow = {
        id: `NO${toHex(crypto.getRandomValues(new Uint8Array(16)))}`,
        idempotencyKey: key,
        digest,
        document: JSON.stringify({ ...body, number: addresses.number }),
        recipients: JSON.stringify(addresses.phones),
        createdAt: now,
      };
      const [, stored] = await db.batch([
        db.delete(notifications).where(lt(notifications.createdAt, now - NOTIFICATION_KEPT_MILLISECONDS)),
        db.insert(notifications).values(row).onConflictDoNothing().returning({ id: notifications.id }),
      ]);
      // Nothing was stored if another request brought the same key meanwhile.
      const other = stored.length === 0 && key !== null ? await findByKey(db, key) : undefined;
      if (other !== undefined) return await repeatRequest(c, other, digest);
      return answer(201, await notifyRecipients(c, row, snapshot.revision));
    },
  }),
  route({
    tag: "Notifications",
    method: "get",
    path: "/v1/notifications/{id}",
    operationId: "getNotification",
    summary: "Get a notification with the outcome for each recipient",
    parameters: { id: lookup(z.string()) },
    responses: { 200: json("The notification.", notificationResource), 404: "The notification does not exist." },
    handle: async ({ parameters: { id } }, c) => {
      const row = await openDatabase(c.env.DB).select().from(notifications).where(eq(notifications.id, id)).get();
      if (row === undefined) return respondNotFound(`notification ${id}`);
      const reports = await collectReports(
        parsePhones(row),
        async (phone) => await c.env.SENDER.getByName(phone).noticed(id),
      );
      return answer(200, showNotification(row, reports, Date.now()));
    },
  }),
];

async function repeatRequest(c: AdminContext, row: NotificationRow, digest: string) {
  if (row.digest !== digest)
    return createProblem(
      422,
      `The Idempotency-Key was used for notification ${row.id}, whose request had another body. Choose another key.`,
    );
  const { revision } = await loadLatestConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
  return answer(200, await notifyRecipients(c, row, revision));
}

/** Calls every recipient's Sender; one that was called before only reports. */
async function notifyRecipients(c: AdminContext, row: NotificationRow, revision: number) {
  const origin = resolvePublicOrigin(c.env, c.req.url);
  const notice = createNotice(row);
  const reports = await collectReports(
    parsePhones(row),
    async (phone) => await c.env.SENDER.getByName(phone).notify({ phone, notice, origin, revision }),
  );
  return showNotification(row, reports, Date.now());
}

/** Calls Senders, a few at a time. One that fails does not keep the others from being called and shown. */
async function collectReports(
  phones: readonly PhoneNumber[],
  call: (phone: PhoneNumber) => Promise<NoticeReport | null>,
): Promise<readonly RecipientReport[]> {
  const reports: RecipientReport[] = [];
  for (const some of splitIntoChunks(phones, SENDERS_AT_ONCE))
    reports.push(
      ...(await Promise.all(some.map(async (phone) => ({ phone, report: await call(phone).catch(logFailure) })))),
    );
  return reports;
}

function logFailure(error: unknown): "unanswered" {
  logEvent("warn", "notice-unanswered", { error: error instanceof Error ? error.name : "unknown" });
  return "unanswered";
}

/** @param key a client's key, or the id of a notification */
async function findByKey(db: DrizzleDatabase, key: string): Promise<NotificationRow | undefined> {
  return await db
    .select()
    .from(notifications)
    .where(or(eq(notifications.idempotencyKey, key), eq(notifications.id, key)))
    .get();
}

async function digestOf(notification: Notification): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", encodeUtf8(JSON.stringify(notification)))));
}
