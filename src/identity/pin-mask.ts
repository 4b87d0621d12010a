/** Replaces a PIN or code in transcripts and exports … */
export const MASKED_GUESS = "••••";

/** … and this any other text during an identity check, since it may be a mistyped PIN or code. */
export const MASKED_TEXT = "•••• ••••";

/** A PIN has 4 to 12 digits; a code has six, so it matches too. */
export const PIN_PATTERN = /^\d{4,12}$/u;

/** A guess that waits for its comparison, encrypted: it is never stored in plain text. */
export interface SealedGuess {
  readonly id: string;
  readonly sealed: string;
}

/** Parses a text that may be a PIN or code, in any grouping. @returns its digits, or null */
export function parseGuess(text: string): string | null {
  const digits = text.normalize("NFKC").replace(/[\s.\-–]/gu, "");
  return PIN_PATTERN.test(digits) ? digits : null;
}

/**
 * Masks every run of three or more digits, so that a code and its halves are hidden while "10 minutes" stays readable.
 */
export function maskDigits(text: string): string {
  return text.replace(/\d{3,}/gu, (digits) => "•".repeat(digits.length));
}
