/**
 * The phrases of one language for opting out, opting in and asking how; each language has a file in this folder. Every
 * line is a pattern: words in natural spelling (case, accents, punctuation and emoji are ignored), `a/b` for
 * alternatives, `[…]` for optional words, `<name>` for any line of that list. `_` joins the words of one alternative:
 * `right_now/today`.
 */
export interface PhraseSet {
  /** A BCP 47 tag. */
  readonly code: string;
  /** Character sequences, without accents. A text that contains none of them is not examined further. */
  readonly signs: readonly string[];
  /** Words that do not change the meaning of a text: "please". */
  readonly small: readonly string[];
  /** Phrases that may accompany an opt-out: "wrong number", "not interested". */
  readonly beside: readonly string[];
  /** Like `beside`, but only between punctuation marks, as in "No, stop"; otherwise they could reverse the meaning. */
  readonly alone: readonly string[];
  /** Words that join two phrases: "and". */
  readonly joints: readonly string[];
  /** Words that introduce a threat or reason, which may be anything: "or". */
  readonly reasons: readonly string[];
  /** The lists that patterns refer to by `<name>`. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  /** Opt-outs only as the whole text or in company of `beside` phrases: "stop this", "delete my number". */
  readonly whole: readonly string[];
  /** Opt-outs in any company: "stop texting me". */
  readonly clear: readonly string[];
  /** Opt-ins of contacts that have opted out, as the whole text. */
  readonly start: readonly string[];
  /** Requests for help, as the whole text. */
  readonly help: readonly string[];
  /** Questions how to opt out, as the whole text. */
  readonly how: readonly string[];
}
