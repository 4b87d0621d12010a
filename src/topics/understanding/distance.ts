/**
 * How many letters were left out, added, taken for another or swapped with their neighbour: Damerau and Levenshtein's distance, each
 * letter changed once at most.
 * @returns the distance, or Infinity where it is greater than `limit`
 */
export function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Number.POSITIVE_INFINITY;
  if (a === b) return 0;
  const begin = sharedBeginning(a, b);
  const end = sharedEnd(a, b, Math.min(a.length, b.length) - begin);
  return distanceOf(a.slice(begin, a.length - end), b.slice(begin, b.length - end), limit);
}

function sharedBeginning(a: string, b: string): number {
  let count = 0;
  while (count < a.length && a[count] === b[count]) count += 1;
  return count;
}

function sharedEnd(a: string, b: string, most: number): number {
  let count = 0;
  while (count < most && a[a.length - 1 - count] === b[b.length - 1 - count]) count += 1;
  return count;
}

/** Row by row; what lies farther than `limit` from the diagonal cannot matter. */
function distanceOf(a: string, b: string, limit: number): number {
  let older: readonly number[] = [];
  let above: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const first = Math.max(1, row - limit);
    const here: number[] = [];
    here[first - 1] = first === 1 ? row : Number.POSITIVE_INFINITY;
    let least = at(here, first - 1);
    for (let column = first; column <= Math.min(b.length, row + limit); column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const changed = at(above, column - 1) + (same ? 0 : 1);
      const moved = swapped ? at(older, column - 2) + 1 : Number.POSITIVE_INFINITY;
      here[column] = Math.min(changed, moved, at(above, column) + 1, at(here, column - 1) + 1);
      least = Math.min(least, at(here, column));
    }
    if (least > limit) return Number.POSITIVE_INFINITY;
    older = above;
    above = here;
  }
  const result = at(above, b.length);
  return result > limit ? Number.POSITIVE_INFINITY : result;
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

/** @returns how many mistakes are forgiven in a word of so many letters */
export function forgiven(letters: number): number {
  if (letters <= 3) return 0;
  return letters <= 7 ? 1 : 2;
}

/** @returns the digits of a text: numbers are never mistaken for each other */
export function digitsOf(text: string): string {
  return text.replace(/[^\p{Nd}]/gu, "");
}
