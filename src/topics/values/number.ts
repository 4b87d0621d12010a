import { chooseLanguage } from "../../languages/catalog.ts";
import type { Language } from "../../languages/language.ts";
import { foldValue, parseCountry, parseLanguage, splitValueWords } from "./value-text.ts";

export interface NumberRules {
  /** A BCP 47 tag: it says whether 1.500 is more or less than two. */
  readonly language: string;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly whole?: boolean | undefined;
  /** Words that may stand beside the number, as "people": any other could change what it means ("about 20", "3 dozen"). */
  readonly units?: readonly string[] | undefined;
}

export type NumberAnswer =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly problem: "none" | "not whole" }
  | { readonly ok: false; readonly problem: "ambiguous"; readonly candidates: readonly number[] }
  | { readonly ok: false; readonly problem: "too small" | "too large"; readonly limit: number };

/** Reads one number, in digits of any script or as one of the language's words up to twenty. Where a text has two readings, the language decides; where it cannot, both are returned. */
export function parseNumberAnswer(text: string, rules: NumberRules): NumberAnswer {
  const folded = foldValue(text);
  const units = foldUnits(rules.units ?? NO_UNITS);
  const found = findDigits(folded, units);
  const values = found === null ? [] : listReadings(found.digits);
  const [first, second] = values;
  if (found === null || first === undefined) {
    const told = parseNumberWords(folded, units, chooseLanguage(rules.language));
    return told === null ? { ok: false, problem: "none" } : checkRange(told, rules);
  }
  if (second === undefined) return checkRange(found.sign * first.value, rules);
  const decimal = findDecimalSeparator(rules.language);
  const meant = values.find((reading) => reading.decimal === decimal);
  return meant === undefined || isUnlikelyReading(meant.value, values)
    ? { ok: false, problem: "ambiguous", candidates: values.map(({ value }) => found.sign * value) }
    : checkRange(found.sign * meant.value, rules);
}

/** Who writes 1.000 and means one? Nobody is asked to pay for a thousand by mistake, nor for one. */
function isUnlikelyReading(value: number, values: readonly NumberReading[]): boolean {
  return Number.isInteger(value) && values.some((other) => other.value > value);
}

/** @returns the digits with what separates them, or null where there are none, or anything beside them but units and currencies */
function findDigits(
  folded: string,
  { written }: NumberUnits,
): { readonly digits: string; readonly sign: 1 | -1 } | null {
  if (!/\d/u.test(folded)) return null;
  const match = /^(?<before>\D*?)(?<digits>(?:(?<![^\s$€£₹-])[.,])?\d(?:.*\d)?)(?<after>\D*)$/u.exec(folded);
  const { before = "", digits = "", after = "" } = match?.groups ?? {};
  const sign = /(?<sign>[+-])\s*\p{Sc}?\s*$/u.exec(before)?.groups?.["sign"] ?? "";
  const around = `${sign === "" ? before : before.replace(sign, " ")} ${after}`;
  const isAlone = around.split(/\s+/u).every((piece) => written.has(piece) || isHarmlessPiece(piece, written));
  return digits === "" || !isAlone ? null : { digits, sign: sign === "-" ? -1 : 1 };
}

/** @returns the number that the text is in words, perhaps with a unit, or null */
function parseNumberWords(folded: string, { words }: NumberUnits, language: Language): number | null {
  const said = splitValueWords(folded).filter((word) => !words.has(word));
  return listNumberWords(language).get(said.join(" ")) ?? null;
}

const cachedNumberWords = new WeakMap<Language, ReadonlyMap<string, number>>();

/** Every number by its words in a language. */
function listNumberWords(language: Language): ReadonlyMap<string, number> {
  const known = cachedNumberWords.get(language);
  if (known !== undefined) return known;
  const told = language.words.numbers.flatMap((names, index) =>
    names.map((name) => [splitValueWords(foldValue(name)).join(" "), index + 1] as const),
  );
  const found = new Map(told);
  cachedNumberWords.set(language, found);
  return found;
}

/** The units of a question, folded: as they are written between spaces, and word by word. */
interface NumberUnits {
  readonly written: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
}

const NO_UNITS: readonly string[] = [];

const cachedUnits = new WeakMap<readonly string[], NumberUnits>();

function foldUnits(units: readonly string[]): NumberUnits {
  const known = cachedUnits.get(units);
  if (known !== undefined) return known;
  const folded = units.map(foldValue);
  const found = {
    written: new Set(folded.flatMap((unit) => unit.split(/\s+/u))),
    words: new Set(folded.flatMap(splitValueWords)),
  };
  cachedUnits.set(units, found);
  return found;
}

/** Punctuation, a currency, a unit between them. */
function isHarmlessPiece(piece: string, allowed: ReadonlySet<string>): boolean {
  return /^[\p{L}\p{M}'\p{Sc}.,!?;:()"]*$/u.test(piece) && splitValueWords(piece).every((word) => allowed.has(word));
}

interface NumberReading {
  readonly value: number;
  readonly decimal: "." | ",";
}

/** @returns the readings that differ: none, one, or one with a point and one with a comma before the decimals */
function listReadings(digits: string): readonly NumberReading[] {
  const point = parseDigits(digits, ".");
  const comma = parseDigits(digits, ",");
  const both = [
    ...(point === null ? [] : [{ value: point, decimal: "." } as const]),
    ...(comma === null ? [] : [{ value: comma, decimal: "," } as const]),
  ];
  return point === comma ? both.slice(0, 1) : both;
}

function parseDigits(digits: string, decimal: "." | ","): number | null {
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
function findDecimalSeparator(tag: string): string | null {
  if (parseLanguage(tag) === "es" && parseCountry(tag) === null) return null;
  return new Intl.NumberFormat(tag).formatToParts(1.5).find(({ type }) => type === "decimal")?.value ?? null;
}

function checkRange(value: number, { minimum, maximum, whole = false }: NumberRules): NumberAnswer {
  const low = minimum ?? Number.MIN_SAFE_INTEGER;
  const high = maximum ?? Number.MAX_SAFE_INTEGER;
  if (whole && !Number.isInteger(value)) return { ok: false, problem: "not whole" };
  if (value < low) return { ok: false, problem: "too small", limit: low };
  if (value > high) return { ok: false, problem: "too large", limit: high };
  return { ok: true, value: value === 0 ? 0 : value };
}
