import { expect, test } from "vitest";
import { ConcurrencyLimiter } from "../../src/emulator/concurrency-limiter.ts";

test("runs a fixed number of actions at once and in order, even if some fail", async () => {
  const lane = new ConcurrencyLimiter(2);
  const log: string[] = [];
  const gates = [0, 1, 2, 3].map(() => Promise.withResolvers<string>());
  const runs = gates.map(({ promise }, index) =>
    lane.run(() => {
      log.push(`begin ${index}`);
      return promise;
    }),
  );
  expect(log).toEqual(["begin 0", "begin 1"]);
  gates[1]?.reject(new Error("broken"));
  await expect(runs[1]).rejects.toThrow("broken");
  expect(log).toEqual(["begin 0", "begin 1", "begin 2"]);
  gates[2]?.resolve("two");
  expect(await runs[2]).toBe("two");
  expect(log).toContain("begin 3");
  gates[0]?.resolve("zero");
  gates[3]?.resolve("three");
  expect(await Promise.all([runs[0], runs[3]])).toEqual(["zero", "three"]);
  expect(await lane.run(() => Promise.resolve("free again"))).toBe("free again");
});
