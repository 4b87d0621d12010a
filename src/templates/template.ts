import { type FilterImplOptions, ForTag, Liquid, Tokenizer, TypeGuards } from "liquidjs";
import { TEMPLATE_MEMORY_UNITS } from "../core/limits/topics.ts";
import { toLocalTime } from "../hours/time-zone.ts";
import { FILTERS, findZone } from "./filters.ts";
import { parseOutputs, renderOutputs } from "./outputs.ts";

/** The values that a template can use, by name. */
export type TemplateScope = Readonly<Record<string, unknown>>;

/** A scope, or a function that creates it, which is called only for templates that contain Liquid. */
export type ScopeSource = TemplateScope | (() => TemplateScope);

/** Renders templates and evaluates conditions. */
export interface TemplateRenderer {
  /** @throws if the template does not parse, or exceeds its limits while rendering */
  readonly render: (template: string, scope: ScopeSource) => string;
  /** Renders with every value encoded for a URL, so that a contact's text cannot change the path or the host. */
  readonly renderUrl: (template: string, scope: ScopeSource) => string;
  /** @throws as `render` */
  readonly isTrue: (condition: string, scope: ScopeSource) => boolean;
}

type LiquidFilter = Extract<FilterImplOptions, (...values: never[]) => unknown>;

/** Tags and filters that read other files, are random or avoid the memory count: a topic is one document, and pure. */
const TAGS_LEFT_OUT = ["include", "render", "layout", "block", "tablerow"];
const FILTERS_LEFT_OUT = ["sample", "shuffle", "raw"];

/** Filters that format a moment, with a time zone or as a day. */
const MOMENT_FILTERS = ["date", "date_to_xmlschema", "date_to_rfc822"];
const DAY_FILTERS = ["date_to_string", "date_to_long_string"];

/** A `for` tag whose every iteration counts the length of its body. */
class CountedForTag extends ForTag {
  constructor(...parameters: ConstructorParameters<typeof ForTag>) {
    super(...parameters);
    const [first, last] = [this.templates[0]?.token, this.templates.at(-1)?.token];
    if (first === undefined || last === undefined) return;
    const units = last.end - first.begin;
    this.templates.unshift({ token: first, render: ({ memoryLimit }) => memoryLimit.use(units) });
  }
}

/**
 * Creates a Liquid engine in which each output counts against the memory limit, which Liquid itself applies only to
 * some filters and ranges.
 * @param escape converts each output
 */
function createEngine(escape: (value: unknown) => unknown): Liquid {
  const countOutput: LiquidFilter = function (value: unknown): unknown {
    this.context.memoryLimit.use(typeof value === "string" ? value.length : 1);
    return escape(removeObjects(value));
  };
  const engine = new Liquid({
    strictFilters: true,
    ownPropertyOnly: true,
    memoryLimit: TEMPLATE_MEMORY_UNITS,
    // The result must not depend on the machine's time zone.
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

/**
 * Removes objects, which Liquid would render as "[object Object]". Their properties can be named, or rendered by
 * `json`.
 */
function removeObjects(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(removeObjects);
  return typeof value === "object" ? "" : value;
}

/** Wraps a filter so that it uses the turn's clock and, unless the template names a time zone, the conversation's. */
function wrapMomentFilter(format: LiquidFilter): LiquidFilter {
  return function (value: unknown, pattern: unknown, zone: unknown): unknown {
    const moment = resolveMoment(value, this);
    return format.call(this, moment, pattern, zone ?? -findZoneOffset(moment, this) / 60_000);
  };
}

/** As `wrapMomentFilter`, for filters without a time zone: shifts the moment to the local time. */
function wrapDayFilter(format: LiquidFilter): LiquidFilter {
  return function (value: unknown, ...rest: unknown[]): unknown {
    const moment = resolveMoment(value, this);
    const east = findZoneOffset(moment, this);
    return format.call(this, east === 0 ? moment : new Date(Date.parse(String(moment)) + east), ...rest);
  };
}

/** @returns the offset of the time zone from UTC in milliseconds; 0 if the value is not a moment */
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

/** The names that can follow `|` and `{%`. */
export const FILTER_NAMES: readonly string[] = Object.keys(engine.filters);
export const TAG_NAMES: readonly string[] = Object.keys(engine.tags);

/** @returns Liquid's message about what is wrong with the template, or null */
export function findTemplateProblem(template: string): string | null {
  try {
    engine.parse(template);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : "cannot be read";
  }
}

/**
 * @returns the variables that the template reads, each once, without those that it assigns itself
 * @throws if the template does not parse
 */
export function listTemplateVariables(template: string): readonly string[] {
  return engine.globalVariablesSync(engine.parse(template));
}

/** Tests whether values and operators alternate in a condition; Liquid itself accepts "a b" and "a ==". */
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

/** Creates a renderer that parses each template only once. */
export function createTemplateRenderer(): TemplateRenderer {
  const renderCondition = createRenderer(engine, toConditionTemplate);
  return {
    render: createRenderer(engine),
    renderUrl: createRenderer(urlEngine),
    isTrue: (condition, scope) => renderCondition(condition, scope) === "true",
  };
}

/** @param toTemplate converts the source, such as a condition, to a Liquid template */
function createRenderer(liquid: Liquid, toTemplate = (source: string) => source): TemplateRenderer["render"] {
  const compiled = new Map<string, (scope: ScopeSource) => string>();
  return (source, scope) => {
    let render = compiled.get(source);
    if (render === undefined) {
      render = compileTemplate(liquid, toTemplate(source));
      compiled.set(source, render);
    }
    return render(scope);
  };
}

/** Compiles a template for rendering without Liquid if possible, which is twenty times as fast. */
function compileTemplate(liquid: Liquid, template: string): (scope: ScopeSource) => string {
  if (isLiteral(template)) return () => template;
  const templates = liquid.parse(template);
  const outputs = parseOutputs(templates);
  const escape = liquid === urlEngine ? encodeForUrl : keepValue;
  return (source) => {
    const scope = typeof source === "function" ? source() : source;
    return outputs === null
      ? String(liquid.renderSync(templates, scope))
      : renderOutputs(outputs, scope, liquid, escape);
  };
}

/** Tests whether the template contains no Liquid, which begins with `{{` or `{%`. */
export function isLiteral(template: string): boolean {
  return !/\{[{%]/u.test(template);
}

/** @returns a template that renders to "true" or to nothing */
export function toConditionTemplate(condition: string): string {
  return `{% if ${condition} %}true{% endif %}`;
}
