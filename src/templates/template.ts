import { type FilterImplOptions, ForTag, Liquid, Tokenizer, TypeGuards } from "liquidjs";
import { TEMPLATE_MEMORY_UNITS } from "../core/limits/topics.ts";
import { toLocalTime } from "../hours/time-zone.ts";
import { FILTERS, findZone } from "./filters.ts";
import { parseOutputs, renderOutputs } from "./outputs.ts";

/** What templates see, by name. */
export type TemplateScope = Readonly<Record<string, unknown>>;

/** A scope, or what makes it: it is made only for a template that has Liquid in it. */
export type ScopeSource = TemplateScope | (() => TemplateScope);

/** Turns templates into texts and conditions into truth. */
export interface TemplateRenderer {
  /** @throws where the template does not parse, or exceeds its limits while rendering */
  readonly render: (template: string, seen: ScopeSource) => string;
  /** As `render`, with every value encoded for a URL: a person's text changes no path and no host. */
  readonly renderUrl: (template: string, seen: ScopeSource) => string;
  /** @throws as `render` */
  readonly isTrue: (condition: string, seen: ScopeSource) => boolean;
}

type LiquidFilter = Extract<FilterImplOptions, (...values: never[]) => unknown>;

/** No other files, no dice, no way around the count: a topic is one document, and pure. */
const TAGS_LEFT_OUT = ["include", "render", "layout", "block", "tablerow"];
const FILTERS_LEFT_OUT = ["sample", "shuffle", "raw"];

/** Filters that write a moment: with any zone, with its offset from UTC, or as a day. */
const MOMENT_FILTERS = ["date", "date_to_xmlschema", "date_to_rfc822"];
const DAY_FILTERS = ["date_to_string", "date_to_long_string"];

/** Each round of a loop counts with the length of what it repeats. */
class CountedForTag extends ForTag {
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
  const countOutput: LiquidFilter = function (value: unknown): unknown {
    this.context.memoryLimit.use(typeof value === "string" ? value.length : 1);
    return escape(removeObjects(value));
  };
  const engine = new Liquid({
    strictFilters: true,
    ownPropertyOnly: true,
    memoryLimit: TEMPLATE_MEMORY_UNITS,
    // Whatever zone the machine is in.
    timezoneOffset: 0,
    outputEscape: countOutput,
    templates: {},
  });
  for (const tag of TAGS_LEFT_OUT) Reflect.deleteProperty(engine.tags, tag);
  for (const filter of FILTERS_LEFT_OUT) Reflect.deleteProperty(engine.filters, filter);
  for (const name of MOMENT_FILTERS)
    engine.registerFilter(name, wrapMomentFilter(engine.filters[name] as LiquidFilter));
  for (const name of DAY_FILTERS) engine.registerFilter(name, wrapDayFilter(engine.filters[name] as LiquidFilter));
  engine.registerTag("for", CountedForTag);
  for (const [name, filter] of Object.entries(FILTERS)) engine.registerFilter(name, filter);
  return engine;
}

/** @returns the value without objects, of which Liquid would say "[object Object]"; what is in them can be named, or said by `json` */
function removeObjects(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(removeObjects);
  return typeof value === "object" ? "" : value;
}

/** No clock but the turn's own, and the conversation's time zone where the template names none. */
function wrapMomentFilter(format: LiquidFilter): LiquidFilter {
  return function (value: unknown, pattern: unknown, zone: unknown): unknown {
    const moment = resolveMoment(value, this);
    return format.call(this, moment, pattern, zone ?? -findZoneOffset(moment, this) / 60_000);
  };
}

/** As `atTurn`, for filters that take no zone: the clock is put to what it shows there. */
function wrapDayFilter(format: LiquidFilter): LiquidFilter {
  return function (value: unknown, ...rest: unknown[]): unknown {
    const moment = resolveMoment(value, this);
    const east = findZoneOffset(moment, this);
    return format.call(this, east === 0 ? moment : new Date(Date.parse(String(moment)) + east), ...rest);
  };
}

/** @returns how much more clocks show there than in Greenwich, in milliseconds; 0 for what is no moment */
function findZoneOffset(moment: unknown, filter: ThisParameterType<LiquidFilter>): number {
  const zone = findZone(moment, filter);
  const instant = zone === "UTC" || typeof moment !== "string" ? Number.NaN : Date.parse(moment);
  return Number.isNaN(instant) ? 0 : toLocalTime(zone, instant) - Math.floor(instant / 1_000) * 1_000;
}

function resolveMoment(value: unknown, { context }: ThisParameterType<LiquidFilter>): unknown {
  return value === "now" || value === "today" ? context.getSync(["now"]) : value;
}

const keepValue = (value: unknown): unknown => value;
const encodeForUrl = (value: unknown): string =>
  encodeURIComponent(typeof value === "string" ? value : JSON.stringify(value ?? ""));

const engine = createEngine(keepValue);
const urlEngine = createEngine(encodeForUrl);

/** What can stand behind `|` and after `{%`. */
export const FILTER_NAMES: readonly string[] = Object.keys(engine.filters);
export const TAG_NAMES: readonly string[] = Object.keys(engine.tags);

/** @returns what is wrong with the template, in Liquid's words, or null */
export function findTemplateProblem(template: string): string | null {
  try {
    engine.parse(template);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : "cannot be read";
  }
}

/** @returns the variables that the template reads, once each; those that it gives itself a value are not among them @throws where it does not parse */
export function listTemplateVariables(template: string): readonly string[] {
  return engine.globalVariablesSync(engine.parse(template));
}

/** @returns whether values and operators take turns in a condition: Liquid itself reads "a b" and "a ==", and finds something */
export function isWellFormedCondition(condition: string): boolean {
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
export function createTemplateRenderer(): TemplateRenderer {
  const truth = createRenderer(engine, toConditionTemplate);
  return {
    render: createRenderer(engine),
    renderUrl: createRenderer(urlEngine),
    isTrue: (condition, seen) => truth(condition, seen) === "true",
  };
}

/** @param written what is written as a template that Liquid reads */
function createRenderer(liquid: Liquid, written = (template: string) => template): TemplateRenderer["render"] {
  const made = new Map<string, (seen: ScopeSource) => string>();
  return (template, seen) => {
    let render = made.get(template);
    if (render === undefined) {
      render = compileTemplate(liquid, written(template));
      made.set(template, render);
    }
    return render(seen);
  };
}

/** Liquid is asked only where it is needed: it is twenty times as slow. */
function compileTemplate(liquid: Liquid, template: string): (seen: ScopeSource) => string {
  if (isLiteral(template)) return () => template;
  const templates = liquid.parse(template);
  const outputs = parseOutputs(templates);
  const escape = liquid === urlEngine ? encodeForUrl : keepValue;
  return (seen) => {
    const scope = typeof seen === "function" ? seen() : seen;
    return outputs === null
      ? String(liquid.renderSync(templates, scope))
      : renderOutputs(outputs, scope, liquid, escape);
  };
}

/** Is the template without Liquid, which begins with two braces or one and a percent sign? */
export function isLiteral(template: string): boolean {
  return !/\{[{%]/u.test(template);
}

/** @returns a template that is "true" or nothing */
export function toConditionTemplate(condition: string): string {
  return `{% if ${condition} %}true{% endif %}`;
}
