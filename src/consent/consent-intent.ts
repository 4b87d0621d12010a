import { OPT_OUT_CHARACTERS } from "../core/limits/consent.ts";
import { foldAccents, isPictograph, splitWords, toPlainText } from "../understanding/normalise.ts";
import { type ConsentRules, createConsentRules } from "./consent-rules.ts";
import { PHRASE_SETS } from "./words/catalog.ts";

/** What a text says of consent; `how`: it asks how to opt out. */
export type ConsentIntent = "stop" | "start" | "help" | "how";

/** Any language's; the carrier's words among them that mean nothing else. */
const STOP_WORDS = new Set(["stop", "stopal", "stops", "unsubscribe", "optout", "revoke", "end", "quit", "cancel"]);

/** Each language's patterns are read when a text first needs them: most need none. */
const LANGUAGES = PHRASE_SETS.map((wording) => {
  let made: ConsentRules | null = null;
  const signs = new RegExp(wording.signs.map(foldAccents).join("|"), "u");
  return { signs, rules: () => (made ??= createConsentRules(wording)) };
});

/**
 * @param withdrawn has the sender opted out? Only then are there words that opt in
 * @returns what the whole text says of consent, in whatever language; null: nothing
 */
export function parseConsentIntent(text: string, withdrawn: boolean): ConsentIntent | null {
  if (text.length > OPT_OUT_CHARACTERS) return null;
  const folded = foldAccents(toPlainText(text.replaceAll("\n", ". ")));
  if (!mayBeConsent(folded)) return null;
  const sentences = splitSentences(folded);
  const words = sentences.flat(2);
  if (isStopWord(words)) return "stop";
  const languages = LANGUAGES.filter(({ signs }) => signs.test(folded));
  if (languages.some(({ rules }) => rules().isOptOut(sentences))) return "stop";
  if (withdrawn && languages.some(({ rules }) => rules().isOptIn(words))) return "start";
  if (languages.some(({ rules }) => rules().isHowToOptOut(words))) return "how";
  return languages.some(({ rules }) => rules().isHelp(words)) ? "help" : null;
}

/** The cheap test that ordinary texts end with. */
const SIGNS = new RegExp([...STOP_WORDS, ...PHRASE_SETS.flatMap(({ signs }) => signs.map(foldAccents))].join("|"), "u");

/** Three letters that are one word spelt out, or one letter held down. */
const SPELT = /\b\p{L}(?:[ .-]+\p{L}){2,}\b|(\p{L})\1/u;

function mayBeConsent(folded: string): boolean {
  return SIGNS.test(folded) || (folded.length <= 40 && SPELT.test(folded));
}

const SENTENCES = /[.!?;:…|।()]+|\s-+\s/u;
const HELD = /(\p{L})\1{2,}/gu;

/** @returns the words of each clause of each sentence; emoji are none */
function splitSentences(folded: string): readonly (readonly (readonly string[])[])[] {
  return folded.replace(HELD, "$1").split(SENTENCES).map(splitClauses);
}

function splitClauses(sentence: string): readonly (readonly string[])[] {
  return sentence
    .split(",")
    .map((clause) => splitWords(clause).filter((word) => !isPictograph(word)))
    .filter((words) => words.length > 0);
}

/** A word alone, however often it is said, with letters doubled or spelt out. */
function isStopWord(words: readonly string[]): boolean {
  const spelt = words.length > 2 && words.every((word) => word.length === 1);
  const said = spelt ? [words.join("")] : [...new Set(words)];
  return said.length === 1 && STOP_WORDS.has((said[0] ?? "").replace(/(\p{L})\1+/gu, "$1"));
}
