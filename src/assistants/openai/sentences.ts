/** What ends a sentence, with the quotes and brackets that may close it; a full stop within a number or an address ends none. */
const SENTENCE_END = /[.!?…।؟]["'”’»)\]]*(?=\s|$)|[。！？]["”」』）]*|\n/gu;

/**
 * A text up to its last whole sentence.
 * @param maximum what it may have at most
 * @returns without a whole sentence the whole words, and an ellipsis
 */
export function keepWholeSentences(text: string, maximum: number): string {
  const start = text.slice(0, maximum);
  // What stands behind the cut tells whether a stop there ends a sentence.
  const window = text.slice(0, maximum + 1);
  const ends = [...window.matchAll(SENTENCE_END)]
    .map((end) => end.index + end[0].length)
    .filter((end) => end <= maximum);
  const whole = start.slice(0, ends.at(-1) ?? 0).trim();
  if (whole !== "") return whole;
  const words = start
    .slice(0, maximum - 1)
    .replace(/\s+\S*$/u, "")
    .replace(/\p{Cs}$/u, "")
    .trim();
  return words === "" ? "" : `${words}…`;
}
