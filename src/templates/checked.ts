import { liquidSentence } from "./liquid-words.ts";
import { templateProblem } from "./template.ts";
import { template, wordingOf } from "./wording.ts";

/** A template that is looked into by its schema: the error says what Liquid cannot read, and where. */
export const liquid = template.check(({ value, issues }) => {
  const problem = templateProblem(value);
  if (problem !== null)
    issues.push({
      code: "custom",
      input: value,
      message: `is no valid Liquid${liquidSentence(problem).replace(/\.$/u, "")}`,
    });
});

export const liquidWording = wordingOf(liquid);
