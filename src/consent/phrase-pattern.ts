import { listSpellings, splitWords } from "../understanding/normalise.ts";

type WordList = readonly string[];

/**
 * Goes on from places between the words of a clause to others, all at once: bit 0 is before the first word, bit 1 behind it. So a text is never
 * gone through twice, however many ways lead through a pattern.
 */
export type PhrasePattern = (words: WordList, places: number) => number;

/** A clause of more words is none of consent; a place is a bit, and there are 31 of them. */
export const CLAUSE_WORDS_MAXIMUM = 30;

/** Named lists of patterns. */
export type PatternLists = Readonly<Record<string, WordList>>;

const TOKEN = /\[|\]|[^\s[\]]+/gu;

/** Reads patterns as `Wording` describes them, each list once. */
export class PatternParser {
  readonly #lists: PatternLists;
  readonly #knownLists = new Map<string, PhrasePattern>();

  constructor(lists: PatternLists) {
    this.#lists = lists;
  }

  /** @returns what any of the patterns leads to. @throws where a list is not there, or a bracket */
  parseAlternatives(patterns: WordList): PhrasePattern {
    return matchEither(patterns.map((pattern) => this.#parsePattern(pattern)));
  }

  #parsePattern(pattern: string): PhrasePattern {
    const tokens = [...(pattern.match(TOKEN) ?? [])];
    const read = this.#parseSequence(tokens);
    if (tokens.length > 0) throw new RangeError(`a bracket too many in "${pattern}"`);
    return read;
  }

  /** Takes tokens away, to the end of the sequence. */
  #parseSequence(tokens: string[]): PhrasePattern {
    const steps: PhrasePattern[] = [];
    for (let token = tokens.shift(); token !== undefined && token !== "]"; token = tokens.shift()) {
      steps.push(token === "[" ? matchOptional(this.#parseSequence(tokens)) : this.#parseChoice(token));
    }
    return matchSequence(steps);
  }

  #parseChoice(token: string): PhrasePattern {
    const choices = token.split("/");
    const named = choices
      .filter((choice) => choice.startsWith("<"))
      .map((choice) => this.#parseList(choice.slice(1, -1)));
    const written = choices.filter((choice) => !choice.startsWith("<")).flatMap(splitSpellings);
    // Mostly all of them are single words: one look for them all.
    const single = new Set(written.filter((words) => words.length === 1).flat());
    const longer = written
      .filter((words) => words.length > 1)
      .map((words) => matchSequence(words.map((each) => matchWord(new Set([each])))));
    return matchEither([...(single.size === 0 ? [] : [matchWord(single)]), ...longer, ...named]);
  }

  #parseList(name: string): PhrasePattern {
    const known = this.#knownLists.get(name);
    if (known !== undefined) return known;
    const list = this.#lists[name];
    if (list === undefined) throw new RangeError(`there is no list <${name}>`);
    const read = memoizePattern(this.parseAlternatives(list));
    this.#knownLists.set(name, read);
    return read;
  }
}

/** An elision is two words, and an umlaut has two spellings. */
function splitSpellings(choice: string): readonly WordList[] {
  return listSpellings(choice.replaceAll("_", " ")).map(splitWords);
}

function matchWord(known: ReadonlySet<string>): PhrasePattern {
  return (words, places) => {
    let after = 0;
    for (let left = places; left !== 0; left &= left - 1) {
      const place = 31 - Math.clz32(left & -left);
      if (known.has(words[place] ?? "")) after |= 2 << place;
    }
    return after;
  };
}

function matchSequence(steps: readonly PhrasePattern[]): PhrasePattern {
  if (steps.length === 1 && steps[0] !== undefined) return steps[0];
  return (words, places) => {
    let at = places;
    for (const step of steps) {
      if (at === 0) return 0;
      at = step(words, at);
    }
    return at;
  };
}

function matchEither(choices: readonly PhrasePattern[]): PhrasePattern {
  if (choices.length === 1 && choices[0] !== undefined) return choices[0];
  return (words, places) => {
    let after = 0;
    for (const choice of choices) after |= choice(words, places);
    return after;
  };
}

function matchOptional(pattern: PhrasePattern): PhrasePattern {
  return (words, places) => places | pattern(words, places);
}

/** Many patterns begin with the same list: it is gone through once for the same words. */
function memoizePattern(pattern: PhrasePattern): PhrasePattern {
  let last: WordList = [];
  const known = new Map<number, number>();
  return (words, places) => {
    if (words !== last) {
      last = words;
      known.clear();
    }
    const after = known.get(places) ?? pattern(words, places);
    known.set(places, after);
    return after;
  };
}

/** The pattern again and again, or not at all. */
export function matchRepeatedly(pattern: PhrasePattern): PhrasePattern {
  return (words, places) => {
    let all = places;
    for (let last = 0; all !== last; ) {
      last = all;
      all |= pattern(words, all);
    }
    return all;
  };
}

/** @returns whether one of the patterns' ways leads through all of the words */
export function isWholeMatch(words: WordList, ...patterns: readonly PhrasePattern[]): boolean {
  if (words.length > CLAUSE_WORDS_MAXIMUM) return false;
  return (matchSequence(patterns)(words, 1) & (1 << words.length)) !== 0;
}

/** @returns the words between those that the pattern takes away, as many of them at once as it can */
export function splitByPattern(words: WordList, pattern: PhrasePattern): readonly WordList[] {
  const pieces: string[][] = [[]];
  for (let place = 0; place < words.length; ) {
    const ahead = words.slice(place, place + CLAUSE_WORDS_MAXIMUM);
    const length = 31 - Math.clz32(pattern(ahead, 1));
    if (length > 0) pieces.push([]);
    else pieces.at(-1)?.push(words[place] ?? "");
    place += Math.max(length, 1);
  }
  return pieces;
}
