import { Hono } from "hono";
import * as z from "zod/mini";
import { loadLatestConfiguration } from "../configuration/store.ts";
import { encodeUtf8 } from "../core/bytes.ts";
import { type CsvRow, parseCsv, type RowProblem, writeCsv } from "../core/csv.ts";
import {
  EXPORT_ROWS_PER_READ,
  PAGE_ITEMS_DEFAULT,
  PAGE_ITEMS_MAXIMUM,
  SENDERS_AT_ONCE,
  SUBSCRIBER_IMPORT_ROWS,
} from "../core/limits/admin.ts";
import { parsePhone } from "../core/phone.ts";
import { createProblem, toProblemResponse } from "../core/problem-document.ts";
import { type DrizzleDatabase, openDatabase, splitIntoChunks } from "../db/database.ts";
import { listSubscribers, type SubscriptionRow } from "../notify/store.ts";
import { phoneNumber } from "../schema/ids.ts";
import { SUBSCRIPTION_REFUSALS, type SubscriptionReport } from "../sender/records/subscription-changes.ts";
import {
  type AdminContext,
  checkValue,
  createListPage,
  parseBody,
  parseOptionalBody,
  respondNotFound,
} from "./http.ts";
import { findList } from "./lists.ts";
import { subscriberSchema, unsubscribeSchema } from "./resources-notify.ts";

/** Who gets a list. What changes here is decided by each person's own Sender, and in D1 a moment later. */
export const subscriberRoutes = new Hono<{ Bindings: Env }>();

const subscribersQuery = z.strictObject({
  id: z.string(),
  status: z.optional(z.enum(["on", "off", "asked"])),
  limit: z._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(PAGE_ITEMS_MAXIMUM)), PAGE_ITEMS_DEFAULT),
  after: z._default(z.string().check(z.maxLength(200)), ""),
});

subscriberRoutes.get("/:id/subscribers", async (c) => {
  const query = checkValue(
    subscribersQuery,
    { ...c.req.query(), ...c.req.param() },
    400,
    "The page asked for cannot be given.",
  );
  if (!query.ok) return toProblemResponse(query.failure);
  const { id, status, limit, after } = query.value;
  const db = openDatabase(c.env.DB);
  if ((await findList(db, id)) === undefined) return respondNotFound(`list "${id}"`);
  const rows = await listSubscribers(db, id, status ?? null, parsePhone(after) ?? after, limit + 1);
  return c.json(createListPage(rows, limit, ({ phone }) => phone, show));
});

/** All of them, in a form that can be imported again. */
subscriberRoutes.get("/:id/subscribers.csv", async (c) => {
  const db = openDatabase(c.env.DB);
  const id = c.req.param("id");
  if ((await findList(db, id)) === undefined) return respondNotFound(`list "${id}"`);
  return new Response(streamOf(csvOf(db, id)), {
    headers: { "content-type": "text/csv; charset=utf-8", "content-disposition": `attachment; filename="${id}.csv"` },
  });
});

function streamOf(pieces: AsyncGenerator<string, void>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: async (controller) => {
      const { value } = await pieces.next();
      if (value === undefined) controller.close();
      else controller.enqueue(encodeUtf8(value));
    },
  });
}

/** Read as the client takes it: however many there are, a few are in memory. */
async function* csvOf(db: DrizzleDatabase, list: string): AsyncGenerator<string, void> {
  yield writeCsv([COLUMNS]);
  for (let after = ""; ; ) {
    const rows = await listSubscribers(db, list, null, after, EXPORT_ROWS_PER_READ);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield writeCsv(
      rows.map(({ phone, status, proof, since, by }) => [phone, status, proof, new Date(since).toISOString(), by]),
    );
    after = last.phone;
  }
}

subscriberRoutes.put("/:id/subscribers/:phone", async (c) => {
  const phone = checkValue(phoneNumber, c.req.param("phone"), 400, "The URL does not end in a phone number.");
  if (!phone.ok) return toProblemResponse(phone.failure);
  const body = await parseBody(c, subscriberSchema);
  if (!body.ok) return toProblemResponse(body.failure);
  return await order(c, phone.value, { to: "on", proof: body.value.proof });
});

subscriberRoutes.delete("/:id/subscribers/:phone", async (c) => {
  const phone = checkValue(phoneNumber, c.req.param("phone"), 400, "The URL does not end in a phone number.");
  if (!phone.ok) return toProblemResponse(phone.failure);
  const body = await parseOptionalBody(c, unsubscribeSchema);
  if (!body.ok) return toProblemResponse(body.failure);
  return await order(c, phone.value, { to: "off", proof: body.value.proof });
});

async function order(
  c: AdminContext,
  phone: string,
  wish: { readonly to: "on" | "off"; readonly proof: string },
): Promise<Response> {
  const list = c.req.param("id") ?? "";
  if ((await findList(openDatabase(c.env.DB), list)) === undefined) return respondNotFound(`list "${list}"`);
  const { revision } = await loadLatestConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
  const report = await c.env.SENDER.getByName(phone).subscribe({ phone, list, ...wish, by: "admin", revision });
  if (report.kind === "refused") return toProblemResponse(createProblem(409, reasonOf(report)));
  const { subscription } = report;
  if (wish.to === "off") return c.body(null, 204);
  const { status, since, by } = subscription ?? { status: "on", since: Date.now(), by: "admin" };
  return c.json({ phone, status, since: new Date(since).toISOString(), by }, report.kind === "changed" ? 201 : 200);
}

function reasonOf({ reason }: Extract<SubscriptionReport, { kind: "refused" }>): string {
  return reason === "no-list" ? "There is no such list any more." : SUBSCRIPTION_REFUSALS[reason];
}

const COLUMNS = ["phone", "status", "proof", "since", "by"];

/** What of a CSV file has been done, and what could not be, row by row. The same file again changes nothing. */
subscriberRoutes.post("/:id/imports", async (c) => {
  const list = c.req.param("id");
  if ((await findList(openDatabase(c.env.DB), list)) === undefined) return respondNotFound(`list "${list}"`);
  const type = c.req.header("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "text/csv") return toProblemResponse(createProblem(415, "The body must be text/csv."));
  const csv = parseCsv(await c.req.text(), COLUMNS, SUBSCRIBER_IMPORT_ROWS);
  if (!csv.ok) return toProblemResponse(createProblem(422, csv.failure));
  const { revision } = await loadLatestConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
  const outcomes: RowOutcome[] = [];
  for (const some of splitIntoChunks(csv.value.rows, SENDERS_AT_ONCE))
    outcomes.push(...(await Promise.all(some.map(async (row) => await importRow(c.env, list, row, revision)))));
  const times = (outcome: RowOutcome) => outcomes.filter((each) => each === outcome).length;
  const errors = [...csv.value.problems, ...outcomes.filter((each) => typeof each !== "string")];
  return c.json({
    changed: times("changed"),
    unchanged: times("unchanged"),
    errors: errors.toSorted((a, b) => a.row - b.row),
  });
});

type RowOutcome = "changed" | "unchanged" | RowProblem;

async function importRow(env: Env, list: string, { row, fields }: CsvRow, revision: number): Promise<RowOutcome> {
  const phone = parsePhone(fields["phone"] ?? "");
  if (phone === null)
    return { row, detail: `"${fields["phone"] ?? ""}" is no phone number; write one as +12025550140.` };
  const status = (fields["status"] ?? "").toLowerCase() || "on";
  if (status === "asked") return "unchanged";
  if (status !== "on" && status !== "off") return { row, detail: `"${status}" is neither on nor off.` };
  const parsed = subscriberSchema.safeParse({ proof: fields["proof"] ?? "" });
  if (status === "on" && !parsed.success)
    return { row, detail: "The proof is missing, or too long: how is it known that they want it?" };
  const proof = parsed.success ? parsed.data.proof : "";
  const asked = { phone, list, to: status, by: "import", proof, revision } as const;
  const report = await env.SENDER.getByName(phone).subscribe(asked);
  return report.kind === "refused" ? { row, detail: reasonOf(report) } : report.kind;
}

function show({ phone, status, since, by, proof }: SubscriptionRow) {
  return { phone, status, since: new Date(since).toISOString(), by, proof };
}
