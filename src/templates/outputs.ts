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

/** A template that is a text with values in it: nearly every one. */
export type TextOutputs = readonly (string | OutputValue)[];

interface OutputValue {
  readonly template: Output;
  /** What stands first, before the filters. */
  readonly read: (context: Context) => unknown;
  /** The variable that it puts out as it is, or null where it is anything else. */
  readonly name: string | null;
}

/**
 * Liquid walks every template as if it were to wait at each of its names; what has no tags need not be walked so.
 * @returns null where there is more than texts, names, literals and filters in the template
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
  // The last filter is the one that counts and escapes.
  const isBare = path.length === 1 && filters.length === 1;
  return { template, read: (context) => context.getSync(path), name: isBare ? name : null };
}

/**
 * @param escape what happens to each value
 * @returns what Liquid makes of it
 * @throws as Liquid does
 */
export function renderOutputs(
  parts: TextOutputs,
  scope: Readonly<Record<string, unknown>>,
  liquid: Liquid,
  escape: (value: string) => unknown,
): string {
  const rendering = new LazyLiquidContext(scope, liquid);
  let whole = "";
  for (const part of parts) {
    if (typeof part === "string") whole += part;
    else {
      const text = part.name === null ? null : findText(scope, part.name);
      const isCounted = text !== null && rendering.tryCount(text.length);
      whole += isCounted ? String(escape(text)) : renderValue(part, rendering.context);
    }
  }
  return whole;
}

/** @returns the text that a variable holds, or null where it holds none: Liquid knows what is to be said then */
function findText(scope: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = Object.hasOwn(scope, name) ? scope[name] : null;
  return typeof value === "string" ? value : null;
}

/** What Liquid needs to render, made when it is needed: most values are texts, and go out as they are. */
class LazyLiquidContext {
  readonly #scope: object;
  readonly #liquid: Liquid;
  #context: Context | null = null;
  /** Counted before the context was made. */
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

  /** @returns whether it was counted here: where Liquid is asked already, or it is too much, that is Liquid's */
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

/** Objects have been left out before. */
function toText(value: unknown): string {
  if (Array.isArray(value)) return value.map(toText).join("");
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
