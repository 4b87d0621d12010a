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

/** The steps to which the conversation may go from each step, by index. */
export interface StepTransitions {
  /**
   * The steps after the step's wait, or at once if it waits for nothing; the number of steps stands for the end of the
   * topic.
   */
  readonly onward: readonly (readonly number[])[];
  /** The steps before the contact is asked. */
  readonly unasked: readonly (readonly number[])[];
}

/**
 * Finds the transitions of all steps, without reporting a mistake twice: a misspelt target leads to the steps that may
 * be meant, an unknown one to the step below, and a step that does not match the schema to every step that it names.
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
        : collectTexts(step.source).filter((text) => indexes.has(text));
      const below = step.isWhole && step.parsed?.references.fallsThrough === false ? [] : [step.index + 1];
      const meant = named.map(findIndexes).flatMap((found) => (found.length > 0 ? found : [step.index + 1]));
      return [...meant, ...below];
    }),
    unasked: steps.map((step) => listTargets(step, "unasked").flatMap(findIndexes)),
  };
}

/** Checks that each step has its own id, and that every target exists. */
export function checkStepNames({ steps }: ParsedTopic, guesses: NameGuesses): readonly CheckFinding[] {
  const named = Map.groupBy(
    steps.filter(({ id }) => id !== null),
    ({ id }) => id,
  );
  const duplicates = [...named.values()].flatMap(([first, ...others]) =>
    others.map((other) =>
      createStepError(other, "/id", `step ${(first?.index ?? 0) + 1} has the same id. Give each step a different id.`),
    ),
  );
  const missing = steps.flatMap((step) =>
    [...(step.parsed?.references.steps ?? []), ...(step.parsed?.references.unasked ?? [])]
      .filter(({ value }) => !named.has(value))
      .map(({ pointer, value }) =>
        createStepError(
          step,
          pointer,
          `there is no step ${quoteText(value)} in this topic.${guesses.formatHint(value)}`,
        ),
      ),
  );
  return [...duplicates, ...missing];
}

/** Finds steps that cannot be reached; of several that lead to each other only the first. */
export function checkReachability(
  { steps }: ParsedTopic,
  { onward, unasked }: StepTransitions,
): readonly CheckFinding[] {
  const listEdges: GraphEdges = (index) => [...(onward[index] ?? []), ...(unasked[index] ?? [])];
  const reached = new Set(findReachableNodes([0], listEdges));
  const unreachable = steps.filter(({ index }) => !reached.has(index));
  const targets = new Set(unreachable.flatMap(({ index }) => listEdges(index).filter((next) => next !== index)));
  const heads = [...unreachable.filter(({ index }) => !targets.has(index)), ...unreachable].filter(({ index }) => {
    const isHead = !reached.has(index);
    if (isHead) for (const node of findReachableNodes([index], listEdges)) reached.add(node);
    return isHead;
  });
  return heads.map((step) =>
    createStepError(step, "", "no other step leads here. Let another step go to it, or remove it."),
  );
}

function listTargets({ parsed }: ParsedStep, which: "steps" | "unasked"): readonly string[] {
  return (parsed?.references[which] ?? []).map(({ value }) => value);
}
