import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { compareKeys, NO_DIFFERENCE } from "../support/stored-keys.ts";
import { restoreRows, rowsIn } from "../support/stored-rows.ts";
import fixture from "./stored/meter.json";

const CAPS = { account: { segmentsPerDay: 5, moneyPerDay: 1 }, number: { segmentsPerDay: 4 }, prices: null };
const [ONE, TWO] = ["+12025550100", "+12025550101"];

it("a Meter stores the columns of the release that has recorded them", async () => {
  const meter = env.METER.getByName("new");
  const charges = [
    { key: "1-0", number: ONE, usage: { segments: 2, money: 30_000 } },
    { key: "2-0", number: TWO, usage: { segments: 1, money: 10_000 } },
  ];
  for (const charge of charges) expect(await meter.charge(charge, CAPS)).toBe("passes");
  const anew = await runInDurableObject(meter, (_, state) => rowsIn(state.storage));
  expect(compareKeys(fixture.rows, anew, [])).toEqual(NO_DIFFERENCE);
  expect(anew["usage"]?.map(({ segments, money }) => [segments, money])).toEqual([
    [2, 30_000],
    [1, 10_000],
  ]);
});

it("a Meter goes on with what was stored on the same day", async () => {
  const meter = env.METER.getByName("stored");
  const day = new Date().toISOString().slice(0, 10);
  const onDay = (rows: readonly object[]) => rows.map((row) => ({ ...row, day }));
  const rows = { usage: onDay(fixture.rows.usage), charge: onDay(fixture.rows.charge) };
  await runInDurableObject(meter, (_, state) => restoreRows(state.storage, { tables: fixture.tables, rows }));
  expect(await meter.remaining(ONE, CAPS)).toMatchObject({ segments: 2, money: 960_000 });
  const more = { segments: 2, money: 10_000 };
  // Counted before.
  expect(await meter.charge({ key: "1-0", number: ONE, usage: more }, CAPS)).toBe("passes");
  expect(await meter.remaining(ONE, CAPS)).toMatchObject({ segments: 2 });
  expect(await meter.charge({ key: "3-0", number: ONE, usage: { ...more, segments: 3 } }, CAPS)).toBe("number");
  expect(await meter.charge({ key: "3-0", number: ONE, usage: more }, CAPS)).toBe("passes");
  expect(await meter.charge({ key: "4-0", number: TWO, usage: { ...more, segments: 1 } }, CAPS)).toBe("account");
});
