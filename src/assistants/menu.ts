import { OPTIONS_PER_PAGE } from "../core/limits/topics.ts";
import type { Language } from "../languages/language.ts";
import { choose } from "../understanding/choose.ts";
import type { Option } from "./compose.ts";

/** Options that a person can choose from by a number, a page of them at a time. */
export interface Menu {
  readonly options: readonly Option[];
  /** Counted from 0. */
  readonly page: number;
}

export type Picked =
  | { readonly kind: "chosen"; readonly option: Option }
  /** The person wants to see the next page. */
  | { readonly kind: "more"; readonly menu: Menu }
  /** It is something else that they said. */
  | { readonly kind: "none" };

/** How a menu is written. */
export interface Style {
  /** Before each option: "%s. ", where %s is its number. */
  readonly prefix: string;
  /** The words of what leads to the next page. */
  readonly more: string;
}

/** @returns a text with what of the menu is seen now below it, a line each */
export function menuText(text: string, menu: Menu, style: Style): string {
  const lines = labels(menu, style).map((label, index) => `${style.prefix.replace("%s", String(index + 1))}${label}`);
  return [text, ...lines].filter((line) => line !== "").join("\n");
}

/** Which option does the person mean? A number counts on the page that they see. */
export function pickFrom(text: string, menu: Menu, style: Style, language: Language): Picked {
  const seen = labels(menu, style).map((label) => ({ label }));
  const choice = choose(text, seen, language);
  if (choice.kind === "chosen") {
    const option = pageOf(menu)[choice.index];
    return option === undefined ? { kind: "more", menu: nextPage(menu) } : { kind: "chosen", option };
  }
  const wider = /\d/u.test(text)
    ? choice
    : choose(
        text,
        menu.options.map(({ label }) => ({ label })),
        language,
      );
  const option = wider.kind === "chosen" ? menu.options[wider.index] : undefined;
  return option === undefined ? { kind: "none" } : { kind: "chosen", option };
}

function labels(menu: Menu, { more }: Style): readonly string[] {
  const page = pageOf(menu).map(({ label }) => label);
  return menu.options.length > OPTIONS_PER_PAGE ? [...page, more] : page;
}

function pageOf({ options, page }: Menu): readonly Option[] {
  return options.slice(page * OPTIONS_PER_PAGE, (page + 1) * OPTIONS_PER_PAGE);
}

/** After the last page comes the first again. */
function nextPage({ options, page }: Menu): Menu {
  return { options, page: (page + 1) % Math.ceil(options.length / OPTIONS_PER_PAGE) };
}
