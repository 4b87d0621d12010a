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

/** The messages of one turn, which are sent as a whole or not at all. */
export interface UsageCharge {
  /** Identifies the messages: a charge that was accepted once is accepted again and counted once. */
  readonly key: string;
  readonly number: PhoneNumber;
  readonly usage: CapUsage;
}

/**
 * Counts what the numbers of one account have sent on a UTC day; used only if the account or one of its numbers has a
 * cap. It has a row for each number and day, and a row for each charge. Charges are kept until the end of the next day,
 * because one may be repeated after a crash.
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

  /** Counts messages if the caps allow them. @param caps the caps as configured now */
  charge({ key, number, usage }: UsageCharge, caps: DailyCaps): CapVerdict {
    const now = Date.now();
    const [day, yesterday] = [toUtcDay(now), toUtcDay(now - DAY_MILLISECONDS)];
    return this.ctx.storage.transactionSync(() => {
      const matches = this.#sql.exec("SELECT 1 FROM charge WHERE day IN (?, ?) AND key = ?", day, yesterday, key);
      if (matches.toArray().length > 0) return "passes";
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

  /** @param caps the caps as configured now @returns the usage that the number is still allowed today */
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

  /** Deletes rows older than yesterday, once a day for each instance of the object. */
  #deleteOldRows(day: string, yesterday: string): void {
    if (this.#cleanedDay === day) return;
    this.#cleanedDay = day;
    for (const table of ["usage", "charge"]) this.#sql.exec(`DELETE FROM ${table} WHERE day < ?`, yesterday);
  }
}
