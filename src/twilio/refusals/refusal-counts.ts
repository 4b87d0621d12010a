/** Why a webhook was refused. No secret, no body, no phone number but the operator's own. */
export interface WebhookRefusal {
  readonly account: string;
  /** What Twilio was answered. */
  readonly reason: string;
  /** What the operator can do. */
  readonly hint: string;
  readonly path: string;
}

/** The same refusal, several times; times in milliseconds since 1970. */
export interface RefusalCount extends WebhookRefusal {
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** Refusals that are not written yet, each under what makes it different from the others. */
export type RefusalTally = ReadonlyMap<string, RefusalCount>;

/** @param capacity how many different ones there may be; a further one is not counted, one that is there already always is */
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
