import { languageAmong } from "../../languages/catalog.ts";
import { countryOf, fold, languageOf, wordsOf } from "./text.ts";

export interface NumberRules {
  /** A BCP 47 tag: it says whether 1.500 is more or less than two. */
  readonly language: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly whole?: boolean;
  /** Words that may stand beside the number, as "people": any other could change what it means ("about 20", "3 dozen"). */
  readonly units?: readonly string[];
}

export type NumberAnswer =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly problem: "none" | "not whole" }
  | { readonly ok: false; readonly problem: "ambiguous"; readonly candidates: readonly number[] }
  | { readonly ok: false; readonly problem: "too small" | "too large"; readonly limit: number };

/** Reads one number, in digits of any script or as one of the language's words up to twenty. Where a text has two readings, the language decides; where it cannot, both are returned. */
export function readNumber(text: string, rules: NumberRules): NumberAnswer {
  const found = findNumber(fold(text), rules.units ?? []);
  const values = found === null ? [] : readings(found.digits);
  const [first, second] = values;
  if (found === null || first === undefined) {
    const told = toldNumber(fold(text), rules);
    return told === null ? { ok: false, problem: "none" } : checked(told, rules);
  }
  if (second === undefined) return checked(found.sign * first.value, rules);
  const decimal = decimalOf(rules.language);
  const meant = values.find((reading) => reading.decimal === decimal);
  return meant === undefined || isUnlikely(meant.value, values)
    ? { ok: false, problem: "ambiguous", candidates: values.map(({ value }) => found.sign * value) }
    : checked(found.sign * meant.value, rules);
}

/** Who writes 1.000 and means one? Nobody is asked to pay for a thousand by mistake, nor for one. */
function isUnlikely(value: number, values: readonly Reading[]): boolean {
  return Number.isInteger(value) && values.some((other) => other.value > value);
}

/** @returns the digits with what separates them, or null where there are none, or anything beside them but units and currencies */
function findNumber(
  folded: string,
  units: readonly string[],
): { readonly digits: string; readonly sign: 1 | -1 } | null {
  const match = /^(?<before>\D*?)(?<digits>(?:(?<![^\s$€£₹-])[.,])?\d(?:.*\d)?)(?<after>\D*)$/u.exec(folded);
  const { before = "", digits = "", after = "" } = match?.groups ?? {};
  const sign = /(?<sign>[+-])\s*\p{Sc}?\s*$/u.exec(before)?.groups?.["sign"] ?? "";
  const allowed = new Set(units.flatMap((unit) => fold(unit).split(/\s+/u)));
  const around = `${sign === "" ? before : before.replace(sign, " ")} ${after}`;
  const foreign = around.split(/\s+/u).filter((piece) => !allowed.has(piece) && !isHarmless(piece, allowed));
  return digits === "" || foreign.length > 0 ? null : { digits, sign: sign === "-" ? -1 : 1 };
}

/** @returns the number that the text is in words, perhaps with a unit, or null */
function toldNumber(folded: string, { language, units = [] }: NumberRules): number | null {
  const allowed = new Set(units.flatMap((unit) => wordsOf(fold(unit))));
  const said = wordsOf(folded).filter((word) => !allowed.has(word));
  const index = languageAmong(language).words.numbers.findIndex((names) =>
    names.some((name) => wordsOf(fold(name)).join(" ") === said.join(" ")),
  );
  return index === -1 ? null : index + 1;
}

/** Punctuation, a currency, a unit between them. */
function isHarmless(piece: string, allowed: ReadonlySet<string>): boolean {
  return /^[\p{L}\p{M}'\p{Sc}.,!?;:()"]*$/u.test(piece) && wordsOf(piece).every((word) => allowed.has(word));
}

interface Reading {
  readonly value: number;
  readonly decimal: "." | ",";
}

/** @returns the readings that differ: none, one, or one with a point and one with a comma before the decimals */
function readings(digits: string): readonly Reading[] {
  const point = readAs(digits, ".");
  const comma = readAs(digits, ",");
  const both = [
    ...(point === null ? [] : [{ value: point, decimal: "." } as const]),
    ...(comma === null ? [] : [{ value: comma, decimal: "," } as const]),
  ];
  return point === comma ? both.slice(0, 1) : both;
}

function readAs(digits: string, decimal: "." | ","): number | null {
  const [written = "", fraction, ...rest] = digits.split(decimal);
  const whole = decimal === "." ? written : written.replaceAll(".", ",");
  const isWhole = decimal === "." || !written.includes(",");
  if (rest.length > 0 || !isWhole || (fraction !== undefined && !/^\d+$/u.test(fraction))) return null;
  const isPlain = /^\d+$/u.test(whole) || (whole === "" && fraction !== undefined);
  const isGrouped = /^[1-9]\d{0,2}(?<separator>[,' ])\d{3}(?:\k<separator>\d{3})*$/u.test(whole);
  const isGroupedInIndia = /^[1-9]\d?(?:,\d{2})+,\d{3}$/u.test(whole);
  if (!isPlain && !isGrouped && !isGroupedInIndia) return null;
  return Number(`${whole.replace(/\D/gu, "")}.${fraction ?? "0"}`);
}

/** @returns null for Spanish without a country: Spain and Argentina write 1,5, Mexico and Spanish speakers of the USA 1.5 */
function decimalOf(tag: string): string | null {
  if (languageOf(tag) === "es" && countryOf(tag) === null) return null;
  return new Intl.NumberFormat(tag).formatToParts(1.5).find(({ type }) => type === "decimal")?.value ?? null;
}

function checked(value: number, { minimum, maximum, whole = false }: NumberRules): NumberAnswer {
  const low = minimum ?? Number.MIN_SAFE_INTEGER;
  const high = maximum ?? Number.MAX_SAFE_INTEGER;
  if (whole && !Number.isInteger(value)) return { ok: false, problem: "not whole" };
  if (value < low) return { ok: false, problem: "too small", limit: low };
  if (value > high) return { ok: false, problem: "too large", limit: high };
  return { ok: true, value: value === 0 ? 0 : value };
}
