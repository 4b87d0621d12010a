import { OPTIONS_PER_PAGE } from "../core/limits/topics.ts";
import type { Language } from "../languages/language.ts";
import { chooseOption } from "../understanding/choose-option.ts";
import type { BotOption } from "./bot-messages.ts";

/** Options that a contact chooses by number, shown in pages. */
export interface NumberedMenu {
  readonly options: readonly BotOption[];
  /** Counted from 0. */
  readonly page: number;
}

export type MenuPick =
  | { readonly kind: "chosen"; readonly option: BotOption }
  /** The contact wants the next page. */
  | { readonly kind: "more"; readonly menu: NumberedMenu }
  /** The text chooses no option. */
  | { readonly kind: "none" };

/** How a menu is written. */
export interface MenuStyle {
  /** The prefix of each option, such as "%s. ", where %s stands for its number. */
  readonly prefix: string;
  /** The label of the entry that leads to the next page. */
  readonly more: string;
}

/** Adds the current page of a menu below a text, one line for each option. */
export function formatMenu(text: string, menu: NumberedMenu, style: MenuStyle): string {
  const lines = listLabels(menu, style).map(
    (label, index) => `${style.prefix.replace("%s", String(index + 1))}${label}`,
  );
  return [text, ...lines].filter((line) => line !== "").join("\n");
}

/** Finds the option that a text chooses. Numbers refer to the current page, words to all pages. */
export function pickMenuOption(text: string, menu: NumberedMenu, style: MenuStyle, language: Language): MenuPick {
  const visibleOptions = listLabels(menu, style).map((label) => ({ label }));
  const choice = chooseOption(text, visibleOptions, language);
  if (choice.kind === "chosen") {
    const option = listPageOptions(menu)[choice.index];
    return option === undefined ? { kind: "more", menu: toNextPage(menu) } : { kind: "chosen", option };
  }
  const choiceAmongAll = /\d/u.test(text)
    ? choice
    : chooseOption(
        text,
        menu.options.map(({ label }) => ({ label })),
        language,
      );
  const option = choiceAmongAll.kind === "chosen" ? menu.options[choiceAmongAll.index] : undefined;
  return option === undefined ? { kind: "none" } : { kind: "chosen", option };
}

function listLabels(menu: NumberedMenu, { more }: MenuStyle): readonly string[] {
  const page = listPageOptions(menu).map(({ label }) => label);
  return menu.options.length > OPTIONS_PER_PAGE ? [...page, more] : page;
}

function listPageOptions({ options, page }: NumberedMenu): readonly BotOption[] {
  return options.slice(page * OPTIONS_PER_PAGE, (page + 1) * OPTIONS_PER_PAGE);
}

/** The first page follows the last one. */
function toNextPage({ options, page }: NumberedMenu): NumberedMenu {
  return { options, page: (page + 1) % Math.ceil(options.length / OPTIONS_PER_PAGE) };
}
