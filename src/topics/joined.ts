import { Output, type Template, TypeGuards } from "liquidjs";
import { TEMPLATE_MEMORY_UNITS } from "../core/limits.ts";

/** What templates see, by name. */
export type Scope = Readonly<Record<string, unknown>>;

/** @returns what Liquid would make of it, or null where it must be asked */
export type Joined = (scope: Scope) => string | null;

/**
 * Most templates are text and names of variables that hold texts. To put those together needs no engine.
 * @returns null where the template has more in it
 */
export function joinedFrom(templates: readonly Template[]): Joined | null {
  const pieces: Piece[] = [];
  for (const template of templates) {
    const piece = TypeGuards.isHTMLToken(template.token) ? { text: template.token.getContent() } : nameIn(template);
    if (piece === null) return null;
    pieces.push(piece);
  }
  return (scope) => {
    let whole = "";
    let units = 0;
    for (const piece of pieces) {
      const text = "text" in piece ? piece.text : textIn(scope, piece.name);
      if (text === null) return null;
      if ("name" in piece) units += text.length;
      whole += text;
    }
    return units > TEMPLATE_MEMORY_UNITS ? null : whole;
  };
}

/** What stands there, or a variable that is put out as it is. */
type Piece = { readonly text: string } | { readonly name: string };

/** @returns null where it is anything else than a variable that is put out as it is */
function nameIn(template: Template): Piece | null {
  // The only filter is the one that counts.
  if (!(template instanceof Output) || template.value.filters.length > 1) return null;
  const { postfix } = template.value.initial;
  const [token] = postfix;
  if (postfix.length > 1 || !TypeGuards.isPropertyAccessToken(token) || token.variable !== undefined) return null;
  const [property] = token.props;
  return token.props.length === 1 && TypeGuards.isWordToken(property) ? { name: property.content } : null;
}

/** @returns the text that a variable holds, or null where it holds none: Liquid knows what is to be said then */
function textIn(scope: Scope, name: string): string | null {
  const value = Object.hasOwn(scope, name) ? scope[name] : null;
  return typeof value === "string" ? value : null;
}
