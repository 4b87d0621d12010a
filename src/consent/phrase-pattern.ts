import { listSpellings, splitWords } from "../understanding/normalise.ts";

type WordList = readonly string[];

/**
 * A matcher that advances from a set of positions in a clause to the set of positions after each match. Positions are
 * bits: bit 0 is before the first word, bit 1 after it. All ways through a pattern are followed at once, so that no
 * text is read twice.
 */
export type PhrasePattern = (words: WordList, positions: number) => number;

/** A longer clause never matches: positions are the bits of a 32-bit integer without its sign. */
export const CLAUSE_WORDS_MAXIMUM = 30;

/** Lists of patterns by name. */
export type PatternLists = Readonly<Record<string, WordList>>;

const TOKEN = /\[|\]|[^\s[\]]+/gu;

/** Parses patterns in the notation that `PhraseSet` describes. Each named list is parsed once. */
export class PatternParser {
  readonly #lists: PatternLists;
  readonly #parsedLists = new Map<string, PhrasePattern>();

  constructor(lists: PatternLists) {
    this.#lists = lists;
  }

  /**
   * @returns a pattern that matches any of the given ones
   * @throws RangeError for an unknown list or an unbalanced bracket
   */
  parseAlternatives(patterns: WordList): PhrasePattern {
    return matchEither(patterns.map((pattern) => this.#parsePattern(pattern)));
  }

  #parsePattern(pattern: string): PhrasePattern {
    const tokens = [...(pattern.match(TOKEN) ?? [])];
    const matcher = this.#parseSequence(tokens);
    if (tokens.length > 0) throw new RangeError(`The pattern "${pattern}" has an unbalanced bracket.`);
    return matcher;
  }

  /** Consumes tokens up to the end of the sequence. */
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
    // Single words, which are the most frequent choices, share one lookup.
    const single = new Set(written.filter((words) => words.length === 1).flat());
    const longer = written
      .filter((words) => words.length > 1)
      .map((words) => matchSequence(words.map((each) => matchWord(new Set([each])))));
    return matchEither([...(single.size === 0 ? [] : [matchWord(single)]), ...longer, ...named]);
  }

  #parseList(name: string): PhrasePattern {
    const parsed = this.#parsedLists.get(name);
    if (parsed !== undefined) return parsed;
    const list = this.#lists[name];
    if (list === undefined) throw new RangeError(`The list <${name}> does not exist.`);
    const matcher = memoizePattern(this.parseAlternatives(list));
    this.#parsedLists.set(name, matcher);
    return matcher;
  }
}

/** Splits a choice into words, in each spelling: an elision counts as two words, an umlaut has two spellings. */
function splitSpellings(choice: string): readonly WordList[] {
  return listSpellings(choice.replaceAll("_", " ")).map(splitWords);
}

function matchWord(accepted: ReadonlySet<string>): PhrasePattern {
  return (words, positions) => {
    let after = 0;
    for (let left = positions; left !== 0; left &= left - 1) {
      const position = 31 - Math.clz32(left & -left);
      if (accepted.has(words[position] ?? "")) after |= 2 << position;
    }
    return after;
  };
}

function matchSequence(steps: readonly PhrasePattern[]): PhrasePattern {
  if (steps.length === 1 && steps[0] !== undefined) return steps[0];
  return (words, positions) => {
    let at = positions;
    for (const step of steps) {
      if (at === 0) return 0;
      at = step(words, at);
    }
    return at;
  };
}

function matchEither(choices: readonly PhrasePattern[]): PhrasePattern {
  if (choices.length === 1 && choices[0] !== undefined) return choices[0];
  return (words, positions) => {
    let after = 0;
    for (const choice of choices) after |= choice(words, positions);
    return after;
  };
}

function matchOptional(pattern: PhrasePattern): PhrasePattern {
  return (words, positions) => positions | pattern(words, positions);
}

/** Caches the results for the latest words, because many patterns begin with the same list. */
function memoizePattern(pattern: PhrasePattern): PhrasePattern {
  let last: WordList = [];
  const results = new Map<number, number>();
  return (words, positions) => {
    if (words !== last) {
      last = words;
      results.clear();
    }
    const after = results.get(positions) ?? pattern(words, positions);
    results.set(positions, after);
    return after;
  };
}

/** Matches a pattern any number of times, including none. */
export function matchRepeatedly(pattern: PhrasePattern): PhrasePattern {
  return (words, positions) => {
    let all = positions;
    for (let last = 0; all !== last; ) {
      last = all;
      all |= pattern(words, all);
    }
    return all;
  };
}

/** @returns whether the patterns in sequence match all of the words */
export function isWholeMatch(words: WordList, ...patterns: readonly PhrasePattern[]): boolean {
  if (words.length > CLAUSE_WORDS_MAXIMUM) return false;
  return (matchSequence(patterns)(words, 1) & (1 << words.length)) !== 0;
}

/** Splits words at the longest matches of a pattern. @returns the words between the matches */
export function splitByPattern(words: WordList, pattern: PhrasePattern): readonly WordList[] {
  const pieces: string[][] = [[]];
  for (let position = 0; position < words.length; ) {
    const ahead = words.slice(position, position + CLAUSE_WORDS_MAXIMUM);
    const length = 31 - Math.clz32(pattern(ahead, 1));
    if (length > 0) pieces.push([]);
    else pieces.at(-1)?.push(words[position] ?? "");
    position += Math.max(length, 1);
  }
  return pieces;
}
