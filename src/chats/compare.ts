import { type Act, type Entry, type Expectation, isAct, isExpectation, type Placed } from "./chat.ts";
import { type Cast, type Happening, perform, type Stage } from "./play.ts";
import { writeEntry } from "./write.ts";

/** Something that happens, and all that is written of it until the next. */
export interface Passage {
  /** The act first; before the first act there is none. */
  readonly entries: readonly Placed[];
  /** What came of it when it was played. */
  readonly got: readonly Happening[];
}

/** Plays a conversation, as it is written, from a stage on. */
export function play(placed: readonly Placed[], stage: Stage, cast: Cast): readonly Passage[] {
  let now = stage;
  return passagesOf(placed).map((entries) => {
    const [first] = entries;
    if (first === undefined || !isAct(first.entry)) return { entries, got: [] };
    const { stage: next, happened } = perform(now, first.entry, cast);
    now = next;
    return { entries, got: happened };
  });
}

/** @returns groups that begin with an act each, but for the first, which is what stands before them */
export function passagesOf(placed: readonly Placed[]): readonly (readonly Placed[])[] {
  const passages: Placed[][] = [[]];
  for (const each of placed) {
    if (isAct(each.entry)) passages.push([each]);
    else passages.at(-1)?.push(each);
  }
  return passages;
}

export function actOf({ entries }: Pick<Passage, "entries">): Act | null {
  const first = entries[0]?.entry;
  return first !== undefined && isAct(first) ? first : null;
}

export function expectedIn({ entries }: Pick<Passage, "entries">): readonly Expectation[] {
  return entries.map(({ entry }) => entry).filter(isExpectation);
}

/** Has something else come than what is written? */
export function differs(passage: Passage): boolean {
  const [expected, got] = [expectedIn(passage).map(writeEntry), passage.got.map(writeHappening)];
  return expected.length !== got.length || expected.some((each, index) => each !== got[index]);
}

export function writeHappening(happening: Happening): string {
  return happening.kind === "unasked" ? "(nothing waits for an answer here)" : writeEntry(happening);
}

/** @returns the conversation with what really came; equal to what was written where it went as written */
export function asItWent(passages: readonly Passage[]): string {
  return passages.flatMap((passage) => (differs(passage) ? corrected(passage) : sources(passage.entries))).join("\n");
}

/** What came stands where the first of what was expected stood. */
function corrected({ entries, got }: Passage): readonly string[] {
  const came = got.filter((each) => each.kind !== "unasked").map(writeEntry);
  const lines = came.length === 0 ? [writeEntry({ kind: "nothing" })] : came;
  const first = entries.findIndex(({ entry }) => isReplaced(entry));
  const at = first === -1 ? Math.min(1, entries.length) : first;
  const [before, after] = [entries.slice(0, at), entries.slice(at)];
  return [...sources(before), ...lines, ...sources(after.filter(({ entry }) => !isReplaced(entry)))];
}

function isReplaced(entry: Entry): boolean {
  return isExpectation(entry) || entry.kind === "nothing";
}

function sources(placed: readonly Placed[]): readonly string[] {
  return placed.map(({ source }) => source);
}
