import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { StartOrder } from "./test/support/start-order.ts";
import { WorkerdLogReporter } from "./test/support/workerd-log.ts";

const setups = (...names: readonly string[]) => names.map((name) => `./test/support/${name}.setup.ts`);

/** Tests that kill the Worker or time it: beside others they would measure those. */
const HEAVY = ["bench", "flood", "kill", "torture"].map((name) => `test/e2e/${name}.test.ts`);
const PAGES = "test/e2e/*-page.test.ts";

/**
 * `*.workerd.test.ts` runs inside workerd, `test/e2e` drives the whole stack from outside, the rest is plain Node. Tests of the whole
 * stack wait most of their time; so more files run side by side than there are processors, and those that wait longest begin.
 */
export default defineConfig({
  test: {
    reporters: ["default", new WorkerdLogReporter()],
    silent: "passed-only",
    maxWorkers: 4,
    sequence: { sequencer: StartOrder },
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          // No file leaves anything behind for the next; to load everything once is twice as fast.
          isolate: false,
          testTimeout: 30_000,
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.workerd.test.ts", "test/e2e/**"],
        },
      },
      {
        extends: true,
        plugins: [
          cloudflareTest(async () => ({
            main: "./src/index.ts",
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: {
                ADMIN_KEY: "test-admin-key",
                MASTER_KEY: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                MIGRATIONS: await readD1Migrations("./migrations"),
              },
            },
          })),
        ],
        test: {
          name: "workerd",
          testTimeout: 20_000,
          include: ["test/**/*.workerd.test.ts"],
          globalSetup: setups("emulator", "outbound", "bots"),
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          exclude: [PAGES, ...HEAVY],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          isolate: false,
          globalSetup: setups("stack"),
        },
      },
      {
        extends: true,
        test: {
          name: "pages",
          include: [PAGES],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          isolate: false,
          globalSetup: setups("stack", "browser"),
        },
      },
      {
        extends: true,
        test: {
          name: "heavy",
          include: HEAVY,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
