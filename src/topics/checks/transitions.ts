import { quoteText } from "../../schema/issue-texts.ts";
import type { NameGuesses } from "../../schema/name-guesses.ts";
import { findReachableNodes, type GraphEdges } from "./graph.ts";
import {
  type CheckFinding,
  collectTexts,
  createStepError,
  type ParsedStep,
  type ParsedTopic,
} from "./topic-document.ts";

/** Where the conversation may go from each step, by their indexes. */
export interface StepTransitions {
  /** After what the step waits for, or at once where it waits for nothing; the length of the list: beyond the last step. */
  readonly onward: readonly (readonly number[])[];
  /** Before the person has been asked. */
  readonly unasked: readonly (readonly number[])[];
}

/**
 * One mistake is not to be two: a misspelt target leads wherever it may be meant to, one that cannot be guessed to the step below, and a
 * step that is not whole to every step that it names.
 */
export function findTransitions({ steps }: ParsedTopic, guesses: NameGuesses): StepTransitions {
  const indexes = Map.groupBy(steps, ({ id }) => id);
  const findIndexes = (id: string): readonly number[] =>
    (indexes.has(id) ? [id] : guesses.findNearest(id)).flatMap((each) =>
      (indexes.get(each) ?? []).map(({ index }) => index),
    );
  return {
    onward: steps.map((step) => {
      const named = step.isWhole
        ? listTargets(step, "steps")
        : collectTexts(step.written).filter((text) => indexes.has(text));
      const below = step.isWhole && step.read?.references.fallsThrough === false ? [] : [step.index + 1];
      const meant = named.map(findIndexes).flatMap((found) => (found.length > 0 ? found : [step.index + 1]));
      return [...meant, ...below];
    }),
    unasked: steps.map((step) => listTargets(step, "unasked").flatMap(findIndexes)),
  };
}

/** Each step is called once, and every target is there. */
export function checkStepNames({ steps }: ParsedTopic, guesses: NameGuesses): readonly CheckFinding[] {
  const named = Map.groupBy(
    steps.filter(({ id }) => id !== null),
    ({ id }) => id,
  );
  const doubled = [...named.values()].flatMap(([first, ...others]) =>
    others.map((other) =>
      createStepError(
        other,
        "/id",
        `step ${(first?.index ?? 0) + 1} is called so too. Give each step an id of its own.`,
      ),
    ),
  );
  const lost = steps.flatMap((step) =>
    [...(step.read?.references.steps ?? []), ...(step.read?.references.unasked ?? [])]
      .filter(({ value }) => !named.has(value))
      .map(({ pointer, value }) =>
        createStepError(
          step,
          pointer,
          `there is no step ${quoteText(value)} in this topic.${guesses.formatHint(value)}`,
        ),
      ),
  );
  return [...doubled, ...lost];
}

/** Steps that nobody comes to; of several that lead to one another only the first. */
export function checkReachability(
  { steps }: ParsedTopic,
  { onward, unasked }: StepTransitions,
): readonly CheckFinding[] {
  const listEdges: GraphEdges = (index) => [...(onward[index] ?? []), ...(unasked[index] ?? [])];
  const reached = new Set(findReachableNodes([0], listEdges));
  const lost = steps.filter(({ index }) => !reached.has(index));
  const led = new Set(lost.flatMap(({ index }) => listEdges(index).filter((next) => next !== index)));
  const heads = [...lost.filter(({ index }) => !led.has(index)), ...lost].filter(({ index }) => {
    const isHead = !reached.has(index);
    if (isHead) for (const node of findReachableNodes([index], listEdges)) reached.add(node);
    return isHead;
  });
  return heads.map((step) =>
    createStepError(step, "", "nobody ever comes here. Let a step that people come to go on with it, or take it out."),
  );
}

function listTargets({ read }: ParsedStep, which: "steps" | "unasked"): readonly string[] {
  return (read?.references[which] ?? []).map(({ value }) => value);
}
