import { type CsvRow, parseCsv, type RowProblem } from "../core/csv.ts";
import { CONSENT_IMPORT_ROWS, PROOF_CHARACTERS } from "../core/limits/consent.ts";
import { type PhoneNumber, parsePhone } from "../core/phone.ts";
import { fail, type Result, succeed } from "../core/result.ts";
import type { ConsentChange } from "./ledger.ts";

const COLUMNS = ["phone", "number", "status", "at", "proof"] as const;

/** A valid row of an import. */
export interface ConsentImportRow {
  /** The row's number in the file; the header is row 1. */
  readonly row: number;
  readonly phone: PhoneNumber;
  readonly number: PhoneNumber;
  readonly status: ConsentChange["status"];
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly proof: string | null;
}

/**
 * Parses a CSV file of consents with the columns `phone,number,status,at` and optionally `proof`, named in the first
 * row.
 * @returns the valid rows and the problems of all others, or the problem with the file
 */
export function parseConsentImport(
  text: string,
  now: number,
): Result<{ readonly rows: readonly ConsentImportRow[]; readonly errors: readonly RowProblem[] }, string> {
  const csv = parseCsv(text, COLUMNS, CONSENT_IMPORT_ROWS, COLUMNS.slice(0, -1));
  if (!csv.ok) return fail(csv.failure);
  const results = csv.value.rows.map((row) => parseRow(row, now));
  return succeed({
    rows: results.flatMap((row) => ("detail" in row ? [] : [row])),
    errors: [...csv.value.problems, ...results.flatMap((row) => ("detail" in row ? [row] : []))],
  });
}

function parseRow({ row, fields }: CsvRow, now: number): ConsentImportRow | RowProblem {
  const rejectRow = (detail: string): RowProblem => ({ row, detail });
  const [phone = "", number = "", status = "", at = "", proof = ""] = COLUMNS.map((name) => fields[name]);
  const contact = parsePhone(phone);
  const ownNumber = parsePhone(number);
  if (contact === null) return rejectRow("phone must be a phone number such as +14255550100.");
  if (ownNumber === null)
    return rejectRow("number must be one of your numbers: E.164 such as +14255550100, or a short code.");
  if (status !== "given" && status !== "withdrawn") return rejectRow('status must be "given" or "withdrawn".');
  const time = ISO_DATE.test(at) ? Date.parse(at) : Number.NaN;
  if (Number.isNaN(time)) return rejectRow("at must be a date or time such as 2026-03-25 or 2026-03-25T17:30:00Z.");
  if (time > now) return rejectRow("at is in the future.");
  if (proof.length > PROOF_CHARACTERS)
    return rejectRow(`proof is too long: at most ${PROOF_CHARACTERS} characters are allowed.`);
  return { row, phone: contact, number: ownNumber, status, at: time, proof: proof === "" ? null : proof };
}

const ISO_DATE = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/u;
