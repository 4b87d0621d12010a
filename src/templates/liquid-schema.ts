import { explainLiquidError } from "./liquid-errors.ts";
import { createLocalizedTextSchema, template } from "./localized-text.ts";
import { findTemplateProblem } from "./template.ts";

/** A template that is looked into by its schema: the error says what Liquid cannot read, and where. */
export const liquidTemplate = template.check(({ value, issues }) => {
  const problem = findTemplateProblem(value);
  if (problem !== null)
    issues.push({
      code: "custom",
      input: value,
      message: `is no valid Liquid${explainLiquidError(problem).replace(/\.$/u, "")}`,
    });
});

export const liquidLocalizedText = createLocalizedTextSchema(liquidTemplate);
