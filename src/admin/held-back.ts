import { Hono } from "hono";
import { latestConfiguration } from "../configuration/store.ts";
import { parsePhone } from "../core/phone.ts";
import { MILLIONTHS } from "../send-limits/prices.ts";
import { heldBackOn } from "../send-limits/store.ts";
import { notFound } from "./http.ts";

export const heldBackRoutes = new Hono<{ Bindings: Env }>();

/** What was held back on a number, by day and reason, and what it may still send today. */
heldBackRoutes.get("/:number/held-back", async (c) => {
  const number = parsePhone(c.req.param("number")) ?? "";
  const { numbers, brakesOn } = await latestConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
  const own = numbers.get(number);
  if (own === undefined) return notFound(`number ${c.req.param("number")}`);
  const { caps } = brakesOn(number);
  const remaining = caps === null ? null : await c.env.METER.getByName(own.account).remaining(number, caps);
  const days = await heldBackOn(c.env.DB, number);
  return c.json({
    today:
      remaining === null
        ? null
        : {
            segments: remaining.segments,
            money: remaining.money === null ? null : remaining.money / MILLIONTHS,
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
