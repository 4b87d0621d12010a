/** E.164 with its plus (`+14255550149`), or a short code (`12345`). */
export type PhoneNumber = string;

const PUNCTUATION = /[\s().-]/gu;
const E164 = /^\+[1-9]\d{6,14}$/u;
const SHORT_CODE = /^[1-9]\d{4,5}$/u;

/**
 * Parses a number in any usual notation: `+1 (425) 555-0149`, `14255550149` and `+14255550149` are the same; five or
 * six digits are a short code.
 * @returns the number in the form that Parley stores, or null if the text is neither a number nor a short code
 */
export function parsePhone(written: string): PhoneNumber | null {
  const compact = written.trim().replace(PUNCTUATION, "");
  if (SHORT_CODE.test(compact)) return compact;
  const international = compact.startsWith("+") ? compact : `+${compact}`;
  return E164.test(international) ? international : null;
}

export function isShortCode(number: PhoneNumber): boolean {
  return SHORT_CODE.test(number);
}
