/**
 * Counts letters that were left out, added, replaced or swapped with their neighbour, each letter changed at most once
 * (the optimal string alignment distance).
 * @returns the distance, or Infinity if it is greater than `limit`
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Number.POSITIVE_INFINITY;
  if (!mayBeNear(collectLetterBits(a), collectLetterBits(b), limit)) return Number.POSITIVE_INFINITY;
  const result = alignmentDistance(a, b, limit);
  return result > limit ? Number.POSITIVE_INFINITY : result;
}

/** More than any distance. */
const FAR = 0x7f_ff;

/**
 * Fills the table of distances between the beginnings of `a` (rows) and of `b` (columns). Cells more than `limit` from
 * the diagonal stay `FAR`: they cannot lead to a distance within the limit.
 */
function alignmentDistance(a: string, b: string, limit: number): number {
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width).fill(FAR);
  for (let row = 0; row <= Math.min(a.length, limit); row += 1) table[row * width] = row;
  for (let column = 0; column <= Math.min(b.length, limit); column += 1) table[column] = column;
  for (let row = 1; row <= a.length; row += 1) {
    const letter = a.charCodeAt(row - 1);
    const last = Math.min(b.length, row + limit);
    for (let column = Math.max(1, row - limit); column <= last; column += 1) {
      const cell = row * width + column;
      const other = b.charCodeAt(column - 1);
      const left = (table[cell - 1] ?? FAR) + 1;
      const above = (table[cell - width] ?? FAR) + 1;
      const replaced = (table[cell - width - 1] ?? FAR) + (letter === other ? 0 : 1);
      table[cell] = Math.min(left, above, replaced);
      if (row > 1 && column > 1 && letter === b.charCodeAt(column - 2) && a.charCodeAt(row - 2) === other)
        table[cell] = Math.min(table[cell] ?? FAR, (table[cell - 2 * width - 2] ?? FAR) + 1);
    }
  }
  return table.at(-1) ?? FAR;
}

/** Rules out most pairs of words cheaply: a mistake removes at most one letter and adds at most one. */
export function mayBeNear(letters: number, others: number, limit: number): boolean {
  return countBits(letters ^ others) <= 2 * limit;
}

/** @returns a bit for each letter of the word; several letters may share a bit */
export function collectLetterBits(word: string): number {
  let letters = 0;
  for (let index = 0; index < word.length; index += 1) letters |= 1 << (word.charCodeAt(index) & 31);
  return letters;
}

function countBits(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count += 1;
  return count;
}

/** @returns how many mistakes are allowed in a word of this length */
export function countAllowedMistakes(letters: number): number {
  if (letters <= 3) return 0;
  return letters <= 7 ? 1 : 2;
}

/** @returns the digits of a text, because typos in numbers are never allowed */
export function extractDigits(text: string): string {
  return text.replace(/[^\p{Nd}]/gu, "");
}
