import { joinQuotedNames, quoteText } from "../../schema/issue-texts.ts";
import { NameGuesses } from "../../schema/name-guesses.ts";
import { type CheckFinding, createStepError, type ParsedTopic } from "./topic-document.ts";

/** An application that has the checked topic, with all its topics. */
export interface HomeApplication {
  readonly id: string;
  readonly topics: readonly string[];
}

/** Checks that each application with this topic also has the topics that its steps go to. */
export function checkTargets({ steps }: ParsedTopic, homes: readonly HomeApplication[]): readonly CheckFinding[] {
  const all = homes.map(({ id, topics }) => ({ id, topics: new Set(topics) }));
  const guesses = new NameGuesses(homes.flatMap(({ topics }) => topics));
  return steps.flatMap((step) =>
    (step.parsed?.references.topics ?? []).flatMap(({ pointer, value }) => {
      const without = all.filter(({ topics }) => !topics.has(value)).map(({ id }) => id);
      if (without.length === 0) return [];
      const subject =
        without.length === 1
          ? `the application ${joinQuotedNames(without)} does`
          : `the applications ${joinQuotedNames(without, 5)} do`;
      const hint = guesses.findNearest(value).includes(value) ? "" : guesses.formatHint(value);
      return [createStepError(step, pointer, `${subject} not have the topic ${quoteText(value)}.${hint}`)];
    }),
  );
}
