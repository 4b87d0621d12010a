import { joinQuotedNames, quoteText } from "../../schema/issue-texts.ts";
import { NameGuesses } from "../../schema/name-guesses.ts";
import type { HomeApplication } from "./targets.ts";
import { type CheckFinding, createStepError, createStepWarning, type ParsedTopic } from "./topic-document.ts";

/** A list, and the application that answers on its number. */
export interface KnownList {
  readonly id: string;
  readonly application: string;
}

/** Every list that the topic switches on is there, on a number of an application that has the topic. */
export function checkLists(
  { steps }: ParsedTopic,
  homes: readonly HomeApplication[],
  lists: readonly KnownList[],
): readonly CheckFinding[] {
  const guesses = new NameGuesses(lists.map(({ id }) => id));
  const applicationOf = new Map(lists.map(({ id, application }) => [id, application]));
  return steps.flatMap((step) =>
    (step.read?.references.lists ?? []).flatMap(({ pointer, value }) => {
      const application = applicationOf.get(value);
      if (application === undefined)
        return [createStepError(step, pointer, `there is no list ${quoteText(value)}.${guesses.formatHint(value)}`)];
      const others = homes.filter(({ id }) => id !== application).map(({ id }) => id);
      if (others.length === 0) return [];
      const where = `the list ${quoteText(value)} is on a number of the application ${quoteText(application)}`;
      return [createStepWarning(step, pointer, `${where}; in ${joinQuotedNames(others, 5)} nobody can switch it on.`)];
    }),
  );
}
