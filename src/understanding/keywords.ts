import { TYPED_CHARACTERS } from "../core/limits/topics.ts";
import { digitsOf, distance, forgiven } from "./distance.ts";
import { keysOf } from "./lexicon.ts";
import { normalise } from "./normalise.ts";

export interface Findable {
  readonly id: string;
  readonly keywords: readonly string[];
}

export type Found =
  | { readonly kind: "topic"; readonly id: string }
  /** Several topics fit equally well, in the order of the list: ask which of them is meant. */
  | { readonly kind: "which"; readonly ids: readonly string[] }
  | { readonly kind: "none" };

/** Topics by their keywords, made ready once for many texts. */
export interface Finder {
  /** The topic that has the whole text as a keyword. */
  readonly exact: (text: string) => Found;
  /**
   * The topic that the person's words ask for. A text that is a keyword beats one that contains it as whole words, and of several
   * contained the longest wins; else the whole text may be a keyword with small typing mistakes.
   */
  readonly find: (text: string) => Found;
}

type Index = Map<string, readonly string[]>;

export function createFinder(topics: readonly Findable[]): Finder {
  const literal: Index = new Map();
  const folded: Index = new Map();
  for (const { id, keywords } of topics) {
    for (const keyword of keywords) {
      note(literal, normalise(keyword), id);
      for (const key of keysOf(keyword)) note(folded, key, id);
    }
  }
  const order = new Map(topics.map(({ id }, index) => [id, index]));
  const settle = (found: readonly string[]): Found => {
    if (found.length === 0) return { kind: "none" };
    const ids = [...new Set(found)].toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    const [id] = ids;
    return id !== undefined && ids.length === 1 ? { kind: "topic", id } : { kind: "which", ids };
  };
  const whole = (text: string): readonly string[] => {
    const ids = literal.get(normalise(text));
    return ids ?? keysOf(text).flatMap((key) => folded.get(key) ?? []);
  };
  const byLength = groupByLength(folded);
  const longest = Math.max(0, ...[...folded.keys()].map((key) => key.split(" ").length));
  return {
    exact: (text) => settle(whole(text)),
    find: (text) => {
      const ways = [() => whole(text), () => contained(text, folded, longest), () => mistyped(text, byLength)];
      for (const way of ways) {
        const ids = way();
        if (ids.length > 0) return settle(ids);
      }
      return { kind: "none" };
    },
  };
}

function note(index: Index, key: string, id: string): void {
  if (key !== "") index.set(key, [...(index.get(key) ?? []), id]);
}

/** The topics of the longest keyword that stands in the text. */
function contained(text: string, index: Index, longest: number): readonly string[] {
  let length = 0;
  let ids: readonly string[] = [];
  for (const spelling of keysOf(text)) {
    const words = spelling.split(" ");
    for (let at = 0; at < words.length; at += 1) {
      let phrase = "";
      for (const word of words.slice(at, at + longest)) {
        phrase = phrase === "" ? word : `${phrase} ${word}`;
        const found = phrase.length < length ? undefined : index.get(phrase);
        if (found === undefined) continue;
        ids = phrase.length > length ? found : [...ids, ...found];
        length = phrase.length;
      }
    }
  }
  return ids;
}

interface Entry {
  readonly key: string;
  readonly ids: readonly string[];
  readonly digits: string;
}
type ByLength = ReadonlyMap<number, readonly Entry[]>;

function groupByLength(index: Index): ByLength {
  const entries = [...index].map(([key, ids]) => ({ key, ids, digits: digitsOf(key) }));
  return Map.groupBy(entries, ({ key }) => key.length);
}

/** The topics of the nearest keyword, and of those that are nearly as near. */
function mistyped(text: string, byLength: ByLength): readonly string[] {
  return keysOf(text).flatMap((said) => {
    if (said.length > TYPED_CHARACTERS) return [];
    const digits = digitsOf(said);
    const limit = forgiven(said.length) + 1;
    const lengths = Array.from({ length: 2 * limit + 1 }, (_, index) => said.length - limit + index);
    const near = lengths
      .flatMap((length) => byLength.get(length) ?? [])
      .filter((entry) => entry.digits === digits)
      .map(({ key, ids }) => ({
        ids,
        apart: distance(said, key, limit),
        most: forgiven(Math.min(said.length, key.length)),
      }));
    const best = Math.min(...near.filter(({ apart, most }) => apart <= most).map(({ apart }) => apart));
    return Number.isFinite(best) ? near.filter(({ apart }) => apart <= best + 1).flatMap(({ ids }) => ids) : [];
  });
}
