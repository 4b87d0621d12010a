import { type FilterImplOptions, ForTag, Liquid, type Template, Tokenizer, TypeGuards } from "liquidjs";
import { TEMPLATE_MEMORY_UNITS } from "../core/limits.ts";
import { FILTERS } from "./filters.ts";

/** What templates see, by name. */
export type Scope = Readonly<Record<string, unknown>>;

/** Turns templates into texts and conditions into truth. */
export interface Templates {
  /** @throws where the template does not parse, or exceeds its limits while rendering */
  readonly render: (template: string, scope: Scope) => string;
  /** As `render`, with every value encoded for a URL: a person's text changes no path and no host. */
  readonly renderUrl: (template: string, scope: Scope) => string;
  /** @throws as `render` */
  readonly isTrue: (condition: string, scope: Scope) => boolean;
}

type Filter = Extract<FilterImplOptions, (...values: never[]) => unknown>;

/** No other files, no dice, no way around the count: a topic is one document, and pure. */
const TAGS_LEFT_OUT = ["include", "render", "layout", "block", "tablerow"];
const FILTERS_LEFT_OUT = ["sample", "shuffle", "raw"];

const DATES = ["date", "date_to_xmlschema", "date_to_rfc822", "date_to_string", "date_to_long_string"];

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

/** @param escape what happens to each output; each counts against the memory limit, which Liquid itself applies to some filters and ranges only */
function createEngine(escape: (value: unknown) => unknown): Liquid {
  const count: Filter = function (value: unknown): unknown {
    this.context.memoryLimit.use(typeof value === "string" ? value.length : 1);
    return escape(value);
  };
  const engine = new Liquid({
    strictFilters: true,
    ownPropertyOnly: true,
    memoryLimit: TEMPLATE_MEMORY_UNITS,
    outputEscape: count,
    templates: {},
  });
  for (const tag of TAGS_LEFT_OUT) Reflect.deleteProperty(engine.tags, tag);
  for (const filter of FILTERS_LEFT_OUT) Reflect.deleteProperty(engine.filters, filter);
  for (const name of DATES) engine.registerFilter(name, atTurn(engine.filters[name] as Filter));
  engine.registerTag("for", CountedFor);
  for (const [name, filter] of Object.entries(FILTERS)) engine.registerFilter(name, filter);
  return engine;
}

/** No clock but the turn's own. */
function atTurn(format: Filter): Filter {
  return function (value: unknown, ...rest: unknown[]): unknown {
    const moment = value === "now" || value === "today" ? this.context.getSync(["now"]) : value;
    return format.call(this, moment, ...rest);
  };
}

const engine = createEngine((value) => value);
const urlEngine = createEngine((value) =>
  encodeURIComponent(typeof value === "string" ? value : JSON.stringify(value ?? "")),
);

/** What can stand behind `|` and after `{%`. */
export const FILTER_NAMES: readonly string[] = Object.keys(engine.filters);
export const TAG_NAMES: readonly string[] = Object.keys(engine.tags);

/** @returns what is wrong with the template, in Liquid's words, or null */
export function templateProblem(template: string): string | null {
  try {
    engine.parse(template);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : "cannot be read";
  }
}

/** @returns the variables that the template reads, once each; those that it gives itself a value are not among them @throws where it does not parse */
export function variablesIn(template: string): readonly string[] {
  return engine.globalVariablesSync(engine.parse(template));
}

/** @returns whether values and operators take turns in a condition: Liquid itself reads "a b" and "a ==", and finds something */
export function takesTurns(condition: string): boolean {
  const tokens = new Tokenizer(condition, engine.options.operators).readExpressionTokens();
  let wantsValue = true;
  for (const token of tokens) {
    const isNot = TypeGuards.isOperatorToken(token) && token.operator === "not";
    if (TypeGuards.isOperatorToken(token) !== (!wantsValue || isNot) || (isNot && !wantsValue)) return false;
    if (!isNot) wantsValue = !wantsValue;
  }
  return !wantsValue;
}

/** Each template is parsed once for as long as the returned object lives. */
export function createTemplates(): Templates {
  const render = rendererOf(engine);
  return {
    render,
    renderUrl: rendererOf(urlEngine),
    isTrue: (condition, scope) => render(asTemplate(condition), scope) === "true",
  };
}

function rendererOf(liquid: Liquid): Templates["render"] {
  const parsed = new Map<string, Template[]>();
  return (template, scope) => {
    let known = parsed.get(template);
    if (known === undefined) {
      known = liquid.parse(template);
      parsed.set(template, known);
    }
    return String(liquid.renderSync(known, scope));
  };
}

/** @returns a template that is "true" or nothing */
export function asTemplate(condition: string): string {
  return `{% if ${condition} %}true{% endif %}`;
}
