import { type FilterImplOptions, Liquid, type Template } from "liquidjs";
import { TEMPLATE_MEMORY_UNITS } from "../core/limits.ts";

/** What templates see, by name. */
export type Scope = Readonly<Record<string, unknown>>;

/** Turns templates into texts and conditions into truth. */
export interface Templates {
  /** @throws where the template does not parse, or exceeds its limits while rendering */
  readonly render: (template: string, scope: Scope) => string;
  /** @throws as `render` */
  readonly isTrue: (condition: string, scope: Scope) => boolean;
}

const engine = new Liquid({
  strictFilters: true,
  ownPropertyOnly: true,
  memoryLimit: TEMPLATE_MEMORY_UNITS,
  templates: {},
});
// A topic is one document, and pure: no other files, no dice, no clock but the turn's own.
for (const tag of ["include", "render", "layout", "block"]) Reflect.deleteProperty(engine.tags, tag);
for (const filter of ["sample", "shuffle"]) Reflect.deleteProperty(engine.filters, filter);

type Filter = Extract<FilterImplOptions, (...values: never[]) => unknown>;
const formatDate = engine.filters["date"] as Filter;
const date: Filter = function (value: unknown, ...rest: unknown[]): unknown {
  const moment = value === "now" || value === "today" ? this.context.getSync(["now"]) : value;
  return formatDate.call(this, moment, ...rest);
};
engine.registerFilter("date", date);

/** @returns what is wrong with the template, in Liquid's words, or null */
export function templateProblem(template: string): string | null {
  try {
    engine.parse(template);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : "cannot be read";
  }
}

/** @returns what is wrong with the condition, in Liquid's words, or null */
export function conditionProblem(condition: string): string | null {
  return /[{}]|%\s*$/u.test(condition)
    ? "a condition is written without {% %} and {{ }}"
    : templateProblem(asTemplate(condition));
}

/** Each template is parsed once for as long as the returned object lives. */
export function createTemplates(): Templates {
  const parsed = new Map<string, Template[]>();
  const render = (template: string, scope: Scope): string => {
    let known = parsed.get(template);
    if (known === undefined) {
      known = engine.parse(template);
      parsed.set(template, known);
    }
    return String(engine.renderSync(known, scope));
  };
  return { render, isTrue: (condition, scope) => render(asTemplate(condition), scope) === "true" };
}

function asTemplate(condition: string): string {
  return `{% if ${condition} %}true{% endif %}`;
}
