import type { AssistantAnswer } from "../../contract/assistant.ts";
import { isRecord, type JsonValue } from "../../core/json.ts";
import { OPTIONS_PER_PAGE } from "../../core/limits/topics.ts";
import {
  type ChoosableOption,
  chooseOption,
  findOptionByNumber,
  type OptionChoice,
} from "../../understanding/choose-option.ts";
import type { StepContext } from "./step-kind.ts";

/** The part of a list of options that the contact sees now. */
export type MenuView =
  /** A page of the options, counted from 0, with a way to see more. */
  | { readonly page: number }
  /** The options that the last answer may have meant. */
  | { readonly candidates: readonly number[] };

export type OptionPick =
  | { readonly kind: "chosen"; readonly index: number }
  | { readonly kind: "shown"; readonly view: MenuView; readonly answers: readonly AssistantAnswer[] }
  /** The answer matches no option. */
  | { readonly kind: "none" };

/** @returns the options as a numbered menu below a text */
export function renderMenu(
  text: string,
  options: readonly ChoosableOption[],
  view: MenuView,
  context: StepContext,
): readonly AssistantAnswer[] {
  const lines = listVisibleOptions(options, view, context).map(({ label }, index) => `${index + 1}. ${label}`);
  return [{ kind: "text", text: [text, ...lines].join("\n") }];
}

/** Decides which option the contact means; if it may be several, asks which one. */
export function pickOption(
  text: string,
  options: readonly ChoosableOption[],
  view: MenuView,
  context: StepContext,
): OptionPick {
  const visible = listVisibleOptions(options, view, context);
  const choice = chooseVisibleOption(text, visible, view, context);
  if (choice.kind === "chosen") return resolveChoice(visible[choice.index]?.index ?? null, options, view, context);
  const isWider = choice.kind === "none" && !isSinglePage(options, view) && !/\d/u.test(text);
  const wider = isWider ? chooseOption(text, options, context.language) : choice;
  const all = isWider ? options.map((_, index) => index) : visible.map(({ index }) => index ?? -1);
  switch (wider.kind) {
    case "chosen":
      return { kind: "chosen", index: all[wider.index] ?? -1 };
    case "which": {
      const candidates = wider.indexes.map((index) => all[index] ?? -1).filter((index) => index >= 0);
      const [question] = context.message("didYouMean");
      const questionText = question?.kind === "text" ? question.text : "";
      return {
        kind: "shown",
        view: { candidates },
        answers: renderMenu(questionText, options, { candidates }, context),
      };
    }
    case "none":
      return { kind: "none" };
  }
}

/**
 * Chooses among the visible options. After "Did you mean …?", digits are the number of an option even if a label is a
 * number.
 */
function chooseVisibleOption(
  text: string,
  visible: readonly VisibleOption[],
  view: MenuView,
  { language }: StepContext,
): OptionChoice {
  const index = "candidates" in view ? findOptionByNumber(text, visible, language) : null;
  return index === null ? chooseOption(text, visible, language) : { kind: "chosen", index };
}

/** Counts the numbers that the contact can choose from now. */
export function countVisibleOptions(options: readonly ChoosableOption[], view: MenuView, context: StepContext): number {
  return listVisibleOptions(options, view, context).length;
}

export function parseMenuView(stored: JsonValue): MenuView {
  if (!isRecord(stored)) return { page: 0 };
  const { page, candidates } = stored;
  if (Array.isArray(candidates)) return { candidates: candidates.filter((index) => Number.isInteger(index)) };
  return { page: typeof page === "number" ? page : 0 };
}

interface VisibleOption extends ChoosableOption {
  /** Null for the entry that shows the next page. */
  readonly index: number | null;
}

/** Tests whether the contact sees all the options. */
function isSinglePage(options: readonly ChoosableOption[], view: MenuView): boolean {
  return "page" in view && options.length <= OPTIONS_PER_PAGE;
}

function listVisibleOptions(
  options: readonly ChoosableOption[],
  view: MenuView,
  context: StepContext,
): readonly VisibleOption[] {
  if ("candidates" in view)
    return view.candidates.flatMap((index) => {
      const option = options[index];
      return option === undefined ? [] : [{ ...option, index }];
    });
  const all = options.map((option, index) => ({ ...option, index }));
  if (isSinglePage(options, view)) return all;
  const [more] = context.message("more");
  return [
    ...all.slice(view.page * OPTIONS_PER_PAGE, (view.page + 1) * OPTIONS_PER_PAGE),
    { label: more?.kind === "text" ? more.text : "+", index: null },
  ];
}

/** Resolves a visible number: an option, or the next page; after the last page comes the first again. */
function resolveChoice(
  index: number | null,
  options: readonly ChoosableOption[],
  view: MenuView,
  context: StepContext,
): OptionPick {
  if (index !== null) return { kind: "chosen", index };
  const page = "page" in view ? (view.page + 1) % Math.ceil(options.length / OPTIONS_PER_PAGE) : 0;
  const [first, ...rest] = listVisibleOptions(options, { page }, context).map(({ label }, at) => `${at + 1}. ${label}`);
  return { kind: "shown", view: { page }, answers: [{ kind: "text", text: [first, ...rest].join("\n") }] };
}
