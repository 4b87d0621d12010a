import { quoted } from "../../schema/explain.ts";
import type { Guesses } from "../../schema/nearest.ts";
import { type Draft, type DraftStep, errorIn, type Finding, textsWithin } from "./draft.ts";
import { type Edges, reachedFrom } from "./graph.ts";

/** Where the conversation may go from each step, by their indexes. */
export interface Ways {
  /** After what the step waits for, or at once where it waits for nothing; the length of the list: beyond the last step. */
  readonly onward: readonly (readonly number[])[];
  /** Before the person has been asked. */
  readonly unasked: readonly (readonly number[])[];
}

/**
 * One mistake is not to be two: a misspelt target leads wherever it may be meant to, one that cannot be guessed to the step below, and a
 * step that is not whole to every step that it names.
 */
export function waysOf({ steps }: Draft, guesses: Guesses): Ways {
  const indexes = Map.groupBy(steps, ({ id }) => id);
  const indexesOf = (id: string): readonly number[] =>
    (indexes.has(id) ? [id] : guesses.nearest(id)).flatMap((each) =>
      (indexes.get(each) ?? []).map(({ index }) => index),
    );
  return {
    onward: steps.map((step) => {
      const named = step.isWhole
        ? targetsOf(step, "steps")
        : textsWithin(step.written).filter((text) => indexes.has(text));
      const below = step.isWhole && step.read?.references.fallsThrough === false ? [] : [step.index + 1];
      const meant = named.map(indexesOf).flatMap((found) => (found.length > 0 ? found : [step.index + 1]));
      return [...meant, ...below];
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

/** Steps that nobody comes to; of several that lead to one another only the first. */
export function checkReach({ steps }: Draft, { onward, unasked }: Ways): readonly Finding[] {
  const edges: Edges = (index) => [...(onward[index] ?? []), ...(unasked[index] ?? [])];
  const reached = new Set(reachedFrom([0], edges));
  const lost = steps.filter(({ index }) => !reached.has(index));
  const led = new Set(lost.flatMap(({ index }) => edges(index).filter((next) => next !== index)));
  const heads = [...lost.filter(({ index }) => !led.has(index)), ...lost].filter(({ index }) => {
    const isHead = !reached.has(index);
    if (isHead) for (const node of reachedFrom([index], edges)) reached.add(node);
    return isHead;
  });
  return heads.map((step) =>
    errorIn(step, "", "nobody ever comes here. Let a step that people come to go on with it, or take it out."),
  );
}

function targetsOf({ read }: DraftStep, which: "steps" | "unasked"): readonly string[] {
  return (read?.references[which] ?? []).map(({ value }) => value);
}
