import type { PhoneNumber } from "../core/phone.ts";
import type { HeldBackKind } from "./number-limits.ts";

/** The number of a contact's texts and answers that a limit held back, per number, day and reason. */
export interface HeldBackCount {
  readonly number: PhoneNumber;
  /** A UTC day such as 2026-03-02. */
  readonly day: string;
  readonly kind: HeldBackKind;
  /** The total since the day began, so that writing it to D1 twice does no harm. */
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly lastAt: number;
  /** D1 has this count; absent: D1 has a lower one or none. */
  readonly isTold?: true;
}

/** @returns the UTC day of a time */
export function toUtcDay(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

/** @returns the end of a time's UTC day */
export function nextUtcMidnight(now: number): number {
  const day = 24 * 3_600_000;
  return (Math.floor(now / day) + 1) * day;
}

/** Adds one to a count. Counts of earlier days are removed once D1 has them. */
export function countHeldBack(
  counts: readonly HeldBackCount[] | undefined,
  number: PhoneNumber,
  kind: HeldBackKind,
  now: number,
): readonly HeldBackCount[] {
  const day = toUtcDay(now);
  const isSame = (each: HeldBackCount) => each.number === number && each.kind === kind && each.day === day;
  const otherCounts = (counts ?? []).filter((each) => !isSame(each) && (each.day === day || each.isTold !== true));
  const before = counts?.find(isSame)?.count ?? 0;
  return [...otherCounts, { number, day, kind, count: before + 1, lastAt: now }];
}

/** @returns the counts that D1 does not have yet */
export function listUnsyncedCounts(counts: readonly HeldBackCount[] | undefined): readonly HeldBackCount[] {
  return (counts ?? []).filter(({ isTold }) => isTold !== true);
}

/** Marks counts as written to D1, except those that have grown meanwhile. */
export function markCountsSynced(
  counts: readonly HeldBackCount[],
  synced: readonly HeldBackCount[],
): readonly HeldBackCount[] {
  return counts.map((each) => (synced.includes(each) ? { ...each, isTold: true } : each));
}
