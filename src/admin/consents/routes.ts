import { resolvePublicOrigin } from "../../configuration/public-origin.ts";
import type { ConfigurationSnapshot } from "../../configuration/snapshot.ts";
import { loadConfiguration } from "../../configuration/store.ts";
import { type ConsentImportRow, parseConsentImport } from "../../consent/csv-import.ts";
import type { ConsentStatementOutcome } from "../../consent/ledger.ts";
import { writeCsv } from "../../core/csv.ts";
import { createProblem } from "../../core/problem-document.ts";
import { type ConsentRow, selectConsents } from "../../db/consents.ts";
import { phoneNumber } from "../../schema/ids.ts";
import type { ConsentReport } from "../../sender/records/consent-ledger.ts";
import { answer, json, respondNotFound } from "../http/answer.ts";
import { type AdminContext, csvBody, jsonBody } from "../http/body.ts";
import { createListPage } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import { pageSchema } from "../http/schema.ts";
import {
  CONSENT_EXAMPLE,
  consentBody,
  consentImportResource,
  consentReportResource,
  consentResource,
  consentsQuery,
} from "./schema.ts";

const TAG = "Consents";
const COLUMNS = ["phone", "number", "scope", "status", "by", "at"] as const;
const CONSENT_PAGE = pageSchema(consentResource);

export const consentRoutes: readonly Route[] = [
  route({
    tag: TAG,
    method: "get",
    path: "/v1/senders/{phone}/consents",
    operationId: "getConsents",
    summary: "Get a contact's consent and all statements about it",
    parameters: { phone: phoneNumber },
    responses: { 200: json("The contact's consent.", consentReportResource) },
    handle: async ({ parameters: { phone } }, c) =>
      answer(200, showReport(await c.env.SENDER.getByName(phone).consents())),
  }),
  route({
    tag: TAG,
    method: "put",
    path: "/v1/senders/{phone}/consents/{number}",
    operationId: "saveConsent",
    summary: "Record a contact's consent or opt-out for a number",
    parameters: { phone: phoneNumber, number: phoneNumber },
    body: jsonBody(consentBody, CONSENT_EXAMPLE),
    responses: {
      200: json("The contact's consent with the new statement.", consentReportResource),
      404: "The number does not exist.",
      409: "The contact has opted out, and the request has no proof of a later consent.",
    },
    handle: async ({ parameters: { phone, number }, body: { status, proof = null } }, c) => {
      const account = (await loadSnapshot(c)).numbers.get(number)?.account;
      if (account === undefined) return respondNotFound(`number ${number}`);
      const sender = c.env.SENDER.getByName(phone);
      const statement = { number, account, status, by: "admin", at: Date.now(), proof } as const;
      const [outcome] = await sender.claim(phone, resolvePublicOrigin(c.env, c.req.url), [statement]);
      if (outcome?.kind === "refused")
        return createProblem(409, outcome.reason, [{ pointer: "/proof", detail: outcome.reason }]);
      return answer(200, showReport(await sender.consents()));
    },
  }),
  route({
    tag: TAG,
    method: "get",
    path: "/v1/consents",
    operationId: "listConsents",
    summary: "List the consents of all contacts",
    query: consentsQuery,
    responses: {
      200: {
        description: "One page of consents, by phone. As CSV, the Link header has the URL of the next page.",
        content: { "application/json": CONSENT_PAGE, "text/csv": null },
      },
    },
    handle: async ({ query: { format, limit, after = "", ...filter } }, c) => {
      const [phone = "", scope = ""] = after.split(" ");
      const rows = await selectConsents(c.env.DB, filter, [phone, scope], limit + 1);
      const page = createListPage(rows, limit, (row) => `${row.phone} ${row.scope}`, showConsent);
      if (format === "json") return answer(200, page);
      const lines = [COLUMNS, ...page.items.map((item) => COLUMNS.map((column) => item[column]))];
      const more = page.next === null ? {} : { link: `<${createNextUrl(c, page.next)}>; rel="next"` };
      return answer(200, writeCsv(lines), { "content-type": "text/csv; charset=utf-8", ...more });
    },
  }),
  route({
    tag: TAG,
    method: "post",
    path: "/v1/consents/imports",
    operationId: "importConsents",
    summary: "Record consents and opt-outs from a CSV file",
    body: csvBody("phone,number,status,at,proof\n+12025550140,+12025550100,given,2026-11-02T10:00:00Z,Form line 17\n"),
    responses: {
      200: json("The outcome of each row. Importing the file again changes nothing.", consentImportResource),
    },
    handle: async ({ body }, c) => {
      const read = parseConsentImport(body, Date.now());
      if (!read.ok) return createProblem(422, read.failure);
      const done = await importRows(c, read.value.rows);
      const errors = [...read.value.errors, ...done.errors].toSorted((one, other) => one.row - other.row);
      return answer(200, { recorded: done.recorded, known: done.known, errors });
    },
  }),
];

function showReport({ standing, history }: ConsentReport) {
  return {
    items: standing.map(({ number, scope, consent }) => ({
      number,
      scope,
      status: consent.status,
      by: consent.status === "unstated" ? null : (consent.by ?? null),
      at: consent.status === "unstated" ? null : toIso(consent.at),
    })),
    history: history.map(({ id, number, scope, status, by, at, recordedAt, text, late = false }) => ({
      id,
      number,
      scope,
      status,
      by,
      at: toIso(at),
      recordedAt: toIso(recordedAt),
      text,
      late,
    })),
  };
}

interface ImportReport {
  readonly recorded: number;
  readonly known: number;
  readonly errors: readonly { readonly row: number; readonly detail: string }[];
}

async function importRows(c: AdminContext, rows: readonly ConsentImportRow[]): Promise<ImportReport> {
  const { numbers } = await loadSnapshot(c);
  const origin = resolvePublicOrigin(c.env, c.req.url);
  const foreign = rows.flatMap(({ row, number }) =>
    numbers.has(number) ? [] : [{ row, detail: `Number ${number} does not exist.` }],
  );
  const own = rows.filter(({ number }) => numbers.has(number));
  const outcomes: (readonly [row: number, outcome: ConsentStatementOutcome])[] = [];
  for (const [phone, some] of Map.groupBy(own, (row) => row.phone)) {
    const statements = some.map(({ number, status, at, proof }) => {
      const account = numbers.get(number)?.account ?? "";
      return { number, account, status, by: "import", at, proof } as const;
    });
    const results = await c.env.SENDER.getByName(phone).claim(phone, origin, statements);
    outcomes.push(...some.map(({ row }, index) => [row, results[index] ?? { kind: "known" }] as const));
  }
  const countOf = (kind: ConsentStatementOutcome["kind"]) =>
    outcomes.filter(([, outcome]) => outcome.kind === kind).length;
  const refused = outcomes.flatMap(([row, outcome]) =>
    outcome.kind === "refused" ? [{ row, detail: outcome.reason }] : [],
  );
  return { recorded: countOf("recorded"), known: countOf("known"), errors: [...foreign, ...refused] };
}

function showConsent({ phone, number, scope, status, by, at }: ConsentRow) {
  return { phone, number, scope, status, by, at: toIso(at) };
}

function createNextUrl(c: AdminContext, after: string): string {
  const url = new URL(c.req.url);
  url.searchParams.set("after", after);
  return url.toString();
}

function toIso(at: number): string {
  return new Date(at).toISOString();
}

async function loadSnapshot(c: AdminContext): Promise<ConfigurationSnapshot> {
  return await loadConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
}
