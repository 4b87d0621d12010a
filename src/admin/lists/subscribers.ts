import * as z from "zod/mini";
import { loadLatestConfiguration } from "../../configuration/store.ts";
import { encodeUtf8 } from "../../core/bytes.ts";
import { type CsvRow, parseCsv, type RowProblem, writeCsv } from "../../core/csv.ts";
import { EXPORT_ROWS_PER_READ, SENDERS_AT_ONCE, SUBSCRIBER_IMPORT_ROWS } from "../../core/limits/admin.ts";
import { parsePhone } from "../../core/phone.ts";
import { createProblem } from "../../core/problem-document.ts";
import { type DrizzleDatabase, openDatabase, splitIntoChunks } from "../../db/database.ts";
import { listSubscribers, type SubscriptionRow } from "../../notify/store.ts";
import { letterFirstSlug, phoneNumber } from "../../schema/ids.ts";
import { SUBSCRIPTION_REFUSALS, type SubscriptionReport } from "../../sender/records/subscription-changes.ts";
import { answer, empty, json, NO_CONTENT, respondNotFound, text } from "../http/answer.ts";
import { type AdminContext, csvBody, jsonBody, optionalJsonBody } from "../http/body.ts";
import { createListPage } from "../http/page.ts";
import { lookup, type Route, route } from "../http/route.ts";
import { pageQuery, pageSchema } from "../http/schema.ts";
import { findList } from "./routes.ts";
import {
  importResource,
  SUBSCRIBER_EXAMPLE,
  savedSubscriber,
  subscriberBody,
  subscriberResource,
  subscriptionStatus,
  unsubscribeBody,
} from "./schema.ts";

const TAG = "Lists";
const ABSENT = "The list does not exist.";
const COLUMNS = ["phone", "status", "proof", "since", "by"];
const id = lookup(letterFirstSlug);

/** Each contact's own Sender decides a change; D1 has it a moment later. */
export const subscriberRoutes: readonly Route[] = [
  route({
    tag: TAG,
    method: "get",
    path: "/v1/lists/{id}/subscribers",
    operationId: "listSubscribers",
    summary: "List present and former subscribers of a list",
    parameters: { id },
    query: z.extend(pageQuery, { status: z.optional(subscriptionStatus) }),
    responses: { 200: json("One page of subscribers, by phone.", pageSchema(subscriberResource)), 404: ABSENT },
    handle: async ({ parameters, query: { status, limit, after } }, c) => {
      const db = openDatabase(c.env.DB);
      if ((await findList(db, parameters.id)) === undefined) return respondNotFound(`list "${parameters.id}"`);
      const from = parsePhone(after) ?? after;
      const rows = await listSubscribers(db, parameters.id, status ?? null, from, limit + 1);
      return answer(
        200,
        createListPage(rows, limit, ({ phone }) => phone, showSubscriber),
      );
    },
  }),
  route({
    tag: TAG,
    method: "get",
    path: "/v1/lists/{id}/subscribers.csv",
    operationId: "exportSubscribers",
    summary: "Export all subscribers as CSV that can be imported",
    parameters: { id },
    responses: { 200: text("All subscribers, by phone.", "text/csv"), 404: ABSENT },
    handle: async ({ parameters }, c) => {
      const db = openDatabase(c.env.DB);
      if ((await findList(db, parameters.id)) === undefined) return respondNotFound(`list "${parameters.id}"`);
      return answer(200, toStream(writeSubscribers(db, parameters.id)), {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="${parameters.id}.csv"`,
      });
    },
  }),
  route({
    tag: TAG,
    method: "put",
    path: "/v1/lists/{id}/subscribers/{phone}",
    operationId: "saveSubscriber",
    summary: "Subscribe a contact to a list, with proof of consent",
    parameters: { id, phone: phoneNumber },
    body: jsonBody(subscriberBody, SUBSCRIBER_EXAMPLE),
    responses: {
      200: json("The contact was subscribed already.", savedSubscriber),
      201: json("The contact is subscribed now.", savedSubscriber),
      404: ABSENT,
      409: "Only the contact can subscribe, or the list was deleted at the same time.",
    },
    handle: async ({ parameters: { id: list, phone }, body: { proof } }, c) => {
      if ((await findList(openDatabase(c.env.DB), list)) === undefined) return respondNotFound(`list "${list}"`);
      const report = await changeSubscription(c, { phone, list, to: "on", proof });
      if (report.kind === "refused") return createProblem(409, refusalText(report));
      const { status, since, by } = report.subscription ?? { status: "on", since: Date.now(), by: "admin" };
      const shown = { phone, status, since: new Date(since).toISOString(), by } as const;
      return answer(report.kind === "changed" ? 201 : 200, shown);
    },
  }),
  route({
    tag: TAG,
    method: "delete",
    path: "/v1/lists/{id}/subscribers/{phone}",
    operationId: "deleteSubscriber",
    summary: "Unsubscribe a contact from a list",
    parameters: { id, phone: phoneNumber },
    body: optionalJsonBody(unsubscribeBody, { proof: "Call of 2026-11-03" }),
    responses: {
      204: empty("The contact is not subscribed."),
      404: ABSENT,
      409: "The list was deleted at the same time.",
    },
    handle: async ({ parameters: { id: list, phone }, body: { proof } }, c) => {
      if ((await findList(openDatabase(c.env.DB), list)) === undefined) return respondNotFound(`list "${list}"`);
      const report = await changeSubscription(c, { phone, list, to: "off", proof });
      return report.kind === "refused" ? createProblem(409, refusalText(report)) : NO_CONTENT;
    },
  }),
  route({
    tag: TAG,
    method: "post",
    path: "/v1/lists/{id}/imports",
    operationId: "importSubscribers",
    summary: "Subscribe or unsubscribe contacts from a CSV file",
    parameters: { id },
    body: csvBody("phone,status,proof\n+12025550140,on,Form of 2026-11-02\n"),
    responses: {
      200: json("The outcome of each row. Importing the file again changes nothing.", importResource),
      404: ABSENT,
    },
    handle: async ({ parameters: { id: list }, body }, c) => {
      if ((await findList(openDatabase(c.env.DB), list)) === undefined) return respondNotFound(`list "${list}"`);
      const csv = parseCsv(body, COLUMNS, SUBSCRIBER_IMPORT_ROWS);
      if (!csv.ok) return createProblem(422, csv.failure);
      const { revision } = await loadLatestConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
      const outcomes: RowOutcome[] = [];
      for (const some of splitIntoChunks(csv.value.rows, SENDERS_AT_ONCE))
        outcomes.push(...(await Promise.all(some.map(async (row) => await importRow(c.env, list, row, revision)))));
      const countOf = (outcome: RowOutcome) => outcomes.filter((each) => each === outcome).length;
      const errors = [...csv.value.problems, ...outcomes.filter((each) => typeof each !== "string")];
      return answer(200, {
        changed: countOf("changed"),
        unchanged: countOf("unchanged"),
        errors: errors.toSorted((a, b) => a.row - b.row),
      });
    },
  }),
];

function toStream(pieces: AsyncGenerator<string, void>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: async (controller) => {
      const { value } = await pieces.next();
      if (value === undefined) controller.close();
      else controller.enqueue(encodeUtf8(value));
    },
  });
}

/** Reads as fast as the client takes it, so that only a few rows are in memory. */
async function* writeSubscribers(db: DrizzleDatabase, list: string): AsyncGenerator<string, void> {
  yield writeCsv([COLUMNS]);
  for (let waitMilliseconds = ""; ; ) {
    const rows = await listSubscribers(db, list, null, waitMilliseconds, EXPORT_ROWS_PER_READ);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield writeCsv(
      rows.map(({ phone, status, proof, since, by }) => [phone, status, proof, new Date(since).toISOString(), by]),
    );
    waitMilliseconds = last.phone;
  }
}

interface SubscriptionChange {
  readonly phone: string;
  readonly list: string;
  readonly to: "on" | "off";
  readonly proof: string;
}

async function changeSubscription(c: AdminContext, change: SubscriptionChange): Promise<SubscriptionReport> {
  const { revision } = await loadLatestConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
  return await c.env.SENDER.getByName(change.phone).subscribe({ ...change, by: "admin", revision });
}

function refusalText({ reason }: Extract<SubscriptionReport, { kind: "refused" }>): string {
  return reason === "no-list" ? "The list no longer exists." : SUBSCRIPTION_REFUSALS[reason];
}

type RowOutcome = "changed" | "unchanged" | RowProblem;

async function importRow(env: Env, list: string, { row, fields }: CsvRow, revision: number): Promise<RowOutcome> {
  const phone = parsePhone(fields["phone"] ?? "");
  if (phone === null)
    return { row, detail: `"${fields["phone"] ?? ""}" is not a phone number. Write it like +12025550140.` };
  const status = (fields["status"] ?? "").toLowerCase() || "on";
  if (status === "asked") return "unchanged";
  if (status !== "on" && status !== "off") return { row, detail: `"${status}" is not a status. Use on or off.` };
  const parsed = subscriberBody.safeParse({ proof: fields["proof"] ?? "" });
  if (status === "on" && !parsed.success)
    return { row, detail: "The proof is missing or too long. Say how you know that the contact wants the list." };
  const proof = parsed.success ? parsed.data.proof : "";
  const change = { phone, list, to: status, by: "import", proof, revision } as const;
  const report = await env.SENDER.getByName(phone).subscribe(change);
  return report.kind === "refused" ? { row, detail: refusalText(report) } : report.kind;
}

function showSubscriber({ phone, status, since, by, proof }: SubscriptionRow) {
  return { phone, status, since: new Date(since).toISOString(), by, proof };
}
