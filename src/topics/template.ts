import { type FilterImplOptions, ForTag, Liquid, type Template } from "liquidjs";
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

type Filter = Extract<FilterImplOptions, (...values: never[]) => unknown>;

/** Every output counts against the memory limit, which Liquid itself only applies to some filters and ranges. */
const count: Filter = function (value: unknown): unknown {
  this.context.memoryLimit.use(typeof value === "string" ? value.length : 1);
  return value;
};

const engine = new Liquid({
  strictFilters: true,
  ownPropertyOnly: true,
  memoryLimit: TEMPLATE_MEMORY_UNITS,
  outputEscape: count,
  templates: {},
});
// A topic is one document, and pure: no other files, no dice, no way around the count.
for (const tag of ["include", "render", "layout", "block", "tablerow"]) Reflect.deleteProperty(engine.tags, tag);
for (const filter of ["sample", "shuffle", "raw"]) Reflect.deleteProperty(engine.filters, filter);

// And no clock but the turn's own.
for (const name of ["date", "date_to_xmlschema", "date_to_rfc822", "date_to_string", "date_to_long_string"]) {
  const format = engine.filters[name] as Filter;
  const atTurn: Filter = function (value: unknown, ...rest: unknown[]): unknown {
    const moment = value === "now" || value === "today" ? this.context.getSync(["now"]) : value;
    return format.call(this, moment, ...rest);
  };
  engine.registerFilter(name, atTurn);
}

/** Each round of a loop counts with the length of what it repeats. */
class CountedFor extends ForTag {
  constructor(...parameters: ConstructorParameters<typeof ForTag>) {
    super(...parameters);
    const [first, last] = [this.templates[0]?.token, this.templates.at(-1)?.token];
    if (first === undefined || last === undefined) return;
    const units = last.end - first.begin;
    this.templates.unshift({ token: first, render: ({ memoryLimit }) => memoryLimit.use(units) });
  }
}
engine.registerTag("for", CountedFor);

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
