import { diffArrays } from "diff";
import { type ChatPassage, findEvent, hasDifference, listExpectations, writeChatResult } from "./compare.ts";
import { writeEntry } from "./entry-writer.ts";

/** A passage that went differently. */
export interface PassageDifference {
  /** The line at which the passage begins, counted from 1. */
  readonly line: number;
  /** Lines of the diff: `- ` marks expected lines that are missing, `+ ` unexpected ones, two spaces unchanged ones. */
  readonly lines: readonly string[];
}

export function findDifferences(passages: readonly ChatPassage[]): readonly PassageDifference[] {
  return passages.filter(hasDifference).map((passage) => {
    const event = findEvent(passage);
    const actual = splitLines(passage.got.map(writeChatResult));
    const got = actual.length === 0 ? ["(no more texts)"] : actual;
    return {
      line: passage.entries[0]?.line ?? 1,
      lines: [
        ...(event === null ? [] : splitLines([writeEntry(event)]).map((line) => `  ${line}`)),
        ...diffLines(splitLines(listExpectations(passage).map(writeEntry)), got),
      ],
    };
  });
}

function splitLines(written: readonly string[]): readonly string[] {
  return written.flatMap((each) => each.split("\n"));
}

function diffLines(expected: readonly string[], got: readonly string[]): readonly string[] {
  return diffArrays([...expected], [...got]).flatMap(({ value, added, removed }) => {
    const sign = added ? "+" : removed ? "-" : " ";
    return value.map((line) => `${sign} ${line}`);
  });
}
