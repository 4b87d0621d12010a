/** A refused webhook. Contains no secret, no body and no phone number but the operator's own. */
export interface WebhookRefusal {
  readonly account: string;
  /** The problem in our response. */
  readonly reason: string;
  /** Advice for the operator. */
  readonly hint: string;
  readonly path: string;
}

/** Identical refusals, counted; times in milliseconds since 1970. */
export interface RefusalCount extends WebhookRefusal {
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Refusals that are not stored yet, by their distinguishing fields. */
export type RefusalTally = ReadonlyMap<string, RefusalCount>;

/**
 * Adds a refusal. A new kind of refusal is ignored if the tally is full.
 * @param capacity the maximum number of different refusals
 */
export function addRefusal(tally: RefusalTally, refusal: RefusalCount, capacity: number): RefusalTally {
  const key = JSON.stringify([refusal.account, refusal.reason, refusal.path, refusal.hint]);
  const existing = tally.get(key);
  if (existing === undefined && tally.size >= capacity) return tally;
  return new Map(tally).set(key, existing === undefined ? refusal : mergeCounts(existing, refusal));
}

function mergeCounts(one: RefusalCount, two: RefusalCount): RefusalCount {
  return {
    ...one,
    count: one.count + two.count,
    firstAt: Math.min(one.firstAt, two.firstAt),
    lastAt: Math.max(one.lastAt, two.lastAt),
  };
}
