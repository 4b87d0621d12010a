import { languageAmong } from "../../languages/catalog.ts";
import type { Language } from "../../languages/language.ts";
import { countryOf, fold, languageOf, wordsOf } from "./text.ts";

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
export function readNumber(text: string, rules: NumberRules): NumberAnswer {
  const folded = fold(text);
  const units = unitsOf(rules.units ?? NO_UNITS);
  const found = findNumber(folded, units);
  const values = found === null ? [] : readings(found.digits);
  const [first, second] = values;
  if (found === null || first === undefined) {
    const told = toldNumber(folded, units, languageAmong(rules.language));
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
function findNumber(folded: string, { written }: Units): { readonly digits: string; readonly sign: 1 | -1 } | null {
  if (!/\d/u.test(folded)) return null;
  const match = /^(?<before>\D*?)(?<digits>(?:(?<![^\s$€£₹-])[.,])?\d(?:.*\d)?)(?<after>\D*)$/u.exec(folded);
  const { before = "", digits = "", after = "" } = match?.groups ?? {};
  const sign = /(?<sign>[+-])\s*\p{Sc}?\s*$/u.exec(before)?.groups?.["sign"] ?? "";
  const around = `${sign === "" ? before : before.replace(sign, " ")} ${after}`;
  const isAlone = around.split(/\s+/u).every((piece) => written.has(piece) || isHarmless(piece, written));
  return digits === "" || !isAlone ? null : { digits, sign: sign === "-" ? -1 : 1 };
}

/** @returns the number that the text is in words, perhaps with a unit, or null */
function toldNumber(folded: string, { words }: Units, language: Language): number | null {
  const said = wordsOf(folded).filter((word) => !words.has(word));
  return numbersIn(language).get(said.join(" ")) ?? null;
}

const numbers = new WeakMap<Language, ReadonlyMap<string, number>>();

/** Every number by its words in a language. */
function numbersIn(language: Language): ReadonlyMap<string, number> {
  const known = numbers.get(language);
  if (known !== undefined) return known;
  const told = language.words.numbers.flatMap((names, index) =>
    names.map((name) => [wordsOf(fold(name)).join(" "), index + 1] as const),
  );
  const found = new Map(told);
  numbers.set(language, found);
  return found;
}

/** The units of a question, folded: as they are written between spaces, and word by word. */
interface Units {
  readonly written: ReadonlySet<string>;
  readonly words: ReadonlySet<string>;
}

const NO_UNITS: readonly string[] = [];

const unitsRead = new WeakMap<readonly string[], Units>();

function unitsOf(units: readonly string[]): Units {
  const known = unitsRead.get(units);
  if (known !== undefined) return known;
  const folded = units.map(fold);
  const found = {
    written: new Set(folded.flatMap((unit) => unit.split(/\s+/u))),
    words: new Set(folded.flatMap(wordsOf)),
  };
  unitsRead.set(units, found);
  return found;
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
