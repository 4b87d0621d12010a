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
  /** Several options fit equally well, in the order of the list: ask which of them is meant. */
  | { readonly kind: "which"; readonly indexes: readonly number[] }
  | { readonly kind: "none" };

/**
 * Which option does the person mean? Its number in any form, its label or value, an unambiguous beginning of a word in it, or its label with
 * small typing mistakes, perhaps with polite words around. Every word of the text must be understood, and what fits two options chooses
 * neither of them. Digits alone are the option's number, whatever the labels say, unless another option is called just that.
 */
export function chooseOption(text: string, options: readonly ChoosableOption[], language: Language): OptionChoice {
  const asked = new ChoiceInput(text, options, getLexicon(language));
  for (const way of [findByDigits, findByLabel, findByReading]) {
    const found = way(asked);
    if (found.length > 0) return settleChoice(found);
  }
  return { kind: "none" };
}

/** @returns the index of the option whose number the text is, in digits and with nothing else to it; or null */
export function findOptionByNumber(
  text: string,
  options: readonly ChoosableOption[],
  language: Language,
): number | null {
  return findNumberedIndex(new ChoiceInput(text, options, getLexicon(language)));
}

/** What a person says, and what they choose from; either is read when it is needed, and once. */
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

/** The option with that number, and those that are called by it; values, which nobody sees, do not count. */
function findByDigits(asked: ChoiceInput): readonly number[] {
  const index = findNumberedIndex(asked);
  if (index === null) return [];
  const isCalledByNumber = (label: OptionLabel): boolean =>
    findDigits(label.map(({ pieces }) => dropSmallPieces(pieces))) === index + 1;
  return [index, ...findIndexes(asked.labels, isCalledByNumber)];
}

function findNumberedIndex(asked: ChoiceInput): number | null {
  if (!/\p{N}/u.test(asked.text)) return null;
  const number = findDigits(asked.readings.map(({ rest }) => rest));
  return number !== null && number >= 1 && number <= asked.options.length ? number - 1 : null;
}

/** @returns the number that a text is, written in digits, with nothing beside it but what changes nothing */
function findDigits(rests: readonly (readonly TextPiece[])[]): number | null {
  for (const rest of rests) {
    const [only] = rest;
    if (rest.length === 1 && only?.explicit === false && /^\p{Nd}+$/u.test(only.text))
      return only.meaning.number ?? null;
  }
  return null;
}

/** The options whose label is the text; what tells "A+" from "A-" counts where it can. */
function findByLabel({ text, options }: ChoiceInput): readonly number[] {
  const exact = filterByLabel(toPlainText, text, options);
  return exact.length === 1 ? exact : filterByLabel(normaliseKeepingSigns, text, options);
}

/** Without punctuation, but with signs that may matter. */
function normaliseKeepingSigns(text: string): string {
  const exact = toPlainText(text);
  return /[$€£₹%#+-]/u.test(exact) ? exact : normaliseText(text);
}

function filterByLabel(
  form: (text: string) => string,
  text: string,
  options: readonly ChoosableOption[],
): readonly number[] {
  const said = form(text);
  return said === "" ? [] : findIndexes(options, ({ label }) => form(label) === said);
}

/** The text is read more and more freely; the first way that finds an option decides. */
function findByReading({ text, options, labels, readings }: ChoiceInput): readonly number[] {
  const ways: readonly ((reading: TextReading) => readonly number[])[] = [
    ({ pieces }) => filterByReading(labels, (label) => hasSamePieces(label.pieces, pieces)),
    ({ rest }) => (isNumeral(rest) ? [] : filterByReading(labels, (label) => hasSamePieces(label.rest, rest))),
    (reading) => findMentionsOrBeginnings(reading, labels),
    ({ rest }) => findAlternatives(rest, labels),
    ({ pieces }) => findByPolarity(findPolarity(pieces), labels),
    ({ rest }) => [...findBeginnings(rest, labels), ...findByValue(text, options)],
    ({ rest }) => findMistypedLabels(rest, labels),
  ];
  for (const way of ways) {
    const found = readings.map(way).find((indexes) => indexes.length > 0);
    if (found !== undefined) return found;
  }
  return [];
}

/** A pictograph that stands in a label is not there for decoration. */
function keepPictographs({ pieces, rest }: TextReading, labels: readonly OptionLabel[]): TextReading {
  const told = pieces.filter(
    ({ key }) =>
      isPictograph(key) && labels.some((label) => label.some((each) => each.pieces.some((piece) => piece.key === key))),
  );
  return told.length === 0
    ? { pieces, rest }
    : { pieces, rest: pieces.filter((piece) => told.includes(piece) || !isSmall(piece)) };
}

/** "New or change" is two beginnings, and chooses neither. */
function findAlternatives(rest: readonly TextPiece[], labels: readonly OptionLabel[]): readonly number[] {
  const parts: TextPiece[][] = [[]];
  for (const piece of rest) {
    if (piece.meaning.joining === undefined) parts.at(-1)?.push(piece);
    else parts.push([]);
  }
  const told = parts.filter((part) => part.length > 0);
  if (told.length < 2) return [];
  const found = told.map((part) => {
    const begun = findBeginnings(part, labels);
    return begun.length > 0 ? begun : findMistypedLabels(part, labels);
  });
  const all = new Set(found.flat());
  return found.every((indexes) => indexes.length > 0) && all.size > 1 ? [...all] : [];
}

function filterByReading(labels: readonly OptionLabel[], test: (reading: TextReading) => boolean): readonly number[] {
  return findIndexes(labels, (label) => label.some(test));
}

/** A number alone is an option's, but perhaps it was meant as what a label says: "7" for "7 pm". */
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

/** "Yep" is the option that begins with a yes, where another begins with a no: it is not any "Good" or "Perfect". */
function findByPolarity(polarity: boolean | null, labels: readonly OptionLabel[]): readonly number[] {
  if (polarity === null) return [];
  const filterByPolarity = (wanted: boolean): readonly number[] =>
    filterByReading(labels, ({ pieces }) => findLeadingPolarity(pieces) === wanted);
  return filterByPolarity(!polarity).length > 0 ? filterByPolarity(polarity) : [];
}

function findByValue(text: string, options: readonly ChoosableOption[]): readonly number[] {
  const said = foldAccents(normaliseText(text));
  return said === ""
    ? []
    : findIndexes(options, ({ value }) => value !== undefined && foldAccents(normaliseText(value)) === said);
}
