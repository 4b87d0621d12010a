import { nextUtcMidnight } from "./held-back.ts";
import { MILLIONTHS_PER_UNIT } from "./message-prices.ts";
import type { DailyCaps } from "./number-limits.ts";
import type { CapSettings } from "./schema.ts";

/** An amount of messages, sent or to be sent, as daily caps count it. */
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

/** Today's usage of a number and of all numbers of its account. */
export interface DayUsage {
  readonly number: CapUsage;
  readonly account: CapUsage;
}

/** Whether more may be sent; `number` and `account` name the owner of the cap that would be exceeded. */
export type CapVerdict = "passes" | "number" | "account";

/** @param more the usage to be added, as a whole or not at all */
export function checkDailyCaps({ number, account }: DailyCaps, used: DayUsage, more: CapUsage): CapVerdict {
  if (isOverCap(number, used.number, more)) return "number";
  return isOverCap(account, used.account, more) ? "account" : "passes";
}

function isOverCap(caps: CapSettings | null, used: CapUsage, more: CapUsage): boolean {
  const { segments, money } = calculateRoom(caps, used);
  return more.segments > segments || more.money > money;
}

/** The usage that today's caps of a number and its account still allow; null means no cap. */
export interface RemainingAllowance {
  readonly segments: number | null;
  /** In millionths of the account's currency. */
  readonly money: number | null;
  /** When the day ends and the caps reset; milliseconds since 1970. */
  readonly until: number;
}

export function calculateAllowance({ number, account }: DailyCaps, used: DayUsage, now: number): RemainingAllowance {
  const numberRoom = calculateRoom(number, used.number);
  const accountRoom = calculateRoom(account, used.account);
  const segments = Math.min(numberRoom.segments, accountRoom.segments);
  const money = Math.min(numberRoom.money, accountRoom.money);
  return { segments: finiteOrNull(segments), money: finiteOrNull(money), until: nextUtcMidnight(now) };
}

/** @returns when the caps that prevent this usage reset; null if it is allowed now */
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
