import { listed, quoted } from "../../schema/explain.ts";
import { Guesses } from "../../schema/nearest.ts";
import { type Draft, errorIn, type Finding, warningIn } from "./draft.ts";
import type { Home } from "./targets.ts";

/** A list, and the application that answers on its number. */
export interface KnownList {
  readonly id: string;
  readonly application: string;
}

/** Every list that the topic switches on is there, on a number of an application that has the topic. */
export function checkLists({ steps }: Draft, homes: readonly Home[], lists: readonly KnownList[]): readonly Finding[] {
  const guesses = new Guesses(lists.map(({ id }) => id));
  const applicationOf = new Map(lists.map(({ id, application }) => [id, application]));
  return steps.flatMap((step) =>
    (step.read?.references.lists ?? []).flatMap(({ pointer, value }) => {
      const application = applicationOf.get(value);
      if (application === undefined)
        return [errorIn(step, pointer, `there is no list ${quoted(value)}.${guesses.hint(value)}`)];
      const others = homes.filter(({ id }) => id !== application).map(({ id }) => id);
      if (others.length === 0) return [];
      const where = `the list ${quoted(value)} is on a number of the application ${quoted(application)}`;
      return [warningIn(step, pointer, `${where}; in ${listed(others, 5)} nobody can switch it on.`)];
    }),
  );
}
