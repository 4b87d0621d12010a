import { DurableObject } from "cloudflare:workers";
import type { PhoneNumber } from "../core/phone.ts";
import { DAY_MILLISECONDS } from "../core/time-limits.ts";
import {
  type CapUsage,
  type CapVerdict,
  calculateAllowance,
  checkDailyCaps,
  type DayUsage,
  type RemainingAllowance,
  sumUsage,
} from "./daily-caps.ts";
import { toUtcDay } from "./held-back.ts";
import type { DailyCaps } from "./number-limits.ts";

/** Messages of one turn that are to be sent, all of them or none. */
export interface UsageCharge {
  /** Names the messages: what has passed once passes again, and is counted once. */
  readonly key: string;
  readonly number: PhoneNumber;
  readonly usage: CapUsage;
}

/**
 * What the numbers of one account have sent on a day, where one of them, or the account, has a cap; nobody else asks it. The day is UTC's. A row for each
 * number and day, and for each charge, which is kept until the next day is over: it may come again after a crash.
 */
export class Meter extends DurableObject<Env> {
  readonly #sql: SqlStorage;
  #cleanedDay = "";

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS usage (day TEXT, number TEXT, segments INTEGER NOT NULL, money INTEGER NOT NULL, PRIMARY KEY (day, number)) WITHOUT ROWID",
    );
    this.#sql.exec("CREATE TABLE IF NOT EXISTS charge (day TEXT, key TEXT, PRIMARY KEY (day, key)) WITHOUT ROWID");
  }

  /** Counts what is to be sent, where the caps let it pass. @param caps as they are configured now */
  charge({ key, number, usage }: UsageCharge, caps: DailyCaps): CapVerdict {
    const now = Date.now();
    const [day, yesterday] = [toUtcDay(now), toUtcDay(now - DAY_MILLISECONDS)];
    return this.ctx.storage.transactionSync(() => {
      const known = this.#sql.exec("SELECT 1 FROM charge WHERE day IN (?, ?) AND key = ?", day, yesterday, key);
      if (known.toArray().length > 0) return "passes";
      const verdict = checkDailyCaps(caps, this.#loadDayUsage(day, number), usage);
      if (verdict !== "passes") return verdict;
      this.#deleteOldRows(day, yesterday);
      this.#sql.exec("INSERT INTO charge (day, key) VALUES (?, ?)", day, key);
      this.#sql.exec(
        "INSERT INTO usage (day, number, segments, money) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET segments = segments + excluded.segments, money = money + excluded.money",
        day,
        number,
        usage.segments,
        usage.money,
      );
      return verdict;
    });
  }

  /** What a number may still send today. @param caps as they are configured now */
  remaining(number: PhoneNumber, caps: DailyCaps): RemainingAllowance {
    const now = Date.now();
    return calculateAllowance(caps, this.#loadDayUsage(toUtcDay(now), number), now);
  }

  #loadDayUsage(day: string, number: PhoneNumber): DayUsage {
    const rows = this.#sql
      .exec<{ number: string } & Record<keyof CapUsage, number>>(
        "SELECT number, segments, money FROM usage WHERE day = ?",
        day,
      )
      .toArray();
    return { number: sumUsage(rows.filter((row) => row.number === number)), account: sumUsage(rows) };
  }

  /** What is older than yesterday is of no use; once a day, or whenever the object has slept. */
  #deleteOldRows(day: string, yesterday: string): void {
    if (this.#cleanedDay === day) return;
    this.#cleanedDay = day;
    for (const table of ["usage", "charge"]) this.#sql.exec(`DELETE FROM ${table} WHERE day < ?`, yesterday);
  }
}
