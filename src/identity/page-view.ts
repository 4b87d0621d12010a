/** The contents of an identity page. */
export interface PageView {
  /** The requested input: the PIN, the code of the authenticator app, or the code that was texted; null: see `end`. */
  readonly asks: "pin" | "code" | "texted" | null;
  /** The result of the check; null while an input is requested. */
  readonly end: "linked" | "locked" | "guest" | null;
  /** The last input was wrong. */
  readonly isWrong: boolean;
  readonly application: string;
  /** A BCP 47 tag. */
  readonly language: string;
}

/** Digits entered on an identity page. */
export interface PageInput {
  readonly digits: string;
  /** The input that the page requested: if a form is sent twice, its PIN is not taken for a code. */
  readonly wanted: "pin" | "code";
}
