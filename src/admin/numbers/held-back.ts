import { loadLatestConfiguration } from "../../configuration/store.ts";
import { phoneNumber } from "../../schema/ids.ts";
import { MILLIONTHS_PER_UNIT } from "../../send-limits/message-prices.ts";
import { listHeldBackDays } from "../../send-limits/store.ts";
import { answer, json, respondNotFound } from "../http/answer.ts";
import { lookup, type Route, route } from "../http/route.ts";
import { heldBackResource } from "./schema.ts";

export const heldBackRoutes: readonly Route[] = [
  route({
    tag: "Numbers",
    method: "get",
    path: "/v1/numbers/{number}/held-back",
    operationId: "getHeldBack",
    summary: "Get what limits held back on a number",
    parameters: { number: lookup(phoneNumber) },
    responses: {
      200: json("Counts by day and reason, and what may still be sent today.", heldBackResource),
      404: "The number does not exist.",
    },
    handle: async ({ parameters: { number } }, c) => {
      const { numbers, findSendLimits: brakesOn } = await loadLatestConfiguration(c.env, (work) =>
        c.executionCtx.waitUntil(work),
      );
      const own = numbers.get(number);
      if (own === undefined) return respondNotFound(`number ${number}`);
      const { caps } = brakesOn(number);
      const remaining = caps === null ? null : await c.env.METER.getByName(own.account).remaining(number, caps);
      const days = await listHeldBackDays(c.env.DB, number);
      return answer(200, {
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
    },
  }),
];
