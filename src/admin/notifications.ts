import { eq, lt, or } from "drizzle-orm";
import { Hono } from "hono";
import * as z from "zod/mini";
import { resolvePublicOrigin } from "../configuration/public-origin.ts";
import type { ConfigurationSnapshot } from "../configuration/snapshot.ts";
import { loadLatestConfiguration } from "../configuration/store.ts";
import { encodeUtf8, toHex } from "../core/bytes.ts";
import { SENDERS_AT_ONCE } from "../core/limits/admin.ts";
import { NOTIFICATION_KEPT_MILLISECONDS, RECIPIENTS_PER_NOTIFICATION } from "../core/limits/notify.ts";
import { logEvent } from "../core/log.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { createProblem, type FieldProblem, type ProblemDocument, toProblemResponse } from "../core/problem-document.ts";
import { type DrizzleDatabase, openDatabase, splitIntoChunks } from "../db/database.ts";
import { notifications } from "../db/schema.ts";
import type { NoticeReport } from "../notify/notice.ts";
import { type Notification, notificationSchema } from "../notify/notification.ts";
import { listSubscribers } from "../notify/store.ts";
import { type AdminContext, checkValue, parseBody, respondNotFound } from "./http.ts";
import { type NotificationRow, parseRecipients, type RecipientReport, showNotification, toNotice } from "./notified.ts";

export const notificationRoutes = new Hono<{ Bindings: Env }>();

const idempotencyKey = z
  .string()
  .check(z.regex(/^[\x21-\x7e]{1,200}$/u, "must be 1 to 200 printable ASCII characters without a space"));

/** What the ids of notifications look like: such a key is never a new one. */
const NOTIFICATION_ID = /^NO[0-9a-f]{32}$/u;

/**
 * Notifies: stores who is to get what, then asks each person's Sender, which decides and lets nothing happen twice. Whoever hears no answer,
 * or hears that somebody could not be asked, asks again with the same `Idempotency-Key`; where there was none it is the notification's id.
 */
notificationRoutes.post("/", async (c) => {
  const given = checkValue(
    z.optional(idempotencyKey),
    c.req.header("idempotency-key"),
    400,
    "The Idempotency-Key is none.",
  );
  if (!given.ok) return toProblemResponse(given.failure);
  const body = await parseBody(c, notificationSchema);
  if (!body.ok) return toProblemResponse(body.failure);
  const db = openDatabase(c.env.DB);
  const digest = await digestOf(body.value);
  const key = given.value ?? null;
  const before = key === null ? undefined : await findByKey(db, key);
  if (before !== undefined) return await again(c, before, digest);
  if (key !== null && NOTIFICATION_ID.test(key)) return toProblemResponse(createProblem(422, nothingLeft(key)));
  const snapshot = await loadLatestConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
  const addressed = await address(db, body.value, snapshot);
  if ("status" in addressed) return toProblemResponse(addressed);
  const now = Date.now();
  const row: NotificationRow = {
    id: `NO${toHex(crypto.getRandomValues(new Uint8Array(16)))}`,
    idempotencyKey: key,
    digest,
    document: JSON.stringify({ ...body.value, number: addressed.number }),
    recipients: JSON.stringify(addressed.phones),
    createdAt: now,
  };
  const [, stored] = await db.batch([
    db.delete(notifications).where(lt(notifications.createdAt, now - NOTIFICATION_KEPT_MILLISECONDS)),
    db.insert(notifications).values(row).onConflictDoNothing().returning({ id: notifications.id }),
  ]);
  // Somebody else came with the same key in between.
  const other = stored.length === 0 && key !== null ? await findByKey(db, key) : undefined;
  return other === undefined ? c.json(await notifyAll(c, row, snapshot.revision), 201) : await again(c, other, digest);
});

notificationRoutes.get("/:id", async (c) => {
  const id = c.req.param("id");
  const row = await openDatabase(c.env.DB).select().from(notifications).where(eq(notifications.id, id)).get();
  if (row === undefined) return respondNotFound(`notification ${id}`);
  const reports = await eachOf(parseRecipients(row), async (phone) => await c.env.SENDER.getByName(phone).noticed(id));
  return c.json(showNotification(row, reports, Date.now()));
});

function nothingLeft(key: string): string {
  return `The Idempotency-Key is the id of a notification, and there is no ${key} (any more); give a new one a key of its own.`;
}

async function again(c: AdminContext, row: NotificationRow, digest: string): Promise<Response> {
  if (row.digest === digest) {
    const { revision } = await loadLatestConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
    return c.json(await notifyAll(c, row, revision), 200);
  }
  const detail = `This Idempotency-Key came with another body before, for notification ${row.id}; give each request a key of its own.`;
  return toProblemResponse(createProblem(422, detail));
}

/** Asks every Sender; one that was asked before only says what has become of it. */
async function notifyAll(c: AdminContext, row: NotificationRow, revision: number): Promise<object> {
  const origin = resolvePublicOrigin(c.env, c.req.url);
  const notice = toNotice(row);
  const reports = await eachOf(
    parseRecipients(row),
    async (phone) => await c.env.SENDER.getByName(phone).notify({ phone, notice, origin, revision }),
  );
  return showNotification(row, reports, Date.now());
}

interface Addressed {
  readonly number: PhoneNumber;
  readonly phones: readonly PhoneNumber[];
}

/** @returns who gets it from which number, or what is wrong */
async function address(
  db: DrizzleDatabase,
  asked: Notification,
  snapshot: ConfigurationSnapshot,
): Promise<Addressed | ProblemDocument> {
  const { to } = asked;
  const id = "list" in to ? to.list : asked.list;
  const list = id === undefined ? undefined : snapshot.lists.get(id);
  const number = asked.number ?? list?.number;
  const wrong = problemsOf(asked, number, snapshot);
  if (number === undefined || wrong.length > 0) return createProblem(422, "Nobody can be notified so.", wrong);
  if ("phones" in to) return { number, phones: [...new Set(to.phones)] };
  const rows = await listSubscribers(db, to.list, "on", "", RECIPIENTS_PER_NOTIFICATION + 1);
  if (rows.length <= RECIPIENTS_PER_NOTIFICATION) return { number, phones: rows.map(({ phone }) => phone) };
  const detail = `More than ${RECIPIENTS_PER_NOTIFICATION} people have "${to.list}" on: that is for a broadcast, which texts them at the pace that Twilio carries.`;
  return createProblem(422, detail, [{ pointer: "/to/list", detail }]);
}

function problemsOf(
  asked: Notification,
  number: PhoneNumber | undefined,
  snapshot: ConfigurationSnapshot,
): readonly FieldProblem[] {
  const { to, topic } = asked;
  const [pointer, id] = "list" in to ? ["/to/list", to.list] : ["/list", asked.list];
  const list = id === undefined ? undefined : snapshot.lists.get(id);
  if (id !== undefined && list === undefined) return [{ pointer, detail: `There is no list "${id}".` }];
  if (number === undefined) return [{ pointer: "/number", detail: "Say which of your numbers it comes from." }];
  const own = snapshot.numbers.get(number);
  if (own === undefined) return [{ pointer: "/number", detail: `There is no number ${number}.` }];
  if (list !== undefined && list.number !== number)
    return [{ pointer: "/number", detail: `The list "${list.id}" is on ${list.number}.` }];
  const begins = snapshot.findApplication(own.application)?.assistant.canBeginTopic;
  if (topic === undefined || begins?.(topic) === true) return [];
  return [{ pointer: "/topic", detail: `The application "${own.application}" on ${number} has no topic "${topic}".` }];
}

/** Asks the Senders, some at a time. One that fails keeps nobody from hearing what has become of the others, nor these from being asked. */
async function eachOf(
  phones: readonly PhoneNumber[],
  ask: (phone: PhoneNumber) => Promise<NoticeReport | null>,
): Promise<readonly RecipientReport[]> {
  const all: RecipientReport[] = [];
  for (const some of splitIntoChunks(phones, SENDERS_AT_ONCE))
    all.push(
      ...(await Promise.all(some.map(async (phone) => ({ phone, report: await ask(phone).catch(unanswered) })))),
    );
  return all;
}

function unanswered(error: unknown): "unanswered" {
  logEvent("warn", "notice-unanswered", { error: error instanceof Error ? error.name : "unknown" });
  return "unanswered";
}

/** @param key what a client gave, or the id of a notification */
async function findByKey(db: DrizzleDatabase, key: string): Promise<NotificationRow | undefined> {
  return await db
    .select()
    .from(notifications)
    .where(or(eq(notifications.idempotencyKey, key), eq(notifications.id, key)))
    .get();
}

async function digestOf(asked: Notification): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", encodeUtf8(JSON.stringify(asked)))));
}
