export const DAY_MILLISECONDS = 24 * 3_600_000;

/**
 * Waits for work with a timeout.
 * @throws if the timeout passes first; the work itself continues
 */
export async function withTimeout<Value>(milliseconds: number, work: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  return await Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}

/** @returns the earliest of the moments, or null if all are null */
export function findEarliestTime(moments: readonly (number | null)[]): number | null {
  let first: number | null = null;
  for (const moment of moments) first = findEarlierTime(first, moment);
  return first;
}

/** @returns the earlier of two moments, or null if both are null */
export function findEarlierTime(one: number | null, other: number | null): number | null {
  if (one === null) return other;
  return other === null ? one : Math.min(one, other);
}
