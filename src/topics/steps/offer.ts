import type { Answer } from "../../contract/assistant.ts";
import { isRecord, type Json } from "../../core/json.ts";
import { OPTIONS_PER_PAGE } from "../../core/limits/topics.ts";
import { type Choice, type Choosable, choose, numberedBy } from "../../understanding/choose.ts";
import type { Context } from "./kind.ts";

/** What of a list of options the person sees now. */
export type View =
  /** One page of them, counted from 0, and how to see more. */
  | { readonly page: number }
  /** Those that their last answer may have meant. */
  | { readonly candidates: readonly number[] };

export type Pick =
  | { readonly kind: "chosen"; readonly index: number }
  | { readonly kind: "shown"; readonly view: View; readonly answers: readonly Answer[] }
  /** It was none of them. */
  | { readonly kind: "none" };

/** @returns the options as a numbered menu below a text */
export function show(text: string, options: readonly Choosable[], view: View, context: Context): readonly Answer[] {
  const lines = visible(options, view, context).map(({ label }, index) => `${index + 1}. ${label}`);
  return [{ kind: "text", text: [text, ...lines].join("\n") }];
}

/** Which option does the person mean? Where it may be several, they are asked which. */
export function pick(text: string, options: readonly Choosable[], view: View, context: Context): Pick {
  const seen = visible(options, view, context);
  const choice = chooseSeen(text, seen, view, context);
  if (choice.kind === "chosen") return afterChoice(seen[choice.index]?.index ?? null, options, view, context);
  const isWider = choice.kind === "none" && !isWhole(options, view) && !/\d/u.test(text);
  const wider = isWider ? choose(text, options, context.language) : choice;
  const all = isWider ? options.map((_, index) => index) : seen.map(({ index }) => index ?? -1);
  switch (wider.kind) {
    case "chosen":
      return { kind: "chosen", index: all[wider.index] ?? -1 };
    case "which": {
      const candidates = wider.indexes.map((index) => all[index] ?? -1).filter((index) => index >= 0);
      const [question] = context.message("didYouMean");
      const words = question?.kind === "text" ? question.text : "";
      return { kind: "shown", view: { candidates }, answers: show(words, options, { candidates }, context) };
    }
    case "none":
      return { kind: "none" };
  }
}

/** Who has been asked which of them is meant has been told to answer by its number: it is that, also where a label is a number. */
function chooseSeen(text: string, seen: readonly Visible[], view: View, { language }: Context): Choice {
  const index = "candidates" in view ? numberedBy(text, seen, language) : null;
  return index === null ? choose(text, seen, language) : { kind: "chosen", index };
}

/** How many numbers the person can choose from now. */
export function countOf(options: readonly Choosable[], view: View, context: Context): number {
  return visible(options, view, context).length;
}

export function readView(stored: Json): View {
  if (!isRecord(stored)) return { page: 0 };
  const { page, candidates } = stored;
  if (Array.isArray(candidates)) return { candidates: candidates.filter((index) => Number.isInteger(index)) };
  return { page: typeof page === "number" ? page : 0 };
}

interface Visible extends Choosable {
  /** Null: shows the next page. */
  readonly index: number | null;
}

/** Does the person see all the options there are? */
function isWhole(options: readonly Choosable[], view: View): boolean {
  return "page" in view && options.length <= OPTIONS_PER_PAGE;
}

function visible(options: readonly Choosable[], view: View, context: Context): readonly Visible[] {
  if ("candidates" in view)
    return view.candidates.flatMap((index) => {
      const option = options[index];
      return option === undefined ? [] : [{ ...option, index }];
    });
  const all = options.map((option, index) => ({ ...option, index }));
  if (isWhole(options, view)) return all;
  const [more] = context.message("more");
  return [
    ...all.slice(view.page * OPTIONS_PER_PAGE, (view.page + 1) * OPTIONS_PER_PAGE),
    { label: more?.kind === "text" ? more.text : "+", index: null },
  ];
}

/** After the last page comes the first again. */
function afterChoice(index: number | null, options: readonly Choosable[], view: View, context: Context): Pick {
  if (index !== null) return { kind: "chosen", index };
  const page = "page" in view ? (view.page + 1) % Math.ceil(options.length / OPTIONS_PER_PAGE) : 0;
  const [first, ...rest] = visible(options, { page }, context).map(({ label }, at) => `${at + 1}. ${label}`);
  return { kind: "shown", view: { page }, answers: [{ kind: "text", text: [first, ...rest].join("\n") }] };
}
