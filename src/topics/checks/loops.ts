import { STEPS_PER_TURN } from "../../core/limits/topics.ts";
import { listed } from "../../schema/explain.ts";
import { type Draft, type DraftStep, errorIn, type Finding, warningIn } from "./draft.ts";
import { circles, type Edges, reachedFrom, turned } from "./graph.ts";
import type { Ways } from "./ways.ts";

/** Circles of steps on which nobody is asked anything. */
export function checkLoops(draft: Draft, ways: Ways): readonly Finding[] {
  const hasty = findCircles(draft, ways, ["nothing", "system"]);
  const patient = findCircles(draft, ways, ["nothing", "system", "time"]);
  const pausing = patient.filter(({ steps, isForEver }) => isForEver && steps.some((step) => waitsOf(step) === "time"));
  return [...hasty.flatMap(sayHasty), ...pausing.flatMap(sayPatient)];
}

interface Circle {
  readonly steps: readonly DraftStep[];
  /** Does every way on it stay in it, or in another like it? */
  readonly isForEver: boolean;
}

function findCircles({ steps }: Draft, ways: Ways, passes: readonly string[]): readonly Circle[] {
  const count = steps.length;
  const goesOn = (step: DraftStep): boolean => step.isWhole && passes.includes(waitsOf(step));
  const all = steps.map((step, index) => (goesOn(step) ? ways.onward[index] : ways.unasked[index]) ?? []);
  const edges: Edges = (node) => all[node] ?? [];
  const exits = steps.filter(
    (step, index) => !goesOn(step) || edges(index).length === 0 || edges(index).some((next) => next >= count),
  );
  const leaving = reachedFrom(
    exits.map(({ index }) => index),
    turned(count, edges),
  );
  return circles(count, edges).map((nodes) => ({
    steps: nodes.flatMap((node) => steps[node] ?? []),
    isForEver: nodes.every((node) => !leaving.has(node)),
  }));
}

function sayHasty({ steps, isForEver }: Circle): readonly Finding[] {
  if (isForEver) {
    const detail = `the conversation goes round for ever through ${throughOf(steps)}, and nothing there waits for the person. Put a question there, or a way out.`;
    return steps.slice(0, 1).map((first) => errorIn(first, "", detail));
  }
  const until = steps.some((step) => waitsOf(step) === "system")
    ? "Each round asks your system again: put a question or a wait there."
    : `After ${STEPS_PER_TURN} steps it fails: be sure that a way out comes before, or put a question there.`;
  const detail = `the conversation may go round through ${throughOf(steps)} without waiting for the person. ${until}`;
  return steps.slice(0, 1).map((first) => warningIn(first, "", detail));
}

function sayPatient({ steps }: Circle): readonly Finding[] {
  const detail = `the conversation goes round for ever through ${throughOf(steps)}, and only pauses there: the person is texted without end. Put a question there, or a way out.`;
  return steps.slice(0, 1).map((first) => warningIn(first, "", detail));
}

function throughOf(steps: readonly DraftStep[]): string {
  return listed(
    steps.map(({ id, index }) => id ?? `step ${index + 1}`),
    5,
  );
}

function waitsOf({ read }: DraftStep): string {
  return read?.references.waits ?? "person";
}
