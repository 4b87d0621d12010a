import { STEPS_PER_TURN } from "../../core/limits/topics.ts";
import { joinQuotedNames } from "../../schema/issue-texts.ts";
import { findCycles, findReachableNodes, type GraphEdges, reverseEdges } from "./graph.ts";
import {
  type CheckFinding,
  createStepError,
  createStepWarning,
  type ParsedStep,
  type ParsedTopic,
} from "./topic-document.ts";
import type { StepTransitions } from "./transitions.ts";

/** Circles of steps on which nobody is asked anything. */
export function checkLoops(draft: ParsedTopic, ways: StepTransitions): readonly CheckFinding[] {
  const hasty = findStepCycles(draft, ways, ["nothing", "system"]);
  const patient = findStepCycles(draft, ways, ["nothing", "system", "time"]);
  const pausing = patient.filter(
    ({ steps, isForEver }) => isForEver && steps.some((step) => findWaitKind(step) === "time"),
  );
  return [...hasty.flatMap(reportHastyCycle), ...pausing.flatMap(reportPausingCycle)];
}

interface StepCycle {
  readonly steps: readonly ParsedStep[];
  /** Does every way on it stay in it, or in another like it? */
  readonly isForEver: boolean;
}

function findStepCycles(
  { steps }: ParsedTopic,
  ways: StepTransitions,
  passes: readonly string[],
): readonly StepCycle[] {
  const count = steps.length;
  const isPassable = (step: ParsedStep): boolean => step.isWhole && passes.includes(findWaitKind(step));
  const all = steps.map((step, index) => (isPassable(step) ? ways.onward[index] : ways.unasked[index]) ?? []);
  const listEdges: GraphEdges = (node) => all[node] ?? [];
  const exits = steps.filter(
    (step, index) =>
      !isPassable(step) || listEdges(index).length === 0 || listEdges(index).some((next) => next >= count),
  );
  const leaving = findReachableNodes(
    exits.map(({ index }) => index),
    reverseEdges(count, listEdges),
  );
  return findCycles(count, listEdges).map((nodes) => ({
    steps: nodes.flatMap((node) => steps[node] ?? []),
    isForEver: nodes.every((node) => !leaving.has(node)),
  }));
}

function reportHastyCycle({ steps, isForEver }: StepCycle): readonly CheckFinding[] {
  if (isForEver) {
    const detail = `the conversation goes round for ever through ${listStepNames(steps)}, and nothing there waits for the person. Put a question there, or a way out.`;
    return steps.slice(0, 1).map((first) => createStepError(first, "", detail));
  }
  const until = steps.some((step) => findWaitKind(step) === "system")
    ? "Each round asks your system again: put a question or a wait there."
    : `After ${STEPS_PER_TURN} steps it fails: be sure that a way out comes before, or put a question there.`;
  const detail = `the conversation may go round through ${listStepNames(steps)} without waiting for the person. ${until}`;
  return steps.slice(0, 1).map((first) => createStepWarning(first, "", detail));
}

function reportPausingCycle({ steps }: StepCycle): readonly CheckFinding[] {
  const detail = `the conversation goes round for ever through ${listStepNames(steps)}, and only pauses there: the person is texted without end. Put a question there, or a way out.`;
  return steps.slice(0, 1).map((first) => createStepWarning(first, "", detail));
}

function listStepNames(steps: readonly ParsedStep[]): string {
  return joinQuotedNames(
    steps.map(({ id, index }) => id ?? `step ${index + 1}`),
    5,
  );
}

function findWaitKind({ read }: ParsedStep): string {
  return read?.references.waits ?? "person";
}
