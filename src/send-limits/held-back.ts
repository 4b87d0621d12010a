import type { PhoneNumber } from "../core/phone.ts";
import type { HeldBackKind } from "./number-limits.ts";

/** How much was held back of a sender on one of our numbers, on one day, for one reason. */
export interface HeldBackCount {
  readonly number: PhoneNumber;
  /** UTC, as 2026-03-02. */
  readonly day: string;
  readonly kind: HeldBackKind;
  /** Since the day began: to be told of it twice does no harm. */
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly lastAt: number;
  /** D1 has heard of it; left out: of less, or of nothing. */
  readonly isTold?: true;
}

/** @returns the day of a moment, in UTC */
export function toUtcDay(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

/** @returns when the day of a moment is over */
export function nextUtcMidnight(now: number): number {
  const day = 24 * 3_600_000;
  return (Math.floor(now / day) + 1) * day;
}

/** Something more is held back. What D1 knows of earlier days is forgotten. */
export function countHeldBack(
  held: readonly HeldBackCount[] | undefined,
  number: PhoneNumber,
  kind: HeldBackKind,
  now: number,
): readonly HeldBackCount[] {
  const day = toUtcDay(now);
  const isSame = (each: HeldBackCount) => each.number === number && each.kind === kind && each.day === day;
  const kept = (held ?? []).filter((each) => !isSame(each) && (each.day === day || each.isTold !== true));
  const before = held?.find(isSame)?.count ?? 0;
  return [...kept, { number, day, kind, count: before + 1, lastAt: now }];
}

/** @returns what D1 has not heard of */
export function listUnsyncedCounts(held: readonly HeldBackCount[] | undefined): readonly HeldBackCount[] {
  return (held ?? []).filter(({ isTold }) => isTold !== true);
}

/** D1 has heard of these; what was counted meanwhile is told the next time. */
export function markCountsSynced(
  held: readonly HeldBackCount[],
  told: readonly HeldBackCount[],
): readonly HeldBackCount[] {
  return held.map((each) => (told.includes(each) ? { ...each, isTold: true } : each));
}
