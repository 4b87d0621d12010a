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

/** What of a list of options the person sees now. */
export type MenuView =
  /** One page of them, counted from 0, and how to see more. */
  | { readonly page: number }
  /** Those that their last answer may have meant. */
  | { readonly candidates: readonly number[] };

export type OptionPick =
  | { readonly kind: "chosen"; readonly index: number }
  | { readonly kind: "shown"; readonly view: MenuView; readonly answers: readonly AssistantAnswer[] }
  /** It was none of them. */
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

/** Which option does the person mean? Where it may be several, they are asked which. */
export function pickOption(
  text: string,
  options: readonly ChoosableOption[],
  view: MenuView,
  context: StepContext,
): OptionPick {
  const seen = listVisibleOptions(options, view, context);
  const choice = chooseVisibleOption(text, seen, view, context);
  if (choice.kind === "chosen") return resolveChoice(seen[choice.index]?.index ?? null, options, view, context);
  const isWider = choice.kind === "none" && !isSinglePage(options, view) && !/\d/u.test(text);
  const wider = isWider ? chooseOption(text, options, context.language) : choice;
  const all = isWider ? options.map((_, index) => index) : seen.map(({ index }) => index ?? -1);
  switch (wider.kind) {
    case "chosen":
      return { kind: "chosen", index: all[wider.index] ?? -1 };
    case "which": {
      const candidates = wider.indexes.map((index) => all[index] ?? -1).filter((index) => index >= 0);
      const [question] = context.message("didYouMean");
      const words = question?.kind === "text" ? question.text : "";
      return { kind: "shown", view: { candidates }, answers: renderMenu(words, options, { candidates }, context) };
    }
    case "none":
      return { kind: "none" };
  }
}

/** Who has been asked which of them is meant has been told to answer by its number: it is that, also where a label is a number. */
function chooseVisibleOption(
  text: string,
  seen: readonly VisibleOption[],
  view: MenuView,
  { language }: StepContext,
): OptionChoice {
  const index = "candidates" in view ? findOptionByNumber(text, seen, language) : null;
  return index === null ? chooseOption(text, seen, language) : { kind: "chosen", index };
}

/** How many numbers the person can choose from now. */
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
  /** Null: shows the next page. */
  readonly index: number | null;
}

/** Does the person see all the options there are? */
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

/** After the last page comes the first again. */
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
