/**
 * Counts letters that were left out, added, replaced or swapped with their neighbour: the Damerau-Levenshtein distance,
 * with each letter changed at most once.
 * @returns the distance, or Infinity if it is greater than `limit`
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Number.POSITIVE_INFINITY;
  if (a === b) return 0;
  if (!mayBeNear(collectLetterBits(a), collectLetterBits(b), limit)) return Number.POSITIVE_INFINITY;
  const begin = countCommonBeginning(a, b);
  const end = countCommonEnd(a, b, Math.min(a.length, b.length) - begin);
  return computeDistance(a.slice(begin, a.length - end), b.slice(begin, b.length - end), limit);
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

function countCommonBeginning(a: string, b: string): number {
  let count = 0;
  while (count < a.length && a[count] === b[count]) count += 1;
  return count;
}

function countCommonEnd(a: string, b: string, most: number): number {
  let count = 0;
  while (count < most && a[a.length - 1 - count] === b[b.length - 1 - count]) count += 1;
  return count;
}

/** A distance greater than any limit. */
const FAR = 0x7f_ff;

/** Computes the distance row by row; cells farther than `limit` from the diagonal cannot matter. */
function computeDistance(a: string, b: string, limit: number): number {
  let older = new Uint16Array(b.length + 2);
  let above = Uint16Array.from(older, (_, column) => column);
  let here = new Uint16Array(b.length + 2);
  for (let row = 1; row <= a.length; row += 1) {
    const first = Math.max(1, row - limit);
    const last = Math.min(b.length, row + limit);
    let left = first === 1 ? row : FAR;
    let least = left;
    here[first - 1] = left;
    for (let column = first; column <= last; column += 1) {
      const letter = b.charCodeAt(column - 1);
      let cost = (above[column - 1] ?? FAR) + (a.charCodeAt(row - 1) === letter ? 0 : 1);
      if (
        row > 1 &&
        column > 1 &&
        a.charCodeAt(row - 2) === letter &&
        a.charCodeAt(row - 1) === b.charCodeAt(column - 2)
      )
        cost = Math.min(cost, (older[column - 2] ?? FAR) + 1);
      left = Math.min(cost, (above[column] ?? FAR) + 1, left + 1);
      here[column] = left;
      least = Math.min(least, left);
    }
    if (least > limit) return Number.POSITIVE_INFINITY;
    here[last + 1] = FAR;
    [older, above, here] = [above, here, older];
  }
  const result = above[b.length] ?? FAR;
  return result > limit ? Number.POSITIVE_INFINITY : result;
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
