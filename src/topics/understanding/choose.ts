import type { Language } from "../../languages/language.ts";
import { type Choosable, chooseOption } from "./old.ts";

export type { Choosable };
export type Choice =
  | { readonly kind: "chosen"; readonly index: number }
  | { readonly kind: "which"; readonly indexes: readonly number[] }
  | { readonly kind: "none" };
export function choose(text: string, options: readonly Choosable[], _: Language): Choice {
  const index = chooseOption(text, options);
  return index === null ? { kind: "none" } : { kind: "chosen", index };
}
