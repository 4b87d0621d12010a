import {
  type ChatEntry,
  type ChatEvent,
  type ChatExpectation,
  isChatEvent,
  isExpectation,
  type PlacedEntry,
} from "./chat.ts";
import { writeEntry } from "./entry-writer.ts";
import { type ChatParticipants, type ChatProgress, type ChatResult, playEvent } from "./play.ts";

/** An event, with all entries up to the next event. */
export interface ChatPassage {
  /** The event comes first, except in the passage before the first event. */
  readonly entries: readonly PlacedEntry[];
  /** The results of the event when it was played. */
  readonly got: readonly ChatResult[];
}

/** Plays the entries of a chat, starting from a given progress. */
export function playPassages(
  placed: readonly PlacedEntry[],
  progress: ChatProgress,
  participants: ChatParticipants,
): readonly ChatPassage[] {
  let now = progress;
  return splitPassages(placed).map((entries) => {
    const [first] = entries;
    if (first === undefined || !isChatEvent(first.entry)) return { entries, got: [] };
    const { progress: next, results } = playEvent(now, first.entry, participants);
    now = next;
    return { entries, got: results };
  });
}

/** @returns groups that begin with an event each; the first group holds the entries before the first event */
export function splitPassages(placed: readonly PlacedEntry[]): readonly (readonly PlacedEntry[])[] {
  const passages: PlacedEntry[][] = [[]];
  for (const each of placed) {
    if (isChatEvent(each.entry)) passages.push([each]);
    else passages.at(-1)?.push(each);
  }
  return passages;
}

export function findEvent({ entries }: Pick<ChatPassage, "entries">): ChatEvent | null {
  const first = entries[0]?.entry;
  return first !== undefined && isChatEvent(first) ? first : null;
}

export function listExpectations({ entries }: Pick<ChatPassage, "entries">): readonly ChatExpectation[] {
  return entries.map(({ entry }) => entry).filter(isExpectation);
}

/** @returns whether playing the passage had other results than those expected */
export function hasDifference(passage: ChatPassage): boolean {
  const [expected, got] = [listExpectations(passage).map(writeEntry), passage.got.map(writeChatResult)];
  return expected.length !== got.length || expected.some((each, index) => each !== got[index]);
}

export function writeChatResult(happening: ChatResult): string {
  return happening.kind === "unasked" ? "(no request or identity check is pending here)" : writeEntry(happening);
}

/** @returns the chat with its actual results; passages without differences stay as written */
export function writePlayedChat(passages: readonly ChatPassage[]): string {
  return passages
    .flatMap((passage) => (hasDifference(passage) ? correctPassage(passage) : listSources(passage.entries)))
    .join("\n");
}

/** Replaces the expectations of a passage by the actual results, at the place of the first expectation. */
function correctPassage({ entries, got }: ChatPassage): readonly string[] {
  const actual = got.filter((each) => each.kind !== "unasked").map(writeEntry);
  const lines = actual.length === 0 ? [writeEntry({ kind: "nothing" })] : actual;
  const first = entries.findIndex(({ entry }) => isReplaced(entry));
  const at = first === -1 ? Math.min(1, entries.length) : first;
  const [before, after] = [entries.slice(0, at), entries.slice(at)];
  return [...listSources(before), ...lines, ...listSources(after.filter(({ entry }) => !isReplaced(entry)))];
}

function isReplaced(entry: ChatEntry): boolean {
  return isExpectation(entry) || entry.kind === "nothing";
}

function listSources(placed: readonly PlacedEntry[]): readonly string[] {
  return placed.map(({ source }) => source);
}
