import { isWholeMatch, matchRepeatedly, PatternParser, splitByPattern } from "./phrase-pattern.ts";
import type { PhraseSet } from "./words/phrase-set.ts";

type WordList = readonly string[];

/** The rules of one language, compiled from its patterns. Texts are given as words without case and accents. */
export interface ConsentRules {
  /** @param sentences the sentences of one text, each as its clauses */
  readonly isOptOut: (sentences: readonly (readonly WordList[])[]) => boolean;
  readonly isOptIn: (words: WordList) => boolean;
  readonly isHelp: (words: WordList) => boolean;
  readonly isHowToOptOut: (words: WordList) => boolean;
}

/** The weight of a clause for an opt-out: see `clear`, `whole` and `beside` in `PhraseSet`. */
type ClauseKind = "clear" | "whole" | "beside" | "other";

export function createConsentRules(phrases: PhraseSet): ConsentRules {
  const parser = new PatternParser(phrases.lists);
  const small = parser.parseAlternatives(phrases.small);
  const joints = parser.parseAlternatives(phrases.joints);
  const reasons = parser.parseAlternatives(phrases.reasons);
  const alone = parser.parseAlternatives(phrases.alone);
  const clear = parser.parseAlternatives(phrases.clear);
  const whole = parser.parseAlternatives(phrases.whole);
  const beside = matchRepeatedly(parser.parseAlternatives(phrases.beside));
  const createMatcher = (patterns: WordList) => {
    const any = parser.parseAlternatives(patterns);
    return (words: WordList) => isWholeMatch(stripFillers(words), any);
  };
  const stripFillers = (words: WordList): WordList => splitByPattern(dropRepeats(words), small).flat();
  const classifyWords = (words: WordList): ClauseKind => {
    if (isWholeMatch(words, beside, clear, beside)) return "clear";
    if (isWholeMatch(words, beside, whole, beside)) return "whole";
    return isWholeMatch(words, beside) || isWholeMatch(words, alone) ? "beside" : "other";
  };
  const classifyClause = (clause: WordList): readonly ClauseKind[] => {
    const words = stripFillers(clause);
    const kind = classifyWords(words);
    if (kind !== "other") return [kind];
    // A threat or reason after an opt-out may be anything.
    const [request = [], ...reasonTexts] = splitByPattern(words, reasons);
    const kinds = splitByPattern(request, joints).map(classifyWords);
    if (kinds.includes("other")) return ["other"];
    return reasonTexts.length === 0 || kinds.includes("clear") ? kinds : ["other"];
  };
  return {
    isOptOut: (sentences) => {
      const kinds = new Set(
        sentences.flatMap((clauses) => {
          const kind = classifyWords(stripFillers(clauses.flat()));
          return kind === "other" ? clauses.flatMap(classifyClause) : [kind];
        }),
      );
      return kinds.has("clear") || (kinds.has("whole") && !kinds.has("other"));
    },
    isOptIn: createMatcher(phrases.start),
    isHelp: createMatcher(phrases.help),
    isHowToOptOut: createMatcher(phrases.how),
  };
}

/** Removes immediate repetitions of a word. */
function dropRepeats(words: WordList): WordList {
  return words.filter((word, index) => word !== words[index - 1]);
}
