import { spellings, wordsOf } from "../understanding/normalise.ts";

type Words = readonly string[];

/**
 * Goes on from places between the words of a clause to others, all at once: bit 0 is before the first word, bit 1 behind it. So a text is never
 * gone through twice, however many ways lead through a pattern.
 */
export type Pattern = (words: Words, places: number) => number;

/** A clause of more words is none of consent; a place is a bit, and there are 31 of them. */
export const CLAUSE_WORDS = 30;

/** Named lists of patterns. */
export type Lists = Readonly<Record<string, Words>>;

const TOKEN = /\[|\]|[^\s[\]]+/gu;

/** Reads patterns as `Wording` describes them, each list once. */
export class PatternReader {
  readonly #lists: Lists;
  readonly #read = new Map<string, Pattern>();

  constructor(lists: Lists) {
    this.#lists = lists;
  }

  /** @returns what any of the patterns leads to. @throws where a list is not there, or a bracket */
  any(patterns: Words): Pattern {
    return either(patterns.map((pattern) => this.#one(pattern)));
  }

  #one(pattern: string): Pattern {
    const tokens = [...(pattern.match(TOKEN) ?? [])];
    const read = this.#sequence(tokens);
    if (tokens.length > 0) throw new RangeError(`a bracket too many in "${pattern}"`);
    return read;
  }

  /** Takes tokens away, to the end of the sequence. */
  #sequence(tokens: string[]): Pattern {
    const steps: Pattern[] = [];
    for (let token = tokens.shift(); token !== undefined && token !== "]"; token = tokens.shift()) {
      steps.push(token === "[" ? maybe(this.#sequence(tokens)) : this.#choice(token));
    }
    return inOrder(steps);
  }

  #choice(token: string): Pattern {
    const choices = token.split("/");
    const named = choices.filter((choice) => choice.startsWith("<")).map((choice) => this.#list(choice.slice(1, -1)));
    const written = choices.filter((choice) => !choice.startsWith("<")).flatMap(writtenAs);
    // Mostly all of them are single words: one look for them all.
    const single = new Set(written.filter((words) => words.length === 1).flat());
    const longer = written
      .filter((words) => words.length > 1)
      .map((words) => inOrder(words.map((each) => oneOf(new Set([each])))));
    return either([...(single.size === 0 ? [] : [oneOf(single)]), ...longer, ...named]);
  }

  #list(name: string): Pattern {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const list = this.#lists[name];
    if (list === undefined) throw new RangeError(`there is no list <${name}>`);
    const read = remembered(this.any(list));
    this.#read.set(name, read);
    return read;
  }
}

/** An elision is two words, and an umlaut has two spellings. */
function writtenAs(choice: string): readonly Words[] {
  return spellings(choice.replaceAll("_", " ")).map(wordsOf);
}

function oneOf(known: ReadonlySet<string>): Pattern {
  return (words, places) => {
    let after = 0;
    for (let left = places; left !== 0; left &= left - 1) {
      const place = 31 - Math.clz32(left & -left);
      if (known.has(words[place] ?? "")) after |= 2 << place;
    }
    return after;
  };
}

function inOrder(steps: readonly Pattern[]): Pattern {
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

function either(choices: readonly Pattern[]): Pattern {
  if (choices.length === 1 && choices[0] !== undefined) return choices[0];
  return (words, places) => {
    let after = 0;
    for (const choice of choices) after |= choice(words, places);
    return after;
  };
}

function maybe(pattern: Pattern): Pattern {
  return (words, places) => places | pattern(words, places);
}

/** Many patterns begin with the same list: it is gone through once for the same words. */
function remembered(pattern: Pattern): Pattern {
  let last: Words = [];
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
export function often(pattern: Pattern): Pattern {
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
export function isWhole(words: Words, ...patterns: readonly Pattern[]): boolean {
  if (words.length > CLAUSE_WORDS) return false;
  return (inOrder(patterns)(words, 1) & (1 << words.length)) !== 0;
}

/** @returns the words between those that the pattern takes away, as many of them at once as it can */
export function between(words: Words, pattern: Pattern): readonly Words[] {
  const pieces: string[][] = [[]];
  for (let place = 0; place < words.length; ) {
    const ahead = words.slice(place, place + CLAUSE_WORDS);
    const length = 31 - Math.clz32(pattern(ahead, 1));
    if (length > 0) pieces.push([]);
    else pieces.at(-1)?.push(words[place] ?? "");
    place += Math.max(length, 1);
  }
  return pieces;
}
