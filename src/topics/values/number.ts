import { chooseLanguage } from "../../languages/catalog.ts";
import type { Language } from "../../languages/language.ts";
import { foldValue, parseCountry, parseLanguage, splitValueWords } from "./value-text.ts";

export interface NumberRules {
  /** A BCP 47 tag, which decides whether 1.500 is more or less than two. */
  readonly language: string;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly whole?: boolean | undefined;
  /**
   * Words that may accompany the number, such as "people". Any other word could change its meaning ("about 20", "3
   * dozen").
   */
  readonly units?: readonly string[] | undefined;
}

export type NumberAnswer =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly problem: "none" | "not whole" }
  | { readonly ok: false; readonly problem: "ambiguous"; readonly candidates: readonly number[] }
  | { readonly ok: false; readonly problem: "too small" | "too large"; readonly limit: number };

/**
 * Parses one number, in digits of any script or as one of the language's words up to twenty. If a text has two
 * readings, the language decides; if it cannot, both are returned.
 */
export function parseNumberAnswer(text: string, rules: NumberRules): NumberAnswer {
  const folded = foldValue(text);
  const units = foldUnits(rules.units ?? NO_UNITS);
  const found = findDigits(folded, units);
  const values = found === null ? [] : listReadings(found.digits);
  const [first, second] = values;
  if (found === null || first === undefined) {
    const value = parseNumberWords(folded, units, chooseLanguage(rules.language));
    return value === null ? { ok: false, problem: "none" } : checkRange(value, rules);
  }
  if (second === undefined) return checkRange(found.sign * first.value, rules);
  const decimal = findDecimalSeparator(rules.language);
  const preferred = values.find((reading) => reading.decimal === decimal);
  return preferred === undefined || isUnlikelyReading(preferred.value, values)
    ? { ok: false, problem: "ambiguous", candidates: values.map(({ value }) => found.sign * value) }
    : checkRange(found.sign * preferred.value, rules);
}

/**
 * Tests for a reading such as 1.000 as one, which is so unlikely that the contact must be asked whether it is a
 * thousand.
 */
function isUnlikelyReading(value: number, values: readonly NumberReading[]): boolean {
  return Number.isInteger(value) && values.some((other) => other.value > value);
}

/** @returns the digits with their separators, or null if there are none, or other words than units and currencies */
function findDigits(
  folded: string,
  { pieces }: NumberUnits,
): { readonly digits: string; readonly sign: 1 | -1 } | null {
  if (!/\d/u.test(folded)) return null;
  const match = /^(?<before>\D*?)(?<digits>(?:(?<![^\s$€£₹-])[.,])?\d(?:.*\d)?)(?<after>\D*)$/u.exec(folded);
  const { before = "", digits = "", after = "" } = match?.groups ?? {};
  const sign = /(?<sign>[+-])\s*\p{Sc}?\s*$/u.exec(before)?.groups?.["sign"] ?? "";
  const around = `${sign === "" ? before : before.replace(sign, " ")} ${after}`;
  const isAlone = around.split(/\s+/u).every((piece) => pieces.has(piece) || isHarmlessPiece(piece, pieces));
  return digits === "" || !isAlone ? null : { digits, sign: sign === "-" ? -1 : 1 };
}

/** @returns the number that the text spells out, perhaps with a unit, or null */
function parseNumberWords(folded: string, { words }: NumberUnits, language: Language): number | null {
  const numberWords = splitValueWords(folded).filter((word) => !words.has(word));
  return listNumberWords(language).get(numberWords.join(" ")) ?? null;
}

const cachedNumberWords = new WeakMap<Language, ReadonlyMap<string, number>>();

/** @returns the numbers of a language by their words */
function listNumberWords(language: Language): ReadonlyMap<string, number> {
  const cached = cachedNumberWords.get(language);
  if (cached !== undefined) return cached;
  const entries = language.words.numbers.flatMap((names, index) =>
    names.map((name) => [splitValueWords(foldValue(name)).join(" "), index + 1] as const),
  );
  const numbers = new Map(entries);
  cachedNumberWords.set(language, numbers);
  return numbers;
}

/** The units of a question, folded: split at spaces, and split into words. */
interface NumberUnits {
  readonly pieces: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
}

const NO_UNITS: readonly string[] = [];

const cachedUnits = new WeakMap<readonly string[], NumberUnits>();

function foldUnits(units: readonly string[]): NumberUnits {
  const cached = cachedUnits.get(units);
  if (cached !== undefined) return cached;
  const folded = units.map(foldValue);
  const found = {
    pieces: new Set(folded.flatMap((unit) => unit.split(/\s+/u))),
    words: new Set(folded.flatMap(splitValueWords)),
  };
  cachedUnits.set(units, found);
  return found;
}

/** Tests for punctuation, a currency or a unit, or a mix of them. */
function isHarmlessPiece(piece: string, allowed: ReadonlySet<string>): boolean {
  return /^[\p{L}\p{M}'\p{Sc}.,!?;:()"]*$/u.test(piece) && splitValueWords(piece).every((word) => allowed.has(word));
}

interface NumberReading {
  readonly value: number;
  readonly decimal: "." | ",";
}

/** @returns the different readings: with a decimal point, with a decimal comma, both or none */
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
  const [integer = "", fraction, ...rest] = digits.split(decimal);
  const whole = decimal === "." ? integer : integer.replaceAll(".", ",");
  const isWhole = decimal === "." || !integer.includes(",");
  if (rest.length > 0 || !isWhole || (fraction !== undefined && !/^\d+$/u.test(fraction))) return null;
  const isPlain = /^\d+$/u.test(whole) || (whole === "" && fraction !== undefined);
  const isGrouped = /^[1-9]\d{0,2}(?<separator>[,' ])\d{3}(?:\k<separator>\d{3})*$/u.test(whole);
  const isGroupedInIndia = /^[1-9]\d?(?:,\d{2})+,\d{3}$/u.test(whole);
  if (!isPlain && !isGrouped && !isGroupedInIndia) return null;
  return Number(`${whole.replace(/\D/gu, "")}.${fraction ?? "0"}`);
}

/** @returns null for Spanish without a country: Spain and Argentina write 1,5, but Mexico and the USA write 1.5 */
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
