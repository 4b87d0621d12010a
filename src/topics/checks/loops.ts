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

/** Finds cycles of steps without a question. */
export function checkLoops(topic: ParsedTopic, transitions: StepTransitions): readonly CheckFinding[] {
  const hasty = findStepCycles(topic, transitions, ["nothing", "system"]);
  const patient = findStepCycles(topic, transitions, ["nothing", "system", "time"]);
  const pausing = patient.filter(
    ({ steps, isEndless }) => isEndless && steps.some((step) => findWaitKind(step) === "time"),
  );
  return [...hasty.flatMap(reportHastyCycle), ...pausing.flatMap(reportPausingCycle)];
}

interface StepCycle {
  readonly steps: readonly ParsedStep[];
  /** Whether the conversation can never leave the cycle, except to another such cycle. */
  readonly isEndless: boolean;
}

function findStepCycles(
  { steps }: ParsedTopic,
  transitions: StepTransitions,
  passes: readonly string[],
): readonly StepCycle[] {
  const count = steps.length;
  const isPassable = (step: ParsedStep): boolean => step.isWhole && passes.includes(findWaitKind(step));
  const edges = steps.map(
    (step, index) => (isPassable(step) ? transitions.onward[index] : transitions.unasked[index]) ?? [],
  );
  const listEdges: GraphEdges = (node) => edges[node] ?? [];
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
    isEndless: nodes.every((node) => !leaving.has(node)),
  }));
}

function reportHastyCycle({ steps, isEndless }: StepCycle): readonly CheckFinding[] {
  if (isEndless) {
    const detail = `the conversation repeats ${listStepNames(steps)} forever without waiting for the contact. Add a question or a way out.`;
    return steps.slice(0, 1).map((first) => createStepError(first, "", detail));
  }
  const advice = steps.some((step) => findWaitKind(step) === "system")
    ? "Each round sends a request to your system: add a question or a wait."
    : `After ${STEPS_PER_TURN} steps it fails: make sure that it leaves the cycle before, or add a question.`;
  const detail = `the conversation may repeat ${listStepNames(steps)} without waiting for the contact. ${advice}`;
  return steps.slice(0, 1).map((first) => createStepWarning(first, "", detail));
}

function reportPausingCycle({ steps }: StepCycle): readonly CheckFinding[] {
  const detail = `the conversation repeats ${listStepNames(steps)} forever with only pauses, and texts the contact without end. Add a question or a way out.`;
  return steps.slice(0, 1).map((first) => createStepWarning(first, "", detail));
}

function listStepNames(steps: readonly ParsedStep[]): string {
  return joinQuotedNames(
    steps.map(({ id, index }) => id ?? `step ${index + 1}`),
    5,
  );
}

function findWaitKind({ parsed }: ParsedStep): string {
  return parsed?.references.waits ?? "contact";
}
