import { type CsvRow, parseCsv } from "../core/csv.ts";
import { PROOF_CHARACTERS } from "../core/limits.ts";
import { type PhoneNumber, parsePhone } from "../core/phone.ts";
import { fail, type Result, succeed } from "../core/result.ts";
import type { Statement } from "./ledger.ts";

const COLUMNS = ["phone", "number", "status", "at", "proof"] as const;

/** A good row of an import. */
export interface ImportRow {
  /** Where it begins in the file, from 1. */
  readonly line: number;
  readonly phone: PhoneNumber;
  readonly number: PhoneNumber;
  readonly status: Statement["status"];
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly proof: string | null;
}

export interface RowError {
  readonly line: number;
  readonly detail: string;
}

/**
 * Reads a CSV file of statements of consent, whose first row is `phone,number,status,at,proof`.
 * @returns its good rows and what is wrong with the others, or what is wrong with the whole of it
 */
export function readImport(
  text: string,
  now: number,
): Result<{ readonly rows: readonly ImportRow[]; readonly errors: readonly RowError[] }, string> {
  const parsed = parseCsv(text);
  if (!parsed.ok) return parsed;
  const [head, ...body] = parsed.value;
  if (head?.fields.map((name) => name.trim().toLowerCase()).join(",") !== COLUMNS.join(","))
    return fail(`The first row must be "${COLUMNS.join(",")}".`);
  const read = body.map((row) => readRow(row, now));
  return succeed({
    rows: read.flatMap((row) => ("detail" in row ? [] : [row])),
    errors: read.flatMap((row) => ("detail" in row ? [row] : [])),
  });
}

function readRow({ line, fields }: CsvRow, now: number): ImportRow | RowError {
  const wrong = (detail: string): RowError => ({ line, detail });
  if (fields.length !== COLUMNS.length) return wrong(`It has ${fields.length} fields, not ${COLUMNS.length}.`);
  const [phone = "", number = "", status = "", at = "", proof = ""] = fields.map((field) => field.trim());
  const from = parsePhone(phone);
  const to = parsePhone(number);
  if (from === null) return wrong("phone must be a phone number as +14255550100.");
  if (to === null) return wrong("number must be one of our numbers, as +14255550100 or a short code.");
  if (status !== "given" && status !== "withdrawn") return wrong('status must be "given" or "withdrawn".');
  const moment = ISO_DATE.test(at) ? Date.parse(at) : Number.NaN;
  if (Number.isNaN(moment)) return wrong("at must be when it was said, as 2026-03-25T17:30:00Z or 2026-03-25.");
  if (moment > now) return wrong("at is in the future.");
  if (proof.length > PROOF_CHARACTERS) return wrong(`proof has at most ${PROOF_CHARACTERS} characters.`);
  return { line, phone: from, number: to, status, at: moment, proof: proof === "" ? null : proof };
}

const ISO_DATE = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/u;
