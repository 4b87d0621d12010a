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

/** @param room how many different ones there may be; a further one is not counted, one that is there already always is */
export function addRefusal(tally: RefusalTally, more: RefusalCount, room: number): RefusalTally {
  const key = JSON.stringify([more.account, more.reason, more.path, more.hint]);
  const known = tally.get(key);
  if (known === undefined && tally.size >= room) return tally;
  return new Map(tally).set(key, known === undefined ? more : mergeCounts(known, more));
}

function mergeCounts(one: RefusalCount, two: RefusalCount): RefusalCount {
  return {
    ...one,
    count: one.count + two.count,
    firstAt: Math.min(one.firstAt, two.firstAt),
    lastAt: Math.max(one.lastAt, two.lastAt),
  };
}
