import {
  Context,
  type Liquid,
  LiquidError,
  Output,
  RenderError,
  type Template,
  TypeGuards,
  toValueSync,
} from "liquidjs";
import { TEMPLATE_MEMORY_UNITS } from "../core/limits/topics.ts";

/** A template that consists only of text and values, as nearly all do. */
export type TextOutputs = readonly (string | OutputValue)[];

interface OutputValue {
  readonly template: Output;
  /** Reads the value before the filters. */
  readonly read: (context: Context) => unknown;
  /** The variable that is output unchanged, or null if the output is anything else. */
  readonly name: string | null;
}

/**
 * Parses a template without tags for rendering without Liquid, which is slow because it handles every name as if it
 * were asynchronous.
 * @returns null if the template has more than text, names, literals and filters
 */
export function parseOutputs(templates: readonly Template[]): TextOutputs | null {
  const parts = templates.map(toOutput);
  return parts.every((part) => part !== null) ? parts : null;
}

function toOutput(template: Template): string | OutputValue | null {
  if (TypeGuards.isHTMLToken(template.token)) return template.token.getContent();
  return template instanceof Output ? toOutputValue(template) : null;
}

function toOutputValue(template: Output): OutputValue | null {
  const { initial, filters } = template.value;
  const [token, ...rest] = initial.postfix;
  if (token === undefined || rest.length > 0) return null;
  if (TypeGuards.isQuotedToken(token) || TypeGuards.isNumberToken(token))
    return { template, read: () => token.content, name: null };
  if (!TypeGuards.isPropertyAccessToken(token) || token.variable !== undefined) return null;
  const path = token.props.map((name) => ("content" in name ? name.content : null));
  if (!path.every((name) => typeof name === "string")) return null;
  const [name = null] = path;
  // The only filter is the output's own, which counts and escapes.
  const isBare = path.length === 1 && filters.length === 1;
  return { template, read: (context) => context.getSync(path), name: isBare ? name : null };
}

/**
 * @param escape converts each value
 * @returns the same text as Liquid
 * @throws the same errors as Liquid
 */
export function renderOutputs(
  parts: TextOutputs,
  scope: Readonly<Record<string, unknown>>,
  liquid: Liquid,
  escape: (value: string) => unknown,
): string {
  const rendering = new LazyLiquidContext(scope, liquid);
  let output = "";
  for (const part of parts) {
    if (typeof part === "string") output += part;
    else {
      const text = part.name === null ? null : findText(scope, part.name);
      const isCounted = text !== null && rendering.tryCount(text.length);
      output += isCounted ? String(escape(text)) : renderValue(part, rendering.context);
    }
  }
  return output;
}

/** @returns the text of a variable, or null if its value is not a text and Liquid must render it */
function findText(scope: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = Object.hasOwn(scope, name) ? scope[name] : null;
  return typeof value === "string" ? value : null;
}

/** A Liquid context that is created when first needed: most values are texts, which are output unchanged. */
class LazyLiquidContext {
  readonly #scope: object;
  readonly #liquid: Liquid;
  #context: Context | null = null;
  /** Memory units that were counted before the context was created. */
  #units = 0;

  constructor(scope: object, liquid: Liquid) {
    this.#scope = scope;
    this.#liquid = liquid;
  }

  get context(): Context {
    if (this.#context !== null) return this.#context;
    const liquid = this.#liquid;
    this.#context = new Context(this.#scope, liquid.options, { sync: true }, { liquid });
    this.#context.memoryLimit.use(this.#units);
    return this.#context;
  }

  /** @returns whether the units were counted here; once Liquid is in use, or over the limit, Liquid must count them */
  tryCount(units: number): boolean {
    if (this.#context !== null || this.#units + units > TEMPLATE_MEMORY_UNITS) return false;
    this.#units += units;
    return true;
  }
}

function renderValue({ template, read }: OutputValue, context: Context): string {
  try {
    let value = read(context);
    for (const filter of template.value.filters) value = toValueSync(filter.render(value, context));
    return toText(value);
  } catch (error) {
    throw LiquidError.is(error) || !(error instanceof Error) ? error : new RenderError(error, template);
  }
}

/** Converts a value to text; objects have been removed before. */
function toText(value: unknown): string {
  if (Array.isArray(value)) return value.map(toText).join("");
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
