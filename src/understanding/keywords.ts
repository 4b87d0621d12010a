import { TYPO_CHECK_CHARACTERS } from "../core/limits/topics.ts";
import { countAllowedMistakes, editDistance, extractDigits } from "./edit-distance.ts";
import { getSpellingKeys } from "./lexicon.ts";
import { normaliseText } from "./normalise.ts";

export interface FindableTopic {
  readonly id: string;
  readonly keywords: readonly string[];
}

export type TopicMatch =
  | { readonly kind: "topic"; readonly id: string }
  /** Several topics fit equally well, in the order of the list; the contact must be asked which one is meant. */
  | { readonly kind: "which"; readonly ids: readonly string[] }
  | { readonly kind: "none" };

/** Finds topics by their keywords; prepared once for many texts. */
export interface TopicFinder {
  /** Finds the topic that has the whole text as a keyword. */
  readonly findExact: (text: string) => TopicMatch;
  /**
   * Finds the topic that the contact's words ask for. A text that is a keyword comes first, then one that contains
   * keywords as whole words, of which the longest wins, and last a text that is a keyword with small typos.
   */
  readonly find: (text: string) => TopicMatch;
}

type KeywordIndex = Map<string, readonly string[]>;

export function createTopicFinder(topics: readonly FindableTopic[]): TopicFinder {
  const literal: KeywordIndex = new Map();
  const folded: KeywordIndex = new Map();
  for (const { id, keywords } of topics) {
    for (const keyword of keywords) {
      addKeyword(literal, normaliseText(keyword), id);
      for (const key of getSpellingKeys(keyword)) addKeyword(folded, key, id);
    }
  }
  const order = new Map(topics.map(({ id }, index) => [id, index]));
  const settleMatch = (found: readonly string[]): TopicMatch => {
    if (found.length === 0) return { kind: "none" };
    const ids = [...new Set(found)].toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    const [id] = ids;
    return id !== undefined && ids.length === 1 ? { kind: "topic", id } : { kind: "which", ids };
  };
  const findWhole = (text: string): readonly string[] => {
    const ids = literal.get(normaliseText(text));
    return ids ?? getSpellingKeys(text).flatMap((key) => folded.get(key) ?? []);
  };
  const byLength = groupByLength(folded);
  const longest = Math.max(0, ...[...folded.keys()].map((key) => key.split(" ").length));
  return {
    findExact: (text) => settleMatch(findWhole(text)),
    find: (text) => {
      const strategies = [
        () => findWhole(text),
        () => findContained(text, folded, longest),
        () => findMistyped(text, byLength),
      ];
      for (const strategy of strategies) {
        const ids = strategy();
        if (ids.length > 0) return settleMatch(ids);
      }
      return { kind: "none" };
    },
  };
}

function addKeyword(index: KeywordIndex, key: string, id: string): void {
  if (key !== "") index.set(key, [...(index.get(key) ?? []), id]);
}

/** @returns the topics of the longest keyword that the text contains */
function findContained(text: string, index: KeywordIndex, longest: number): readonly string[] {
  let length = 0;
  let ids: readonly string[] = [];
  for (const spelling of getSpellingKeys(text)) {
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

interface KeywordEntry {
  readonly key: string;
  readonly ids: readonly string[];
  readonly digits: string;
}
type KeywordsByLength = ReadonlyMap<number, readonly KeywordEntry[]>;

function groupByLength(index: KeywordIndex): KeywordsByLength {
  const entries = [...index].map(([key, ids]) => ({ key, ids, digits: extractDigits(key) }));
  return Map.groupBy(entries, ({ key }) => key.length);
}

/** @returns the topics of the most similar keyword, and of those that are nearly as similar */
function findMistyped(text: string, byLength: KeywordsByLength): readonly string[] {
  return getSpellingKeys(text).flatMap((form) => {
    if (form.length > TYPO_CHECK_CHARACTERS) return [];
    const digits = extractDigits(form);
    const limit = countAllowedMistakes(form.length) + 1;
    const lengths = Array.from({ length: 2 * limit + 1 }, (_, index) => form.length - limit + index);
    const near = lengths
      .flatMap((length) => byLength.get(length) ?? [])
      .filter((entry) => entry.digits === digits)
      .map(({ key, ids }) => ({
        ids,
        apart: editDistance(form, key, limit),
        most: countAllowedMistakes(Math.min(form.length, key.length)),
      }));
    const best = Math.min(...near.filter(({ apart, most }) => apart <= most).map(({ apart }) => apart));
    return Number.isFinite(best) ? near.filter(({ apart }) => apart <= best + 1).flatMap(({ ids }) => ids) : [];
  });
}
