import { fail, type Result, succeed } from "../core/result.ts";
import { type ChatEntry, type ChatHeading, isChatEvent, isExpectation, type PlacedEntry } from "./chat.ts";
import { parseEntry } from "./entry-parser.ts";

/** An error in a line of a file, with the correction. */
export interface LineProblem {
  /** Counted from 1. */
  readonly line: number;
  readonly detail: string;
}

/** @returns the entries of the chat, or all lines that are wrong */
export function parseChat(written: string): Result<readonly PlacedEntry[], readonly LineProblem[]> {
  const problems: LineProblem[] = [];
  const placed = splitBlocks(written).flatMap(({ line, source }): readonly PlacedEntry[] => {
    const entry = parseEntry(source);
    if (entry.ok) return [{ entry: entry.value, line, source }];
    problems.push({ line, detail: entry.failure });
    return [];
  });
  const wrong = [...problems, ...findMisplacedHeadings(placed)].toSorted((a, b) => a.line - b.line);
  return wrong.length === 0 ? succeed(placed) : fail(wrong);
}

/** Signs of entries that may continue on lines indented by two spaces. */
const ENTRY_SIGNS = /^[><=?!]/u;

/** Groups the lines of each entry; an empty line belongs to the entry that continues after it. */
function splitBlocks(written: string): readonly Pick<PlacedEntry, "line" | "source">[] {
  const lines = written.replace(/^\uFEFF/u, "").split("\n");
  const blocks: { line: number; source: string }[] = [];
  for (const [index, each] of lines.entries()) {
    const source = each.trimEnd();
    const opened = source.startsWith("  ") ? blocks.findLast((block) => block.source !== "") : undefined;
    if (opened === undefined || !ENTRY_SIGNS.test(opened.source)) blocks.push({ line: index + 1, source });
    else {
      const between = blocks.splice(blocks.indexOf(opened) + 1);
      opened.source = [opened.source, ...between.map(() => ""), source].join("\n");
    }
  }
  return blocks;
}

const HEADING_KINDS: readonly string[] = [
  "application",
  "topics",
  "lists",
  "from",
  "to",
  "at",
] satisfies ChatHeading["kind"][];

/** Finds headings that are duplicated or come after the conversation began. */
function findMisplacedHeadings(placed: readonly PlacedEntry[]): readonly LineProblem[] {
  const begin = placed.findIndex(({ entry }) => isChatEvent(entry) || isExpectation(entry));
  const seen = new Map<string, number>();
  return placed.flatMap(({ entry, line }, index) => {
    if (!HEADING_KINDS.includes(entry.kind)) return [];
    const detail = findHeadingProblem(entry, seen, begin !== -1 && index > begin);
    seen.set(entry.kind, line);
    return detail === null ? [] : [{ line, detail }];
  });
}

function findHeadingProblem({ kind }: ChatEntry, seen: ReadonlyMap<string, number>, late: boolean): string | null {
  if (late) return `"${kind}" must come before the first text.`;
  const before = seen.get(kind);
  if (before !== undefined) return `"${kind}" is already in line ${before}. Keep one of the two.`;
  const other = kind === "topics" ? "application" : "topics";
  if ((kind === "topics" || kind === "application") && seen.has(other))
    return `"application" and "topics" exclude each other, because an application names its topics. Remove one of them.`;
  return null;
}
