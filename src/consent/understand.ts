import { OPT_OUT_CHARACTERS } from "../core/limits/consent.ts";
import { fold, isPictograph, plain, wordsOf } from "../understanding/normalise.ts";
import { type Rules, rulesOf } from "./rules.ts";
import { WORDINGS } from "./words/catalog.ts";

/** What a text says of consent; `how`: it asks how to opt out. */
export type Said = "stop" | "start" | "help" | "how";

/** Any language's; the carrier's words among them that mean nothing else. */
const STOP_WORDS = new Set(["stop", "stopal", "stops", "unsubscribe", "optout", "revoke", "end", "quit", "cancel"]);

/** Each language's patterns are read when a text first needs them: most need none. */
const LANGUAGES = WORDINGS.map((wording) => {
  let made: Rules | null = null;
  const signs = new RegExp(wording.signs.map(fold).join("|"), "u");
  return { signs, rules: () => (made ??= rulesOf(wording)) };
});

/**
 * @param withdrawn has the sender opted out? Only then are there words that opt in
 * @returns what the whole text says of consent, in whatever language; null: nothing
 */
export function saidIn(text: string, withdrawn: boolean): Said | null {
  if (text.length > OPT_OUT_CHARACTERS) return null;
  const folded = fold(plain(text.replaceAll("\n", ". ")));
  if (!mayBe(folded)) return null;
  const sentences = sentencesOf(folded);
  const words = sentences.flat(2);
  if (isStopWord(words)) return "stop";
  const languages = LANGUAGES.filter(({ signs }) => signs.test(folded));
  if (languages.some(({ rules }) => rules().optsOut(sentences))) return "stop";
  if (withdrawn && languages.some(({ rules }) => rules().start(words))) return "start";
  if (languages.some(({ rules }) => rules().how(words))) return "how";
  return languages.some(({ rules }) => rules().help(words)) ? "help" : null;
}

/** The cheap test that ordinary texts end with. */
const SIGNS = new RegExp([...STOP_WORDS, ...WORDINGS.flatMap(({ signs }) => signs.map(fold))].join("|"), "u");

/** Three letters that are one word spelt out, or one letter held down. */
const SPELT = /\b\p{L}(?:[ .-]+\p{L}){2,}\b|(\p{L})\1/u;

function mayBe(folded: string): boolean {
  return SIGNS.test(folded) || (folded.length <= 40 && SPELT.test(folded));
}

const SENTENCES = /[.!?;:…|।()]+|\s-+\s/u;
const HELD = /(\p{L})\1{2,}/gu;

/** @returns the words of each clause of each sentence; emoji are none */
function sentencesOf(folded: string): readonly (readonly (readonly string[])[])[] {
  return folded.replace(HELD, "$1").split(SENTENCES).map(clausesOf);
}

function clausesOf(sentence: string): readonly (readonly string[])[] {
  return sentence
    .split(",")
    .map((clause) => wordsOf(clause).filter((word) => !isPictograph(word)))
    .filter((words) => words.length > 0);
}

/** A word alone, however often it is said, with letters doubled or spelt out. */
function isStopWord(words: readonly string[]): boolean {
  const spelt = words.length > 2 && words.every((word) => word.length === 1);
  const said = spelt ? [words.join("")] : [...new Set(words)];
  return said.length === 1 && STOP_WORDS.has((said[0] ?? "").replace(/(\p{L})\1+/gu, "$1"));
}
