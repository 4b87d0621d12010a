import { Hono } from "hono";
import { loadLatestConfiguration } from "../configuration/store.ts";
import { parsePhone } from "../core/phone.ts";
import { MILLIONTHS_PER_UNIT } from "../send-limits/message-prices.ts";
import { listHeldBackDays } from "../send-limits/store.ts";
import { respondNotFound } from "./http.ts";

export const heldBackRoutes = new Hono<{ Bindings: Env }>();

/** What was held back on a number, by day and reason, and what it may still send today. */
heldBackRoutes.get("/:number/held-back", async (c) => {
  const number = parsePhone(c.req.param("number")) ?? "";
  const { numbers, findSendLimits: brakesOn } = await loadLatestConfiguration(c.env, (work) =>
    c.executionCtx.waitUntil(work),
  );
  const own = numbers.get(number);
  if (own === undefined) return respondNotFound(`number ${c.req.param("number")}`);
  const { caps } = brakesOn(number);
  const remaining = caps === null ? null : await c.env.METER.getByName(own.account).remaining(number, caps);
  const days = await listHeldBackDays(c.env.DB, number);
  return c.json({
    today:
      remaining === null
        ? null
        : {
            segments: remaining.segments,
            money: remaining.money === null ? null : remaining.money / MILLIONTHS_PER_UNIT,
            until: new Date(remaining.until).toISOString(),
          },
    items: days.map(({ day, kind, count, senders, lastAt, latest }) => ({
      day,
      kind,
      count,
      senders,
      lastAt: new Date(lastAt).toISOString(),
      latest: latest.map((each) => ({ ...each, lastAt: new Date(each.lastAt).toISOString() })),
    })),
    next: null,
  });
});
