import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleWorker, type WorkerBundle } from "../../src/cli/bundle.ts";

/**
 * The topics and all below them had 245 KB; four kinds of assistants came to 266, the words of consent in ten languages to 292, persons with
 * their pages to 322, lists and notifications to 338, broadcasts with the zones of all phones to 354, the brakes to 362. Cloudflare takes 3 MB.
 * Whoever needs more says here for what.
 */
const MOST_GZIP_BYTES = 380_000;

describe("the bundle that is deployed", () => {
  let folder: string;
  let bundle: WorkerBundle;
  let content: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "parley-bundle-"));
    bundle = await bundleWorker(folder);
    content = await readFile(bundle.script, "utf8");
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it(`has less than ${MOST_GZIP_BYTES} bytes gzip`, () => {
    console.log(`The bundle has ${bundle.gzipBytes} bytes gzip.`);
    expect(bundle.gzipBytes).toBeLessThan(MOST_GZIP_BYTES);
  });

  it("holds no emulator, no sample, nothing of Node's", () => {
    expect(content).toContain("/twilio");
    expect(content).not.toContain("/emulator/");
    expect(content).not.toContain("TwilioProxy");
    expect(content).not.toContain("Corner Pizza");
    expect(content).not.toMatch(/from\s*"node:/u);
  });
});
