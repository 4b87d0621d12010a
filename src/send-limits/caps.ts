import { nextDay } from "./held.ts";
import type { Caps } from "./nouns.ts";
import { MILLIONTHS } from "./prices.ts";
import type { DailyCaps } from "./rules.ts";

/** What was sent, or is to be. */
export interface Usage {
  readonly segments: number;
  /** In millionths of the account's currency. */
  readonly money: number;
}

export function total(usages: readonly Usage[]): Usage {
  const none = { segments: 0, money: 0 };
  return usages.reduce(
    (sum, each) => ({ segments: sum.segments + each.segments, money: sum.money + each.money }),
    none,
  );
}

/** Today's, of a number and of all numbers of its account. */
export interface DayUsage {
  readonly number: Usage;
  readonly account: Usage;
}

/** Whether more may be sent: `number` and `account` say whose cap is against it. */
export type Verdict = "passes" | "number" | "account";

/** @param more what would be sent, all of it or nothing */
export function verdictOn({ number, account }: DailyCaps, used: DayUsage, more: Usage): Verdict {
  if (exceeds(number, used.number, more)) return "number";
  return exceeds(account, used.account, more) ? "account" : "passes";
}

function exceeds(caps: Caps | null, used: Usage, more: Usage): boolean {
  const { segments, money } = roomIn(caps, used);
  return more.segments > segments || more.money > money;
}

/** What may still be sent today: the least of the caps of the number and its account; null where none of them says anything. */
export interface Remaining {
  readonly segments: number | null;
  /** In millionths of the account's currency. */
  readonly money: number | null;
  /** When the day is over, and the caps begin anew; milliseconds since 1970. */
  readonly until: number;
}

export function remainingOn({ number, account }: DailyCaps, used: DayUsage, now: number): Remaining {
  const [own, all] = [roomIn(number, used.number), roomIn(account, used.account)];
  const segments = Math.min(own.segments, all.segments);
  const money = Math.min(own.money, all.money);
  return { segments: finite(segments), money: finite(money), until: nextDay(now) };
}

/** @returns until when so much cannot be sent, or null where it can */
export function cappedUntil({ segments, money, until }: Remaining, more: Usage): number | null {
  const fits =
    more.segments <= (segments ?? Number.POSITIVE_INFINITY) && more.money <= (money ?? Number.POSITIVE_INFINITY);
  return fits ? null : until;
}

function roomIn(caps: Caps | null, used: Usage): Usage {
  const { segmentsPerDay = Number.POSITIVE_INFINITY, moneyPerDay = Number.POSITIVE_INFINITY } = caps ?? {};
  return {
    segments: Math.max(0, segmentsPerDay - used.segments),
    money: Math.max(0, Math.round(moneyPerDay * MILLIONTHS) - used.money),
  };
}

function finite(amount: number): number | null {
  return Number.isFinite(amount) ? amount : null;
}
