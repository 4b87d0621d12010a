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

/** A template that is a text with values in it: nearly every one. */
export type Outputs = readonly (string | Value)[];

interface Value {
  readonly template: Output;
  /** What stands first, before the filters. */
  readonly read: (context: Context) => unknown;
}

/**
 * Liquid walks every template as if it were to wait at each of its names; what has no tags need not be walked so.
 * @returns null where there is more than texts, names, literals and filters in the template
 */
export function outputsIn(templates: readonly Template[]): Outputs | null {
  const parts = templates.map(partOf);
  return parts.every((part) => part !== null) ? parts : null;
}

function partOf(template: Template): string | Value | null {
  if (TypeGuards.isHTMLToken(template.token)) return template.token.getContent();
  const read = template instanceof Output ? readerOf(template) : null;
  return template instanceof Output && read !== null ? { template, read } : null;
}

function readerOf({ value }: Output): Value["read"] | null {
  const [token, ...rest] = value.initial.postfix;
  if (token === undefined || rest.length > 0) return null;
  if (TypeGuards.isQuotedToken(token) || TypeGuards.isNumberToken(token)) return () => token.content;
  if (!TypeGuards.isPropertyAccessToken(token) || token.variable !== undefined) return null;
  const path = token.props.map((name) => ("content" in name ? name.content : null));
  return path.every((name) => typeof name === "string") ? (context) => context.getSync(path) : null;
}

/** @returns what Liquid makes of it @throws as Liquid does */
export function renderOutputs(parts: Outputs, scope: object, liquid: Liquid): string {
  const context = new Context(scope, liquid.options, { sync: true }, { liquid });
  return parts.map((part) => (typeof part === "string" ? part : written(part, context))).join("");
}

function written({ template, read }: Value, context: Context): string {
  try {
    let value = read(context);
    for (const filter of template.value.filters) value = toValueSync(filter.render(value, context));
    return textOf(value);
  } catch (error) {
    throw LiquidError.is(error) || !(error instanceof Error) ? error : new RenderError(error, template);
  }
}

/** Objects have been left out before. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join("");
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}
