export { parseWords as list } from "../../languages/language.ts";

/**
 * What people of one language say to opt out, to opt in again, and to ask how; one file beside this one. Every line is a pattern: words in
 * natural spelling (case, accents, punctuation and emoji do not matter), `a/b` is either, `[…]` may be missing, `<name>` is any line of that list. Words of one choice have `_` between them: `right_now/today`.
 */
export interface PhraseSet {
  /** BCP 47. */
  readonly code: string;
  /** A text that holds none of these, wherever in a word, is not looked at further; without accents. */
  readonly signs: readonly string[];
  /** Said with anything, changes nothing: "please". */
  readonly small: readonly string[];
  /** What may stand beside an opt-out: "wrong number", "not interested". */
  readonly beside: readonly string[];
  /** As `beside`, where it stands between signs: "No, stop". Without them it would turn things round. */
  readonly alone: readonly string[];
  /** Between two of them: "and". */
  readonly joints: readonly string[];
  /** What begins a threat or a reason, which may be anything: "or". */
  readonly reasons: readonly string[];
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** An opt-out where it is the whole text, or has only what stands beside it: "stop this", "delete my number". */
  readonly whole: readonly string[];
  /** An opt-out in whatever company: "stop texting me". */
  readonly clear: readonly string[];
  /** An opt-in, for those who have opted out; the whole text. */
  readonly start: readonly string[];
  /** Words that ask for help; the whole text. */
  readonly help: readonly string[];
  /** Questions how to opt out; the whole text. */
  readonly how: readonly string[];
}
