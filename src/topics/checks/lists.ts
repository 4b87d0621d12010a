import { joinQuotedNames, quoteText } from "../../schema/issue-texts.ts";
import { NameGuesses } from "../../schema/name-guesses.ts";
import type { HomeApplication } from "./targets.ts";
import { type CheckFinding, createStepError, createStepWarning, type ParsedTopic } from "./topic-document.ts";

/** A list, and the application that answers on its number. */
export interface KnownList {
  readonly id: string;
  readonly application: string;
}

/** Checks that every list of a `subscribe` step exists, and is on a number of the applications that have the topic. */
export function checkLists(
  { steps }: ParsedTopic,
  homes: readonly HomeApplication[],
  lists: readonly KnownList[],
): readonly CheckFinding[] {
  const guesses = new NameGuesses(lists.map(({ id }) => id));
  const applications = new Map(lists.map(({ id, application }) => [id, application]));
  return steps.flatMap((step) =>
    (step.parsed?.references.lists ?? []).flatMap(({ pointer, value }) => {
      const application = applications.get(value);
      if (application === undefined)
        return [createStepError(step, pointer, `there is no list ${quoteText(value)}.${guesses.formatHint(value)}`)];
      const others = homes.filter(({ id }) => id !== application).map(({ id }) => id);
      if (others.length === 0) return [];
      const place = `the list ${quoteText(value)} is on a number of the application ${quoteText(application)}`;
      return [
        createStepWarning(
          step,
          pointer,
          `${place}, so contacts of ${joinQuotedNames(others, 5)} cannot subscribe to it.`,
        ),
      ];
    }),
  );
}
