/** What a page on which somebody shows who they are has to show. */
export interface PageView {
  /** What is asked: their PIN, the code of their app, the code that they were texted. Or what it has come to. */
  readonly asks: "pin" | "code" | "texted" | null;
  readonly end: "linked" | "locked" | "guest" | null;
  /** What was given last was not right. */
  readonly isWrong: boolean;
  readonly application: string;
  /** A BCP 47 tag. */
  readonly language: string;
}

/** What somebody has typed on a page. */
export interface PageInput {
  readonly digits: string;
  /** What the page had asked for: a page that was sent twice gives no PIN for a code. */
  readonly wanted: "pin" | "code";
}
