import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { ROOT } from "../../src/cli/bundle.ts";
import type { OffenceKind } from "../torture/evidence.ts";
import { ambiguousIn, countOf, report } from "../torture/report.ts";
import { torture } from "../torture/run.ts";

const SEED = 7;
const run = (kills: number, source = ROOT) => torture({ kills, seed: SEED, minutes: 1, senders: 24, source });

describe("the torture", () => {
  it("finds nothing lost, nothing sent twice, nothing out of order", async () => {
    const outcome = await run(5);
    expect(outcome.offences, report(outcome, SEED)).toEqual([]);
    expect(outcome.kills).toBe(5);
    expect(outcome.evidence.texts.filter(({ acceptedAt }) => acceptedAt !== null).length).toBeGreaterThan(50);
    expect(outcome.evidence.taken.length).toBeGreaterThan(100);
    expect(ambiguousIn(outcome)).toBeGreaterThan(5);
  });
});

/** A Worker with one thing wrong, and the offence that it must be caught at. */
const PLANTED: readonly (readonly [what: string, file: string, right: string, wrong: string, kind: OffenceKind])[] = [
  [
    "sends again without a look at Twilio's list",
    "twilio/client.ts",
    "messages.flatMap(listedMessage)",
    "[]",
    "duplicated",
  ],
  [
    "takes a 5xx for a refusal",
    "twilio/client.ts",
    'kind: "unsure", reason: `HTTP ${status}` }',
    'kind: "refused", refusal }',
    "lost",
  ],
  [
    "sends again what it had claimed when it died",
    "sender/outbox.ts",
    'return status === "pending" || status === "retrying";',
    'return status === "pending" || status === "retrying" || status === "claimed";',
    "duplicated",
  ],
  ["does not remember what it has heard", "sender/store.ts", "return row !== undefined;", "return true;", "duplicated"],
];

describe("the torture of a Worker that", () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });

  /** The sources as they are, but for one line. */
  async function plant(file: string, right: string, wrong: string): Promise<string> {
    const folder = await mkdtemp(path.join(tmpdir(), "parley-planted-"));
    folders.push(folder);
    for (const name of ["src", "migrations", "wrangler.toml", "package.json", "tsconfig.json"])
      await cp(path.join(ROOT, name), path.join(folder, name), { recursive: true });
    await symlink(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
    const place = path.join(folder, "src", file);
    const text = await readFile(place, "utf8");
    expect(text.split(right), `${file} has the line to break once`).toHaveLength(2);
    await writeFile(place, text.replace(right, wrong));
    return folder;
  }

  it.each(PLANTED)("%s fails", async (_, file, right, wrong, kind) => {
    const outcome = await run(3, await plant(file, right, wrong));
    expect(countOf(outcome.offences, kind)).toBeGreaterThan(0);
    expect(report(outcome, SEED)).toContain(`--seed ${SEED}`);
  });
});
