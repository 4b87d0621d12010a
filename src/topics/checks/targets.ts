import { listed, quoted } from "../../schema/explain.ts";
import { Guesses } from "../../schema/nearest.ts";
import { type Draft, errorIn, type Finding } from "./draft.ts";

/** An application that has the topic, and the topics that it has. */
export interface Home {
  readonly id: string;
  readonly topics: readonly string[];
}

/** Every topic that the topic goes to is there, in each application that has it. */
export function checkTargets({ steps }: Draft, homes: readonly Home[]): readonly Finding[] {
  const all = homes.map(({ id, topics }) => ({ id, topics: new Set(topics) }));
  const guesses = new Guesses(homes.flatMap(({ topics }) => topics));
  return steps.flatMap((step) =>
    (step.read?.references.topics ?? []).flatMap(({ pointer, value }) => {
      const without = all.filter(({ topics }) => !topics.has(value)).map(({ id }) => id);
      if (without.length === 0) return [];
      const who =
        without.length === 1 ? `the application ${listed(without)} does` : `the applications ${listed(without, 5)} do`;
      const hint = guesses.nearest(value).includes(value) ? "" : guesses.hint(value);
      return [errorIn(step, pointer, `${who} not have the topic ${quoted(value)}.${hint}`)];
    }),
  );
}
