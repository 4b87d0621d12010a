import { BoundedCache } from "../core/bounded-cache.ts";
import { OPTIONS_PER_CHOICE, TEXTS_CACHED, TYPO_CHECK_CHARACTERS } from "../core/limits/topics.ts";
import { english } from "../languages/en.ts";
import type { Language } from "../languages/language.ts";
import { NO_EMOJI, PLACE_EMOJI, UNSURE_EMOJI, YES_EMOJI } from "./emoji.ts";
import { listSpellings, splitWords } from "./normalise.ts";

/** The meaning of a word or phrase. Several may apply at once: "one" is a number, and a small word in "the red one". */
export interface WordMeaning {
  /** True for a yes, false for a no, null for a phrase that contains one but is neither. */
  readonly polarity?: boolean | null;
  readonly number?: number;
  /** A position, counted from 1; -1 is the last. */
  readonly place?: number;
  /** A word that changes nothing, such as "please". */
  readonly small?: true;
  /** A word between two answers, such as "or". */
  readonly joining?: true;
  /** A word that announces an option's number, such as "option". */
  readonly numbering?: true;
  /** A word that reverses an answer, such as "without". */
  readonly negation?: true;
  /** A word about the options that chooses none, such as "both". */
  readonly neither?: true;
}

export interface LanguageLexicon {
  readonly meanings: ReadonlyMap<string, WordMeaning>;
  /** The number of words in the longest phrase. */
  readonly longest: number;
}

const cachedLexicons = new WeakMap<Language, LanguageLexicon>();

/**
 * @returns the words of a language, with emoji and with the English yes and no unless the language uses these words
 * otherwise
 */
export function getLexicon(language: Language): LanguageLexicon {
  const cached = cachedLexicons.get(language);
  if (cached !== undefined) return cached;
  const lexicon = createLexicon(language);
  cachedLexicons.set(language, lexicon);
  return lexicon;
}

function createLexicon({ words }: Language): LanguageLexicon {
  const meanings = new Map<string, WordMeaning>();
  const addMeaning = (phrases: readonly string[], meaning: WordMeaning): void => {
    for (const key of phrases.flatMap(getSpellingKeys)) meanings.set(key, { ...meanings.get(key), ...meaning });
  };
  addMeaning(words.yes, { polarity: true });
  addMeaning(words.no, { polarity: false });
  addMeaning(words.unsure, { polarity: null });
  words.numbers.forEach((each, index) => addMeaning(each, { number: index + 1 }));
  words.ordinals.forEach((each, index) => addMeaning(each, { place: index + 1 }));
  for (let place = 1; place <= OPTIONS_PER_CHOICE; place += 1)
    addMeaning(
      words.ordinalEndings.map((ending) => `${place}${ending}`),
      { place },
    );
  addMeaning(words.last, { place: -1 });
  addMeaning(words.joining, { joining: true });
  addMeaning(words.negations, { negation: true });
  addMeaning(words.neither, { neither: true });
  addMeaning(words.small, { small: true });

  const languageKeys = new Set(meanings.keys());
  const addUnlessTaken = (phrases: readonly string[], meaning: WordMeaning): void =>
    addMeaning(
      phrases.filter((phrase) => getSpellingKeys(phrase).every((key) => !languageKeys.has(key))),
      meaning,
    );
  addUnlessTaken([...english.words.yes, ...YES_EMOJI], { polarity: true });
  addUnlessTaken([...english.words.no, ...NO_EMOJI], { polarity: false });
  addUnlessTaken([...english.words.unsure, ...UNSURE_EMOJI], { polarity: null });
  addUnlessTaken(english.words.negations, { negation: true });
  addUnlessTaken(english.words.neither, { neither: true });
  // In many languages "no" announces a number, and may be an English no as well.
  addMeaning([...words.numbering, "#"], { numbering: true });
  PLACE_EMOJI.forEach((each, index) => addMeaning([each], { place: index + 1 }));

  const longest = Math.max(...Array.from(meanings.keys(), (key) => key.split(" ").length));
  return { meanings, longest };
}

/** @returns the spellings of the phrase, as words separated by single spaces */
export function getSpellingKeys(phrase: string): readonly string[] {
  return phrase.length > TYPO_CHECK_CHARACTERS
    ? computeSpellingKeys(phrase)
    : cachedKeys.getOrCreate(phrase, computeSpellingKeys);
}

const cachedKeys = new BoundedCache<readonly string[]>(TEXTS_CACHED);

function computeSpellingKeys(phrase: string): readonly string[] {
  return listSpellings(phrase).map((spelling) => splitWords(spelling).join(" "));
}
