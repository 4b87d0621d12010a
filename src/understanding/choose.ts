import type { Language } from "../languages/language.ts";
import { beginnings } from "./beginnings.ts";
import { indexesOf, type Label, labelOf, type Reading, readingsOf, same } from "./label.ts";
import { type Lexicon, lexiconOf } from "./lexicon.ts";
import { mentions } from "./mentions.ts";
import { mistaken } from "./mistakes.ts";
import { fold, isPictograph, normalise, plain } from "./normalise.ts";
import { isSmall, type Piece, restOf } from "./pieces.ts";
import { leadingPolarity, polarityOf } from "./yes-no.ts";

export interface Choosable {
  readonly label: string;
  readonly value?: string | undefined;
}

export type Choice =
  | { readonly kind: "chosen"; readonly index: number }
  /** Several options fit equally well, in the order of the list: ask which of them is meant. */
  | { readonly kind: "which"; readonly indexes: readonly number[] }
  | { readonly kind: "none" };

/**
 * Which option does the person mean? Its number in any form, its label or value, an unambiguous beginning of a word in it, or its label with
 * small typing mistakes, perhaps with polite words around. Every word of the text must be understood, and what fits two options chooses
 * neither of them. Digits alone are the option's number, whatever the labels say, unless another option is called just that.
 */
export function choose(text: string, options: readonly Choosable[], language: Language): Choice {
  const asked = new Asked(text, options, lexiconOf(language));
  for (const way of [byDigits, literally, freely]) {
    const found = way(asked);
    if (found.length > 0) return settle(found);
  }
  return { kind: "none" };
}

/** @returns the index of the option whose number the text is, in digits and with nothing else to it; or null */
export function numberedBy(text: string, options: readonly Choosable[], language: Language): number | null {
  return placeIn(new Asked(text, options, lexiconOf(language)));
}

/** What a person says, and what they choose from; either is read when it is needed, and once. */
class Asked {
  readonly text: string;
  readonly options: readonly Choosable[];
  readonly #lexicon: Lexicon;
  #labels: readonly Label[] | null = null;
  #readings: readonly Reading[] | null = null;

  constructor(text: string, options: readonly Choosable[], lexicon: Lexicon) {
    this.text = text;
    this.options = options;
    this.#lexicon = lexicon;
  }

  get labels(): readonly Label[] {
    this.#labels ??= this.options.map(({ label }) => labelOf(label, this.#lexicon));
    return this.#labels;
  }

  get readings(): readonly Reading[] {
    this.#readings ??= readingsOf(this.text, this.#lexicon).map((reading) => withPictographs(reading, this.labels));
    return this.#readings;
  }
}

function settle(found: readonly number[]): Choice {
  const indexes = [...new Set(found)].toSorted((a, b) => a - b);
  const [index] = indexes;
  if (index === undefined) return { kind: "none" };
  return indexes.length === 1 ? { kind: "chosen", index } : { kind: "which", indexes };
}

/** The option with that number, and those that are called by it; values, which nobody sees, do not count. */
function byDigits(asked: Asked): readonly number[] {
  const index = placeIn(asked);
  if (index === null) return [];
  const isIt = (label: Label): boolean => digitsIn(label.map(({ pieces }) => restOf(pieces))) === index + 1;
  return [index, ...indexesOf(asked.labels, isIt)];
}

function placeIn(asked: Asked): number | null {
  if (!/\p{N}/u.test(asked.text)) return null;
  const number = digitsIn(asked.readings.map(({ rest }) => rest));
  return number !== null && number >= 1 && number <= asked.options.length ? number - 1 : null;
}

/** @returns the number that a text is, written in digits, with nothing beside it but what changes nothing */
function digitsIn(rests: readonly (readonly Piece[])[]): number | null {
  for (const rest of rests) {
    const [only] = rest;
    if (rest.length === 1 && only?.explicit === false && /^\p{Nd}+$/u.test(only.text))
      return only.meaning.number ?? null;
  }
  return null;
}

/** The options whose label is the text; what tells "A+" from "A-" counts where it can. */
function literally({ text, options }: Asked): readonly number[] {
  const exact = labelled(plain, text, options);
  return exact.length === 1 ? exact : labelled(nearly, text, options);
}

/** Without punctuation, but with signs that may matter. */
function nearly(text: string): string {
  const exact = plain(text);
  return /[$€£₹%#+-]/u.test(exact) ? exact : normalise(text);
}

function labelled(form: (text: string) => string, text: string, options: readonly Choosable[]): readonly number[] {
  const said = form(text);
  return said === "" ? [] : indexesOf(options, ({ label }) => form(label) === said);
}

/** The text is read more and more freely; the first way that finds an option decides. */
function freely({ text, options, labels, readings }: Asked): readonly number[] {
  const ways: readonly ((reading: Reading) => readonly number[])[] = [
    ({ pieces }) => withReading(labels, (label) => same(label.pieces, pieces)),
    ({ rest }) => (isNumeral(rest) ? [] : withReading(labels, (label) => same(label.rest, rest))),
    (reading) => asMentioned(reading, labels),
    ({ rest }) => eitherOf(rest, labels),
    ({ pieces }) => samePolarity(polarityOf(pieces), labels),
    ({ rest }) => [...beginnings(rest, labels), ...valued(text, options)],
    ({ rest }) => mistaken(rest, labels),
  ];
  for (const way of ways) {
    const found = readings.map(way).find((indexes) => indexes.length > 0);
    if (found !== undefined) return found;
  }
  return [];
}

/** A pictograph that stands in a label is not there for decoration. */
function withPictographs({ pieces, rest }: Reading, labels: readonly Label[]): Reading {
  const told = pieces.filter(
    ({ key }) =>
      isPictograph(key) && labels.some((label) => label.some((each) => each.pieces.some((piece) => piece.key === key))),
  );
  return told.length === 0
    ? { pieces, rest }
    : { pieces, rest: pieces.filter((piece) => told.includes(piece) || !isSmall(piece)) };
}

/** "New or change" is two beginnings, and chooses neither. */
function eitherOf(rest: readonly Piece[], labels: readonly Label[]): readonly number[] {
  const parts: Piece[][] = [[]];
  for (const piece of rest) {
    if (piece.meaning.joining === undefined) parts.at(-1)?.push(piece);
    else parts.push([]);
  }
  const told = parts.filter((part) => part.length > 0);
  if (told.length < 2) return [];
  const found = told.map((part) => {
    const begun = beginnings(part, labels);
    return begun.length > 0 ? begun : mistaken(part, labels);
  });
  const all = new Set(found.flat());
  return found.every((indexes) => indexes.length > 0) && all.size > 1 ? [...all] : [];
}

function withReading(labels: readonly Label[], test: (reading: Reading) => boolean): readonly number[] {
  return indexesOf(labels, (label) => label.some(test));
}

/** A number alone is an option's, but perhaps it was meant as what a label says: "7" for "7 pm". */
function asMentioned({ pieces, rest }: Reading, labels: readonly Label[]): readonly number[] {
  const found = mentions(pieces, rest, labels);
  return isNumeral(rest) && rest[0]?.explicit === false && found.length > 0
    ? [...found, ...beginnings(rest, labels)]
    : found;
}

function isNumeral(rest: readonly Piece[]): boolean {
  const [only] = rest;
  return rest.length === 1 && (only?.meaning.number !== undefined || only?.meaning.place !== undefined);
}

/** "Yep" is the option that begins with a yes, where another begins with a no: it is not any "Good" or "Perfect". */
function samePolarity(polarity: boolean | null, labels: readonly Label[]): readonly number[] {
  if (polarity === null) return [];
  const leadingWith = (wanted: boolean): readonly number[] =>
    withReading(labels, ({ pieces }) => leadingPolarity(pieces) === wanted);
  return leadingWith(!polarity).length > 0 ? leadingWith(polarity) : [];
}

function valued(text: string, options: readonly Choosable[]): readonly number[] {
  const said = fold(normalise(text));
  return said === "" ? [] : indexesOf(options, ({ value }) => value !== undefined && fold(normalise(value)) === said);
}
