export const DAY_MILLISECONDS = 24 * 3_600_000;

/** @throws where the work takes longer; the work itself goes on unheeded */
export async function withTimeout<Value>(milliseconds: number, work: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  return await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** @returns the first of the moments that are known, or null where none is */
export function findEarliestTime(moments: readonly (number | null)[]): number | null {
  let first: number | null = null;
  for (const moment of moments) first = findEarlierTime(first, moment);
  return first;
}

/** As `earliest`, of two. */
export function findEarlierTime(one: number | null, other: number | null): number | null {
  if (one === null) return other;
  return other === null ? one : Math.min(one, other);
}
