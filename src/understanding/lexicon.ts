import { Kept } from "../core/kept.ts";
import { OPTIONS_PER_CHOICE, TEXTS_REMEMBERED, TYPED_CHARACTERS } from "../core/limits/topics.ts";
import { english } from "../languages/en.ts";
import type { Language } from "../languages/language.ts";
import { NO_EMOJI, PLACE_EMOJI, UNSURE_EMOJI, YES_EMOJI } from "./emoji.ts";
import { spellings, wordsOf } from "./normalise.ts";

/** What a word or phrase means; it may mean several things at once ("one" is a number, and small in "the red one"). */
export interface Meaning {
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

export interface Lexicon {
  readonly meanings: ReadonlyMap<string, Meaning>;
  /** Words of the longest phrase. */
  readonly longest: number;
}

const known = new WeakMap<Language, Lexicon>();

/** The words of a language, with those of every language (emoji) and the English yes and no where they do not collide. */
export function lexiconOf(language: Language): Lexicon {
  const before = known.get(language);
  if (before !== undefined) return before;
  const lexicon = createLexicon(language);
  known.set(language, lexicon);
  return lexicon;
}

function createLexicon({ words }: Language): Lexicon {
  const meanings = new Map<string, Meaning>();
  const add = (phrases: readonly string[], meaning: Meaning): void => {
    for (const key of phrases.flatMap(keysOf)) meanings.set(key, { ...meanings.get(key), ...meaning });
  };
  add(words.yes, { polarity: true });
  add(words.no, { polarity: false });
  add(words.unsure, { polarity: null });
  words.numbers.forEach((each, index) => add(each, { number: index + 1 }));
  words.ordinals.forEach((each, index) => add(each, { place: index + 1 }));
  for (let place = 1; place <= OPTIONS_PER_CHOICE; place += 1)
    add(
      words.ordinalEndings.map((ending) => `${place}${ending}`),
      { place },
    );
  add(words.last, { place: -1 });
  add(words.joining, { joining: true });
  add(words.negations, { negation: true });
  add(words.neither, { neither: true });
  add(words.small, { small: true });

  const own = new Set(meanings.keys());
  const addUnlessOwn = (phrases: readonly string[], meaning: Meaning): void =>
    add(
      phrases.filter((phrase) => keysOf(phrase).every((key) => !own.has(key))),
      meaning,
    );
  addUnlessOwn([...english.words.yes, ...YES_EMOJI], { polarity: true });
  addUnlessOwn([...english.words.no, ...NO_EMOJI], { polarity: false });
  addUnlessOwn([...english.words.unsure, ...UNSURE_EMOJI], { polarity: null });
  addUnlessOwn(english.words.negations, { negation: true });
  addUnlessOwn(english.words.neither, { neither: true });
  // "No" announces a number in many languages, and may be an English no there.
  add([...words.numbering, "#"], { numbering: true });
  PLACE_EMOJI.forEach((each, index) => add([each], { place: index + 1 }));

  const longest = Math.max(...Array.from(meanings.keys(), (key) => key.split(" ").length));
  return { meanings, longest };
}

/** @returns how the phrase may be spelled, as words with one space between them */
export function keysOf(phrase: string): readonly string[] {
  return phrase.length > TYPED_CHARACTERS ? readKeys(phrase) : keys.get(phrase, () => readKeys(phrase));
}

const keys = new Kept<readonly string[]>(TEXTS_REMEMBERED);

function readKeys(phrase: string): readonly string[] {
  return spellings(phrase).map((spelling) => wordsOf(spelling).join(" "));
}
