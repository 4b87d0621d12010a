import { type ChatPassage, findEvent, hasDifference, listExpectations, writeChatResult } from "./compare.ts";
import { writeEntry } from "./entry-writer.ts";

/** One passage that went differently. */
export interface PassageDifference {
  /** Where the passage begins, counted from 1. */
  readonly line: number;
  /** Begin with `- ` where they were expected and did not come, `+ ` where they came unexpected, two spaces where all is well. */
  readonly lines: readonly string[];
}

export function findDifferences(passages: readonly ChatPassage[]): readonly PassageDifference[] {
  return passages.filter(hasDifference).map((passage) => {
    const act = findEvent(passage);
    const came = splitLines(passage.got.map(writeChatResult));
    const got = came.length === 0 ? ["(no more texts)"] : came;
    return {
      line: passage.entries[0]?.line ?? 1,
      lines: [
        ...(act === null ? [] : splitLines([writeEntry(act)]).map((line) => `  ${line}`)),
        ...diffLines(splitLines(listExpectations(passage).map(writeEntry)), got),
      ],
    };
  });
}

function splitLines(written: readonly string[]): readonly string[] {
  return written.flatMap((each) => each.split("\n"));
}

/** By the longest common subsequence. */
function diffLines(expected: readonly string[], got: readonly string[]): readonly string[] {
  const common = measureCommonLines(expected, got);
  const lines: string[] = [];
  let [at, to] = [0, 0];
  while (at < expected.length || to < got.length) {
    const isSame = at < expected.length && to < got.length && expected[at] === got[to];
    const isGone =
      !isSame &&
      (to === got.length || (at < expected.length && (common[at + 1]?.[to] ?? 0) >= (common[at]?.[to + 1] ?? 0)));
    lines.push(isSame ? `  ${got[to]}` : isGone ? `- ${expected[at]}` : `+ ${got[to]}`);
    if (isSame || isGone) at += 1;
    if (isSame || !isGone) to += 1;
  }
  return lines;
}

/** @returns how many lines the rests of both have in common, for each place in both */
function measureCommonLines(expected: readonly string[], got: readonly string[]): readonly (readonly number[])[] {
  const table = Array.from({ length: expected.length + 1 }, () => Array.from({ length: got.length + 1 }, () => 0));
  for (let at = expected.length - 1; at >= 0; at -= 1) {
    for (let to = got.length - 1; to >= 0; to -= 1) {
      const [row = [], below = []] = [table[at], table[at + 1]];
      row[to] = expected[at] === got[to] ? (below[to + 1] ?? 0) + 1 : Math.max(below[to] ?? 0, row[to + 1] ?? 0);
    }
  }
  return table;
}
