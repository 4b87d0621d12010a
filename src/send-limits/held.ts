import type { PhoneNumber } from "../core/phone.ts";
import type { HeldBackKind } from "./rules.ts";

/** How much was held back of a sender on one of our numbers, on one day, for one reason. */
export interface HeldBack {
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
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

/** @returns when the day of a moment is over */
export function nextDay(now: number): number {
  const day = 24 * 3_600_000;
  return (Math.floor(now / day) + 1) * day;
}

/** Something more is held back. What D1 knows of earlier days is forgotten. */
export function withHeldBack(
  held: readonly HeldBack[] | undefined,
  number: PhoneNumber,
  kind: HeldBackKind,
  now: number,
): readonly HeldBack[] {
  const day = dayOf(now);
  const isSame = (each: HeldBack) => each.number === number && each.kind === kind && each.day === day;
  const kept = (held ?? []).filter((each) => !isSame(each) && (each.day === day || each.isTold !== true));
  const before = held?.find(isSame)?.count ?? 0;
  return [...kept, { number, day, kind, count: before + 1, lastAt: now }];
}

/** @returns what D1 has not heard of */
export function untoldOf(held: readonly HeldBack[] | undefined): readonly HeldBack[] {
  return (held ?? []).filter(({ isTold }) => isTold !== true);
}

/** D1 has heard of these; what was counted meanwhile is told the next time. */
export function withTold(held: readonly HeldBack[], told: readonly HeldBack[]): readonly HeldBack[] {
  return held.map((each) => (told.includes(each) ? { ...each, isTold: true } : each));
}
