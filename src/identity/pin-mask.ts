/** What stands in the journal for a PIN or a code that was typed … */
export const MASKED_GUESS = "••••";

/** … and for anything else that was typed while one was asked: it may be one that Parley did not recognise. */
export const MASKED_TEXT = "•••• ••••";

/** PINs have so many digits, at least and at most; a code has six. */
export const PIN_PATTERN = /^\d{4,12}$/u;

/** A guess that is on its way to be compared. Never stored as it was typed. */
export interface SealedGuess {
  readonly id: string;
  readonly sealed: string;
}

/** @returns the digits of what may be a PIN or a code, however they are grouped, or null */
export function parseGuess(text: string): string | null {
  const digits = text.normalize("NFKC").replace(/[\s.\-–]/gu, "");
  return PIN_PATTERN.test(digits) ? digits : null;
}

/** @returns a text that holds a code, as it may be shown: without the code, or halves of it; "10 minutes" stays */
export function maskDigits(text: string): string {
  return text.replace(/\d{3,}/gu, (digits) => "•".repeat(digits.length));
}
