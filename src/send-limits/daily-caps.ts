import { nextUtcMidnight } from "./held-back.ts";
import { MILLIONTHS_PER_UNIT } from "./message-prices.ts";
import type { DailyCaps } from "./number-limits.ts";
import type { CapSettings } from "./schema.ts";

/** What was sent, or is to be. */
export interface CapUsage {
  readonly segments: number;
  /** In millionths of the account's currency. */
  readonly money: number;
}

export function sumUsage(usages: readonly CapUsage[]): CapUsage {
  const none = { segments: 0, money: 0 };
  return usages.reduce(
    (sum, each) => ({ segments: sum.segments + each.segments, money: sum.money + each.money }),
    none,
  );
}

/** Today's, of a number and of all numbers of its account. */
export interface DayUsage {
  readonly number: CapUsage;
  readonly account: CapUsage;
}

/** Whether more may be sent: `number` and `account` say whose cap is against it. */
export type CapVerdict = "passes" | "number" | "account";

/** @param more what would be sent, all of it or nothing */
export function checkDailyCaps({ number, account }: DailyCaps, used: DayUsage, more: CapUsage): CapVerdict {
  if (isOverCap(number, used.number, more)) return "number";
  return isOverCap(account, used.account, more) ? "account" : "passes";
}

function isOverCap(caps: CapSettings | null, used: CapUsage, more: CapUsage): boolean {
  const { segments, money } = calculateRoom(caps, used);
  return more.segments > segments || more.money > money;
}

/** What may still be sent today: the least of the caps of the number and its account; null where none of them says anything. */
export interface RemainingAllowance {
  readonly segments: number | null;
  /** In millionths of the account's currency. */
  readonly money: number | null;
  /** When the day is over, and the caps begin anew; milliseconds since 1970. */
  readonly until: number;
}

export function calculateAllowance({ number, account }: DailyCaps, used: DayUsage, now: number): RemainingAllowance {
  const [own, all] = [calculateRoom(number, used.number), calculateRoom(account, used.account)];
  const segments = Math.min(own.segments, all.segments);
  const money = Math.min(own.money, all.money);
  return { segments: finiteOrNull(segments), money: finiteOrNull(money), until: nextUtcMidnight(now) };
}

/** @returns until when so much cannot be sent, or null where it can */
export function findCapEnd({ segments, money, until }: RemainingAllowance, more: CapUsage): number | null {
  const fits =
    more.segments <= (segments ?? Number.POSITIVE_INFINITY) && more.money <= (money ?? Number.POSITIVE_INFINITY);
  return fits ? null : until;
}

function calculateRoom(caps: CapSettings | null, used: CapUsage): CapUsage {
  const { segmentsPerDay = Number.POSITIVE_INFINITY, moneyPerDay = Number.POSITIVE_INFINITY } = caps ?? {};
  return {
    segments: Math.max(0, segmentsPerDay - used.segments),
    money: Math.max(0, Math.round(moneyPerDay * MILLIONTHS_PER_UNIT) - used.money),
  };
}

function finiteOrNull(amount: number): number | null {
  return Number.isFinite(amount) ? amount : null;
}
