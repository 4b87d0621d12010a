import { explainLiquidError } from "./liquid-errors.ts";
import { createLocalizedTextSchema, template } from "./localized-text.ts";
import { findTemplateProblem } from "./template.ts";

/** A template whose schema parses it as Liquid; the problem says what is wrong, and at which character. */
export const liquidTemplate = template.check(({ value, issues }) => {
  const problem = findTemplateProblem(value);
  if (problem !== null)
    issues.push({
      code: "custom",
      input: value,
      message: `is not valid Liquid${explainLiquidError(problem).replace(/\.$/u, "")}`,
    });
});

export const liquidLocalizedText = createLocalizedTextSchema(liquidTemplate);
