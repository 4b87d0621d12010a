import * as z from "zod/mini";
import { HELD_BACK_KINDS } from "../send-limits/number-limits.ts";

export const heldBackResource = z.strictObject({
  today: z
    .nullable(
      z.strictObject({
        segments: z.nullable(z.int()).check(z.describe("null: no cap")),
        money: z.nullable(z.number()).check(z.describe("In the currency of the account's prices; null: no cap")),
        until: z.iso.datetime().check(z.describe("When the day is over")),
      }),
    )
    .check(z.describe("What may still be sent today; null: there is no cap")),
  items: z
    .array(
      z.strictObject({
        day: z.iso.date().check(z.describe("UTC")),
        kind: z
          .enum(HELD_BACK_KINDS)
          .check(
            z.describe(
              "`rate`: texts that came too fast; `loop`: texts that look like a robot's; `country`: texts from where the account does not text to; `cap`: answers over a daily cap",
            ),
          ),
        count: z.int(),
        senders: z.int(),
        lastAt: z.iso.datetime(),
        latest: z
          .array(z.strictObject({ sender: z.string(), count: z.int(), lastAt: z.iso.datetime() }))
          .check(z.describe("The latest senders; their transcripts say more")),
      }),
    )
    .check(z.describe("The latest day first, for ninety days; at most some seconds old")),
  next: z.null(),
});
