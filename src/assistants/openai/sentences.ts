/** What ends a sentence, with the quotes and brackets that may close it; a full stop within a number or an address ends none. */
const END = /[.!?…।؟]["'”’»)\]]*(?=\s|$)|[。！？]["”」』）]*|\n/gu;

/**
 * A text up to its last whole sentence.
 * @param characters what it may have at most
 * @returns without a whole sentence the whole words, and an ellipsis
 */
export function keepWholeSentences(text: string, characters: number): string {
  const begin = text.slice(0, characters);
  // What stands behind the cut tells whether a stop there ends a sentence.
  const seen = text.slice(0, characters + 1);
  const ends = [...seen.matchAll(END)].map((end) => end.index + end[0].length).filter((end) => end <= characters);
  const whole = begin.slice(0, ends.at(-1) ?? 0).trim();
  if (whole !== "") return whole;
  const words = begin
    .slice(0, characters - 1)
    .replace(/\s+\S*$/u, "")
    .replace(/\p{Cs}$/u, "")
    .trim();
  return words === "" ? "" : `${words}…`;
}
