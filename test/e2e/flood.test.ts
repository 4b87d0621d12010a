import { rm } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../src/cli/bundle.ts";
import { flood, type Options } from "../flood/run.ts";
import { isFullRun } from "../support/extent.ts";
import { type Edit, plant } from "../support/plant.ts";

const run = async (more: Partial<Options> = {}) =>
  await flood({ recipients: 600, kills: 1, pace: 60, seed: 7, source: PROJECT_ROOT, calmMilliseconds: 0, ...more });

describe("a broadcast by a Worker that is killed in the middle of it", () => {
  it("misses nobody and texts nobody twice", { timeout: 180_000 }, async () => {
    const { lines, offences } = await run();
    expect(offences, lines.join("\n")).toEqual([]);
  });
});

const PLANTED: readonly { readonly what: string; readonly offence: string; readonly edits: readonly Edit[] }[] = [
  {
    what: "gives a notice another id each time that a batch is sent",
    offence: "doubled",
    edits: [
      [
        "broadcasts/broadcast.ts",
        "const { body, notice: id } = broadcast;",
        'const { body } = broadcast;\n  const id = `BR${now.toString(16).padStart(32, "0")}`;',
      ],
    ],
  },
  {
    what: "forgets the batches that no consumer reported",
    offence: "missed",
    edits: [["broadcasts/batch-scheduler.ts", 'this.#store.listDueBatches("out", now, BATCHES_AHEAD_MAXIMUM)', "[]"]],
  },
];

describe.runIf(isFullRun)("a broadcast by a Worker that", () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });

  it.each(PLANTED)("$what is caught", { timeout: 180_000 }, async ({ offence, edits }) => {
    const source = await plant(edits);
    folders.push(source);
    const { lines, offences } = await run({ source, patienceMilliseconds: 20_000 });
    expect(offences.join("\n"), lines.join("\n")).toContain(offence);
  });
});
