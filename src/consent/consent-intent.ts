import { OPT_OUT_CHARACTERS } from "../core/limits/consent.ts";
import { foldAccents, isPictograph, splitWords, toPlainText } from "../understanding/normalise.ts";
import { type ConsentRules, createConsentRules } from "./consent-rules.ts";
import { PHRASE_SETS } from "./words/catalog.ts";

/** The consent that a text expresses: opt out, opt in, a request for help, or `how`, a question how to opt out. */
export type ConsentIntent = "stop" | "start" | "help" | "how";

/** STOP words of any language, including those keywords of the carrier that have no other meaning. */
const STOP_WORDS = new Set(["stop", "stopal", "stops", "unsubscribe", "optout", "revoke", "end", "quit", "cancel"]);

/** The patterns of each language are parsed on first use, because most texts need none. */
const LANGUAGES = PHRASE_SETS.map((phrases) => {
  let rules: ConsentRules | null = null;
  const signs = new RegExp(phrases.signs.map(foldAccents).join("|"), "u");
  return { signs, getRules: () => (rules ??= createConsentRules(phrases)) };
});

/**
 * Recognises consent in the whole text, in any language.
 * @param hasOptedOut whether the contact has opted out; only then can a text opt in
 */
export function parseConsentIntent(text: string, hasOptedOut: boolean): ConsentIntent | null {
  if (text.length > OPT_OUT_CHARACTERS) return null;
  const folded = foldAccents(toPlainText(text.replaceAll("\n", ". ")));
  if (!mayBeConsent(folded)) return null;
  const sentences = splitSentences(folded);
  const words = sentences.flat(2);
  if (isStopWord(words)) return "stop";
  const languages = LANGUAGES.filter(({ signs }) => signs.test(folded));
  if (languages.some(({ getRules }) => getRules().isOptOut(sentences))) return "stop";
  if (hasOptedOut && languages.some(({ getRules }) => getRules().isOptIn(words))) return "start";
  if (languages.some(({ getRules }) => getRules().isHowToOptOut(words))) return "how";
  return languages.some(({ getRules }) => getRules().isHelp(words)) ? "help" : null;
}

/** A cheap test that most ordinary texts fail, so that no patterns are needed for them. */
const SIGNS = new RegExp([...STOP_WORDS, ...PHRASE_SETS.flatMap(({ signs }) => signs.map(foldAccents))].join("|"), "u");

/** Three or more letters that spell out a word (`S T O P`), or a doubled letter (`STOPP`). */
const SPELT_OUT = /\b\p{L}(?:[ .-]+\p{L}){2,}\b|(\p{L})\1/u;

function mayBeConsent(folded: string): boolean {
  return SIGNS.test(folded) || (folded.length <= 40 && SPELT_OUT.test(folded));
}

const SENTENCE_ENDS = /[.!?;:…|।()]+|\s-+\s/u;
const REPEATED_LETTERS = /(\p{L})\1{2,}/gu;

/** @returns the words of each clause of each sentence, without emoji */
function splitSentences(folded: string): readonly (readonly (readonly string[])[])[] {
  return folded.replace(REPEATED_LETTERS, "$1").split(SENTENCE_ENDS).map(splitClauses);
}

function splitClauses(sentence: string): readonly (readonly string[])[] {
  return sentence
    .split(",")
    .map((clause) => splitWords(clause).filter((word) => !isPictograph(word)))
    .filter((words) => words.length > 0);
}

/** @returns whether the text is one STOP word, possibly repeated, spelt out or with doubled letters */
function isStopWord(words: readonly string[]): boolean {
  const isSpeltOut = words.length > 2 && words.every((word) => word.length === 1);
  const distinctWords = isSpeltOut ? [words.join("")] : [...new Set(words)];
  return distinctWords.length === 1 && STOP_WORDS.has((distinctWords[0] ?? "").replace(/(\p{L})\1+/gu, "$1"));
}
