import type { Language } from "../languages/language.ts";
import { findBeginnings } from "./beginnings.ts";
import {
  findIndexes,
  getOptionLabel,
  hasSamePieces,
  listReadings,
  type OptionLabel,
  type TextReading,
} from "./label.ts";
import { getLexicon, type LanguageLexicon } from "./lexicon.ts";
import { findMentions } from "./mentions.ts";
import { findMistypedLabels } from "./mistakes.ts";
import { foldAccents, isPictograph, normaliseText, toPlainText } from "./normalise.ts";
import { dropSmallPieces, isSmall, type TextPiece } from "./pieces.ts";
import { findLeadingPolarity, findPolarity } from "./yes-no.ts";

export interface ChoosableOption {
  readonly label: string;
  readonly value?: string | undefined;
}

export type OptionChoice =
  | { readonly kind: "chosen"; readonly index: number }
  /** Several options fit equally well, in the order of the list; the contact must be input which one is meant. */
  | { readonly kind: "which"; readonly indexes: readonly number[] }
  | { readonly kind: "none" };

/**
 * Decides which option the contact means: by its number in any form, its label or value, an unambiguous beginning of a
 * word in the label, or the label with small typos, each with or without polite words around. Every word of the text
 * must be understood, and a text that fits two options chooses neither. Digits alone are the option's number, whatever
 * the labels say, unless another option is called by them.
 */
export function chooseOption(text: string, options: readonly ChoosableOption[], language: Language): OptionChoice {
  const input = new ChoiceInput(text, options, getLexicon(language));
  for (const find of [findByDigits, findByLabel, findByReading]) {
    const found = find(input);
    if (found.length > 0) return settleChoice(found);
  }
  return { kind: "none" };
}

/** @returns the index of the option whose number is the whole text, in digits; or null */
export function findOptionByNumber(
  text: string,
  options: readonly ChoosableOption[],
  language: Language,
): number | null {
  return findNumberedIndex(new ChoiceInput(text, options, getLexicon(language)));
}

/** A text and the options to choose from; labels and readings are computed once, when first needed. */
class ChoiceInput {
  readonly text: string;
  readonly options: readonly ChoosableOption[];
  readonly #lexicon: LanguageLexicon;
  #labels: readonly OptionLabel[] | null = null;
  #readings: readonly TextReading[] | null = null;

  constructor(text: string, options: readonly ChoosableOption[], lexicon: LanguageLexicon) {
    this.text = text;
    this.options = options;
    this.#lexicon = lexicon;
  }

  get labels(): readonly OptionLabel[] {
    this.#labels ??= this.options.map(({ label }) => getOptionLabel(label, this.#lexicon));
    return this.#labels;
  }

  get readings(): readonly TextReading[] {
    this.#readings ??= listReadings(this.text, this.#lexicon).map((reading) => keepPictographs(reading, this.labels));
    return this.#readings;
  }
}

function settleChoice(found: readonly number[]): OptionChoice {
  const indexes = [...new Set(found)].toSorted((a, b) => a - b);
  const [index] = indexes;
  if (index === undefined) return { kind: "none" };
  return indexes.length === 1 ? { kind: "chosen", index } : { kind: "which", indexes };
}

/**
 * Finds the option with that number and those that are called by it. Values do not count, because contacts never see
 * them.
 */
function findByDigits(input: ChoiceInput): readonly number[] {
  const index = findNumberedIndex(input);
  if (index === null) return [];
  const isCalledByNumber = (label: OptionLabel): boolean =>
    findDigits(label.map(({ pieces }) => dropSmallPieces(pieces))) === index + 1;
  return [index, ...findIndexes(input.labels, isCalledByNumber)];
}

function findNumberedIndex(input: ChoiceInput): number | null {
  if (!/\p{N}/u.test(input.text)) return null;
  const number = findDigits(input.readings.map(({ rest }) => rest));
  return number !== null && number >= 1 && number <= input.options.length ? number - 1 : null;
}

/** @returns the number in digits that the text consists of, apart from words that change nothing; or null */
function findDigits(rests: readonly (readonly TextPiece[])[]): number | null {
  for (const rest of rests) {
    const [only] = rest;
    if (rest.length === 1 && only?.explicit === false && /^\p{Nd}+$/u.test(only.text))
      return only.meaning.number ?? null;
  }
  return null;
}

/** Finds the options whose label is the text. Signs count as long as they tell options apart: "A+" from "A-". */
function findByLabel({ text, options }: ChoiceInput): readonly number[] {
  const exact = filterByLabel(toPlainText, text, options);
  return exact.length === 1 ? exact : filterByLabel(normaliseKeepingSigns, text, options);
}

/** Removes punctuation, unless the text has signs that may matter. */
function normaliseKeepingSigns(text: string): string {
  const exact = toPlainText(text);
  return /[$€£₹%#+-]/u.test(exact) ? exact : normaliseText(text);
}

function filterByLabel(
  form: (text: string) => string,
  text: string,
  options: readonly ChoosableOption[],
): readonly number[] {
  const wanted = form(text);
  return wanted === "" ? [] : findIndexes(options, ({ label }) => form(label) === wanted);
}

/** Reads the text more and more freely; the first strategy that finds an option decides. */
function findByReading({ text, options, labels, readings }: ChoiceInput): readonly number[] {
  const strategies: readonly ((reading: TextReading) => readonly number[])[] = [
    ({ pieces }) => filterByReading(labels, (label) => hasSamePieces(label.pieces, pieces)),
    ({ rest }) => (isNumeral(rest) ? [] : filterByReading(labels, (label) => hasSamePieces(label.rest, rest))),
    (reading) => findMentionsOrBeginnings(reading, labels),
    ({ rest }) => findAlternatives(rest, labels),
    ({ pieces }) => findByPolarity(findPolarity(pieces), labels),
    ({ rest }) => [...findBeginnings(rest, labels), ...findByValue(text, options)],
    ({ rest }) => findMistypedLabels(rest, labels),
  ];
  for (const strategy of strategies) {
    const found = readings.map(strategy).find((indexes) => indexes.length > 0);
    if (found !== undefined) return found;
  }
  return [];
}

/** Keeps pictographs that also stand in a label: there they are more than decoration. */
function keepPictographs({ pieces, rest }: TextReading, labels: readonly OptionLabel[]): TextReading {
  const meaningful = pieces.filter(
    ({ key }) =>
      isPictograph(key) && labels.some((label) => label.some((each) => each.pieces.some((piece) => piece.key === key))),
  );
  return meaningful.length === 0
    ? { pieces, rest }
    : { pieces, rest: pieces.filter((piece) => meaningful.includes(piece) || !isSmall(piece)) };
}

/** Finds the options of a text that names several: "new or change" is two beginnings and chooses neither. */
function findAlternatives(rest: readonly TextPiece[], labels: readonly OptionLabel[]): readonly number[] {
  const parts: TextPiece[][] = [[]];
  for (const piece of rest) {
    if (piece.meaning.joining === undefined) parts.at(-1)?.push(piece);
    else parts.push([]);
  }
  const alternatives = parts.filter((part) => part.length > 0);
  if (alternatives.length < 2) return [];
  const found = alternatives.map((part) => {
    const beginnings = findBeginnings(part, labels);
    return beginnings.length > 0 ? beginnings : findMistypedLabels(part, labels);
  });
  const all = new Set(found.flat());
  return found.every((indexes) => indexes.length > 0) && all.size > 1 ? [...all] : [];
}

function filterByReading(labels: readonly OptionLabel[], test: (reading: TextReading) => boolean): readonly number[] {
  return findIndexes(labels, (label) => label.some(test));
}

/** Finds mentioned options. A number alone may also be the beginning of a label: "7" for "7 pm". */
function findMentionsOrBeginnings({ pieces, rest }: TextReading, labels: readonly OptionLabel[]): readonly number[] {
  const found = findMentions(pieces, rest, labels);
  return isNumeral(rest) && rest[0]?.explicit === false && found.length > 0
    ? [...found, ...findBeginnings(rest, labels)]
    : found;
}

function isNumeral(rest: readonly TextPiece[]): boolean {
  const [only] = rest;
  return rest.length === 1 && (only?.meaning.number !== undefined || only?.meaning.place !== undefined);
}

/**
 * Takes "yep" as the option that begins with a yes, but only if another begins with a no: it must not choose a "Good"
 * or "Perfect".
 */
function findByPolarity(polarity: boolean | null, labels: readonly OptionLabel[]): readonly number[] {
  if (polarity === null) return [];
  const filterByPolarity = (wanted: boolean): readonly number[] =>
    filterByReading(labels, ({ pieces }) => findLeadingPolarity(pieces) === wanted);
  return filterByPolarity(!polarity).length > 0 ? filterByPolarity(polarity) : [];
}

function findByValue(text: string, options: readonly ChoosableOption[]): readonly number[] {
  const wanted = foldAccents(normaliseText(text));
  return wanted === ""
    ? []
    : findIndexes(options, ({ value }) => value !== undefined && foldAccents(normaliseText(value)) === wanted);
}
