import { isWholeMatch, matchRepeatedly, PatternParser, splitByPattern } from "./phrase-pattern.ts";
import type { PhraseSet } from "./words/phrase-set.ts";

type WordList = readonly string[];

/** One language's patterns, ready to be used; texts are words, folded. */
export interface ConsentRules {
  /** @param sentences of one text, each in its clauses */
  readonly isOptOut: (sentences: readonly (readonly WordList[])[]) => boolean;
  readonly isOptIn: (words: WordList) => boolean;
  readonly isHelp: (words: WordList) => boolean;
  readonly isHowToOptOut: (words: WordList) => boolean;
}

/** What a clause is, where an opt-out is looked for. */
type ClauseKind = "clear" | "whole" | "beside" | "other";

export function createConsentRules(wording: PhraseSet): ConsentRules {
  const reader = new PatternParser(wording.lists);
  const small = reader.parseAlternatives(wording.small);
  const joints = reader.parseAlternatives(wording.joints);
  const reasons = reader.parseAlternatives(wording.reasons);
  const alone = reader.parseAlternatives(wording.alone);
  const clear = reader.parseAlternatives(wording.clear);
  const whole = reader.parseAlternatives(wording.whole);
  const beside = matchRepeatedly(reader.parseAlternatives(wording.beside));
  const createMatcher = (patterns: WordList) => {
    const any = reader.parseAlternatives(patterns);
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
    // A threat behind an opt-out may be anything.
    const [claim = [], ...threats] = splitByPattern(words, reasons);
    const kinds = splitByPattern(claim, joints).map(classifyWords);
    if (kinds.includes("other")) return ["other"];
    return threats.length === 0 || kinds.includes("clear") ? kinds : ["other"];
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
    isOptIn: createMatcher(wording.start),
    isHelp: createMatcher(wording.help),
    isHowToOptOut: createMatcher(wording.how),
  };
}

/** What is said again and again is said once. */
function dropRepeats(words: WordList): WordList {
  return words.filter((word, index) => word !== words[index - 1]);
}
