/** The end of a sentence, including closing quotes and brackets, but not a full stop within a number or URL. */
const SENTENCE_END = /[.!?…।؟]["'”’»)\]]*(?=\s|$)|[。！？]["”」』）]*|\n/gu;

/**
 * Cuts a text after its last whole sentence.
 * @param maximum the longest result, in UTF-16 units
 * @returns whole words and an ellipsis if not even the first sentence fits
 */
export function keepWholeSentences(text: string, maximum: number): string {
  const start = text.slice(0, maximum);
  // The character after the cut decides whether a full stop there ends a sentence.
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
