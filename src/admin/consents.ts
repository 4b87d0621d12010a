import { Hono } from "hono";
import * as z from "zod/mini";
import { resolvePublicOrigin } from "../configuration/public-origin.ts";
import type { ConfigurationSnapshot } from "../configuration/snapshot.ts";
import { loadConfiguration } from "../configuration/store.ts";
import { type ConsentImportRow, parseConsentImport } from "../consent/csv-import.ts";
import type { ConsentStatementOutcome } from "../consent/ledger.ts";
import { writeCsv } from "../core/csv.ts";
import { PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAXIMUM } from "../core/limits/admin.ts";
import { createProblem, toProblemResponse } from "../core/problem-document.ts";
import { type ConsentRow, selectConsents } from "../db/consents.ts";
import { phoneNumber } from "../schema/ids.ts";
import type { ConsentReport } from "../sender/records/consent-ledger.ts";
import { type AdminContext, checkValue, createListPage, parseBody, respondNotFound } from "./http.ts";
import { CONSENT_SOURCES, CONSENT_STATUSES, consentBody } from "./resources.ts";

/** Of one sender: under `/v1/senders`. */
export const senderConsentRoutes = new Hono<{ Bindings: Env }>();

/** Of all: under `/v1/consents`. */
export const consentRoutes = new Hono<{ Bindings: Env }>();

senderConsentRoutes.get("/:phone/consents", async (c) => {
  const phone = checkValue(phoneNumber, c.req.param("phone"), 400, "The URL names no phone.");
  if (!phone.ok) return toProblemResponse(phone.failure);
  const report = await c.env.SENDER.getByName(phone.value).consents();
  return c.json(showReport(report));
});

const pair = z.strictObject({ phone: phoneNumber, number: phoneNumber });

senderConsentRoutes.put("/:phone/consents/:number", async (c) => {
  const named = checkValue(pair, c.req.param(), 400, "The URL names no phone and number.");
  if (!named.ok) return toProblemResponse(named.failure);
  const body = await parseBody(c, consentBody);
  if (!body.ok) return toProblemResponse(body.failure);
  const { phone, number } = named.value;
  const account = (await known(c)).numbers.get(number)?.account;
  if (account === undefined) return respondNotFound(`number ${number}`);
  const { status, proof = null } = body.value;
  const sender = c.env.SENDER.getByName(phone);
  const claim = { number, account, status, by: "admin", at: Date.now(), proof } as const;
  const [outcome] = await sender.claim(phone, resolvePublicOrigin(c.env, c.req.url), [claim]);
  if (outcome?.kind === "refused")
    return toProblemResponse(createProblem(409, outcome.reason, [{ pointer: "/proof", detail: outcome.reason }]));
  return c.json(showReport(await sender.consents()));
});

function showReport({ standing, history }: ConsentReport) {
  return {
    items: standing.map(({ number, scope, consent }) => ({
      number,
      scope,
      status: consent.status,
      by: consent.status === "unstated" ? null : (consent.by ?? null),
      at: consent.status === "unstated" ? null : iso(consent.at),
    })),
    history: history.map(({ id, number, scope, status, by, at, recordedAt, text, late = false }) => ({
      id,
      number,
      scope,
      status,
      by,
      at: iso(at),
      recordedAt: iso(recordedAt),
      text,
      late,
    })),
  };
}

/** CSV: `phone,number,status,at,proof`. Each row stands for itself; the same file again changes nothing. */
consentRoutes.post("/imports", async (c) => {
  const type = c.req.header("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "text/csv") return toProblemResponse(createProblem(415, "The body must be text/csv."));
  const read = parseConsentImport(await c.req.text(), Date.now());
  if (!read.ok) return toProblemResponse(createProblem(422, read.failure));
  const done = await importRows(c, read.value.rows);
  const errors = [...read.value.errors, ...done.errors].toSorted((one, other) => one.row - other.row);
  return c.json({ recorded: done.recorded, known: done.known, errors });
});

interface Imported {
  readonly recorded: number;
  readonly known: number;
  readonly errors: readonly { readonly row: number; readonly detail: string }[];
}

async function importRows(c: AdminContext, rows: readonly ConsentImportRow[]): Promise<Imported> {
  const { numbers } = await known(c);
  const origin = resolvePublicOrigin(c.env, c.req.url);
  const strangers = rows.flatMap(({ row, number }) =>
    numbers.has(number) ? [] : [{ row, detail: `${number} is none of our numbers.` }],
  );
  const ours = rows.filter(({ number }) => numbers.has(number));
  const outcomes: (readonly [row: number, outcome: ConsentStatementOutcome])[] = [];
  for (const [phone, theirs] of Map.groupBy(ours, (row) => row.phone)) {
    const claims = theirs.map(({ number, status, at, proof }) => {
      const account = numbers.get(number)?.account ?? "";
      return { number, account, status, by: "import", at, proof } as const;
    });
    const became = await c.env.SENDER.getByName(phone).claim(phone, origin, claims);
    outcomes.push(...theirs.map(({ row }, index) => [row, became[index] ?? { kind: "known" }] as const));
  }
  const count = (kind: ConsentStatementOutcome["kind"]) =>
    outcomes.filter(([, outcome]) => outcome.kind === kind).length;
  const refused = outcomes.flatMap(([row, outcome]) =>
    outcome.kind === "refused" ? [{ row, detail: outcome.reason }] : [],
  );
  return { recorded: count("recorded"), known: count("known"), errors: [...strangers, ...refused] };
}

const listQuery = z.strictObject({
  number: z.optional(phoneNumber),
  scope: z.optional(z.string().check(z.maxLength(40))),
  status: z.optional(z.enum(CONSENT_STATUSES)),
  by: z.optional(z.enum(CONSENT_SOURCES)),
  format: z._default(z.enum(["json", "csv"]), "json"),
  limit: z._default(z.coerce.number().check(z.int(), z.gte(1), z.lte(PAGE_ITEMS_MAXIMUM)), PAGE_ITEMS_DEFAULT),
  after: z._default(z.string().check(z.regex(/^(?:\+?\d+ \S+)?$/u, "must be `next` of the page before")), ""),
});

consentRoutes.get("/", async (c) => {
  const query = checkValue(listQuery, c.req.query(), 400, "The page asked for cannot be given.");
  if (!query.ok) return toProblemResponse(query.failure);
  const { format, limit, after, ...filter } = query.value;
  const [phone = "", scope = ""] = after.split(" ");
  const rows = await selectConsents(c.env.DB, filter, [phone, scope], limit + 1);
  const page = createListPage(rows, limit, (row) => `${row.phone} ${row.scope}`, showRow);
  if (format === "json") return c.json(page);
  const lines = [COLUMNS, ...page.items.map((item) => COLUMNS.map((column) => item[column]))];
  const more = page.next === null ? {} : { link: `<${nextUrl(c, page.next)}>; rel="next"` };
  return c.body(writeCsv(lines), 200, { "content-type": "text/csv; charset=utf-8", ...more });
});

const COLUMNS = ["phone", "number", "scope", "status", "by", "at"] as const;

function showRow({ phone, number, scope, status, by, at }: ConsentRow) {
  return { phone, number, scope, status, by, at: iso(at) };
}

function nextUrl(c: AdminContext, after: string): string {
  const url = new URL(c.req.url);
  url.searchParams.set("after", after);
  return url.toString();
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

async function known(c: AdminContext): Promise<ConfigurationSnapshot> {
  return await loadConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
}
