import { quoted } from "../../schema/explain.ts";
import type { Guesses } from "../../schema/nearest.ts";
import { type Draft, type DraftStep, errorIn, type Finding, textsWithin } from "./draft.ts";
import { reachedFrom } from "./graph.ts";

/** Where the conversation may go from each step, by their indexes. */
export interface Ways {
  /** After what the step waits for, or at once where it waits for nothing; the length of the list: beyond the last step. */
  readonly onward: readonly (readonly number[])[];
  /** Before the person has been asked. */
  readonly unasked: readonly (readonly number[])[];
}

/** A misspelt target leads where it is probably meant to, so that one mistake is not two; a step that is not whole, wherever it may. */
export function waysOf({ steps }: Draft, guesses: Guesses): Ways {
  const indexes = Map.groupBy(steps, ({ id }) => id);
  const indexesOf = (id: string): readonly number[] =>
    (indexes.get(id) ?? indexes.get(guesses.nearest(id)) ?? []).map(({ index }) => index);
  return {
    onward: steps.map((step) => {
      const named = step.isWhole
        ? targetsOf(step, "steps")
        : textsWithin(step.written).filter((text) => indexes.has(text));
      const below = step.isWhole && step.read?.references.fallsThrough === false ? [] : [step.index + 1];
      return [...named.flatMap(indexesOf), ...below];
    }),
    unasked: steps.map((step) => targetsOf(step, "unasked").flatMap(indexesOf)),
  };
}

/** Each step is called once, and every target is there. */
export function checkNames({ steps }: Draft, guesses: Guesses): readonly Finding[] {
  const named = Map.groupBy(
    steps.filter(({ id }) => id !== null),
    ({ id }) => id,
  );
  const doubled = [...named.values()].flatMap(([first, ...others]) =>
    others.map((other) =>
      errorIn(other, "/id", `step ${(first?.index ?? 0) + 1} is called so too. Give each step an id of its own.`),
    ),
  );
  const lost = steps.flatMap((step) =>
    [...(step.read?.references.steps ?? []), ...(step.read?.references.unasked ?? [])]
      .filter(({ value }) => !named.has(value))
      .map(({ pointer, value }) =>
        errorIn(step, pointer, `there is no step ${quoted(value)} in this topic.${guesses.hint(value)}`),
      ),
  );
  return [...doubled, ...lost];
}

export function checkReach({ steps }: Draft, { onward, unasked }: Ways): readonly Finding[] {
  const reached = reachedFrom([0], (index) => [...(onward[index] ?? []), ...(unasked[index] ?? [])]);
  return steps
    .filter(({ index }) => !reached.has(index))
    .map((step) =>
      errorIn(step, "", "nobody ever comes here. Let a step that people come to go on with it, or take it out."),
    );
}

function targetsOf({ read }: DraftStep, which: "steps" | "unasked"): readonly string[] {
  return (read?.references[which] ?? []).map(({ value }) => value);
}
