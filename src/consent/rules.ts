import { between, isWhole, often, PatternReader } from "./pattern.ts";
import type { Wording } from "./words/wording.ts";

type Words = readonly string[];

/** One language's patterns, ready to be used; texts are words, folded. */
export interface Rules {
  /** @param sentences of one text, each in its clauses */
  readonly optsOut: (sentences: readonly (readonly Words[])[]) => boolean;
  readonly start: (words: Words) => boolean;
  readonly help: (words: Words) => boolean;
  readonly how: (words: Words) => boolean;
}

/** What a clause is, where an opt-out is looked for. */
type Clause = "clear" | "whole" | "beside" | "other";

export function rulesOf(wording: Wording): Rules {
  const reader = new PatternReader(wording.lists);
  const small = reader.any(wording.small);
  const joints = reader.any(wording.joints);
  const reasons = reader.any(wording.reasons);
  const alone = reader.any(wording.alone);
  const clear = reader.any(wording.clear);
  const whole = reader.any(wording.whole);
  const beside = often(reader.any(wording.beside));
  const only = (patterns: Words) => {
    const any = reader.any(patterns);
    return (words: Words) => isWhole(bare(words), any);
  };
  const bare = (words: Words): Words => between(once(words), small).flat();
  const kindOf = (words: Words): Clause => {
    if (isWhole(words, beside, clear, beside)) return "clear";
    if (isWhole(words, beside, whole, beside)) return "whole";
    return isWhole(words, beside) || isWhole(words, alone) ? "beside" : "other";
  };
  const kindsOf = (clause: Words): readonly Clause[] => {
    const words = bare(clause);
    const kind = kindOf(words);
    if (kind !== "other") return [kind];
    // A threat behind an opt-out may be anything.
    const [claim = [], ...threats] = between(words, reasons);
    const kinds = between(claim, joints).map(kindOf);
    if (kinds.includes("other")) return ["other"];
    return threats.length === 0 || kinds.includes("clear") ? kinds : ["other"];
  };
  return {
    optsOut: (sentences) => {
      const kinds = new Set(
        sentences.flatMap((clauses) => {
          const kind = kindOf(bare(clauses.flat()));
          return kind === "other" ? clauses.flatMap(kindsOf) : [kind];
        }),
      );
      return kinds.has("clear") || (kinds.has("whole") && !kinds.has("other"));
    },
    start: only(wording.start),
    help: only(wording.help),
    how: only(wording.how),
  };
}

/** What is said again and again is said once. */
function once(words: Words): Words {
  return words.filter((word, index) => word !== words[index - 1]);
}
