import { type CsvRow, parseCsv, type RowProblem } from "../core/csv.ts";
import { CONSENT_IMPORT_ROWS, PROOF_CHARACTERS } from "../core/limits/consent.ts";
import { type PhoneNumber, parsePhone } from "../core/phone.ts";
import { fail, type Result, succeed } from "../core/result.ts";
import type { ConsentChange } from "./ledger.ts";

const COLUMNS = ["phone", "number", "status", "at", "proof"] as const;

/** A good row of an import. */
export interface ConsentImportRow {
  /** As a person counts: the names of the columns are row 1. */
  readonly row: number;
  readonly phone: PhoneNumber;
  readonly number: PhoneNumber;
  readonly status: ConsentChange["status"];
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly proof: string | null;
}

/**
 * Reads a CSV file of statements of consent, whose first row names the columns `phone,number,status,at`, and perhaps `proof`.
 * @returns its good rows and what is wrong with the others, or what is wrong with the whole of it
 */
export function parseConsentImport(
  text: string,
  now: number,
): Result<{ readonly rows: readonly ConsentImportRow[]; readonly errors: readonly RowProblem[] }, string> {
  const csv = parseCsv(text, COLUMNS, CONSENT_IMPORT_ROWS, COLUMNS.slice(0, -1));
  if (!csv.ok) return fail(csv.failure);
  const read = csv.value.rows.map((row) => parseRow(row, now));
  return succeed({
    rows: read.flatMap((row) => ("detail" in row ? [] : [row])),
    errors: [...csv.value.problems, ...read.flatMap((row) => ("detail" in row ? [row] : []))],
  });
}

function parseRow({ row, fields }: CsvRow, now: number): ConsentImportRow | RowProblem {
  const rejectRow = (detail: string): RowProblem => ({ row, detail });
  const [phone = "", number = "", status = "", at = "", proof = ""] = COLUMNS.map((name) => fields[name]);
  const from = parsePhone(phone);
  const to = parsePhone(number);
  if (from === null) return rejectRow("phone must be a phone number as +14255550100.");
  if (to === null) return rejectRow("number must be one of our numbers, as +14255550100 or a short code.");
  if (status !== "given" && status !== "withdrawn") return rejectRow('status must be "given" or "withdrawn".');
  const moment = ISO_DATE.test(at) ? Date.parse(at) : Number.NaN;
  if (Number.isNaN(moment)) return rejectRow("at must be when it was said, as 2026-03-25T17:30:00Z or 2026-03-25.");
  if (moment > now) return rejectRow("at is in the future.");
  if (proof.length > PROOF_CHARACTERS) return rejectRow(`proof has at most ${PROOF_CHARACTERS} characters.`);
  return { row, phone: from, number: to, status, at: moment, proof: proof === "" ? null : proof };
}

const ISO_DATE = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/u;
