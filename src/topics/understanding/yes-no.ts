import type { Language } from "../../languages/language.ts";
import { yesOrNo as old } from "./old.ts";
export function yesOrNo(text: string, _: Language): boolean | null {
  return old(text);
}
