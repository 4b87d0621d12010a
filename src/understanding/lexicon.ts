import { BoundedCache } from "../core/bounded-cache.ts";
import { OPTIONS_PER_CHOICE, TEXTS_CACHED, TYPO_CHECK_CHARACTERS } from "../core/limits/topics.ts";
import { english } from "../languages/en.ts";
import type { Language } from "../languages/language.ts";
import { NO_EMOJI, PLACE_EMOJI, UNSURE_EMOJI, YES_EMOJI } from "./emoji.ts";
import { listSpellings, splitWords } from "./normalise.ts";

/** What a word or phrase means; it may mean several things at once ("one" is a number, and small in "the red one"). */
export interface WordMeaning {
  /** A yes, a no, or (null) neither, though it sounds like one. */
  readonly polarity?: boolean | null;
  readonly number?: number;
  /** A place from the first on; -1 is the last. */
  readonly place?: number;
  readonly small?: true;
  readonly joining?: true;
  readonly numbering?: true;
  /** Turns an answer round. */
  readonly negation?: true;
  /** Speaks of the options without being one. */
  readonly neither?: true;
}

export interface LanguageLexicon {
  readonly meanings: ReadonlyMap<string, WordMeaning>;
  /** Words of the longest phrase. */
  readonly longest: number;
}

const cachedLexicons = new WeakMap<Language, LanguageLexicon>();

/** The words of a language, with those of every language (emoji) and the English yes and no where they do not collide. */
export function getLexicon(language: Language): LanguageLexicon {
  const before = cachedLexicons.get(language);
  if (before !== undefined) return before;
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

  const own = new Set(meanings.keys());
  const addUnlessOwn = (phrases: readonly string[], meaning: WordMeaning): void =>
    addMeaning(
      phrases.filter((phrase) => getSpellingKeys(phrase).every((key) => !own.has(key))),
      meaning,
    );
  addUnlessOwn([...english.words.yes, ...YES_EMOJI], { polarity: true });
  addUnlessOwn([...english.words.no, ...NO_EMOJI], { polarity: false });
  addUnlessOwn([...english.words.unsure, ...UNSURE_EMOJI], { polarity: null });
  addUnlessOwn(english.words.negations, { negation: true });
  addUnlessOwn(english.words.neither, { neither: true });
  // "No" announces a number in many languages, and may be an English no there.
  addMeaning([...words.numbering, "#"], { numbering: true });
  PLACE_EMOJI.forEach((each, index) => addMeaning([each], { place: index + 1 }));

  const longest = Math.max(...Array.from(meanings.keys(), (key) => key.split(" ").length));
  return { meanings, longest };
}

/** @returns how the phrase may be spelled, as words with one space between them */
export function getSpellingKeys(phrase: string): readonly string[] {
  return phrase.length > TYPO_CHECK_CHARACTERS
    ? computeSpellingKeys(phrase)
    : cachedKeys.getOrCreate(phrase, computeSpellingKeys);
}

const cachedKeys = new BoundedCache<readonly string[]>(TEXTS_CACHED);

function computeSpellingKeys(phrase: string): readonly string[] {
  return listSpellings(phrase).map((spelling) => splitWords(spelling).join(" "));
}
