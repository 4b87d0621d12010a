const FOREIGN = /[^\P{Nd}0-9]/gu;
const DIGIT = /\p{Nd}/u;

/** @returns the text with the digits of every script (Arabic, Devanagari, Thai and all others) as ASCII digits */
export function toPlainDigits(text: string): string {
  return text.replace(FOREIGN, (digit) => String(toDigitValue(digit.codePointAt(0) ?? 0)));
}

/** Relies on Unicode: the ten digits of a script are consecutive, starting at zero. */
function toDigitValue(code: number): number {
  let value = 0;
  while (DIGIT.test(String.fromCodePoint(code - value - 1))) value += 1;
  return value % 10;
}
