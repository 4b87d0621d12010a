import path from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { isFullRun } from "./test/support/extent.ts";
import { StartOrder } from "./test/support/start-order.ts";
import { WorkerdLogReporter } from "./test/support/workerd-log.ts";

const setups = (...names: readonly string[]) => names.map((name) => `./test/support/${name}.setup.ts`);

/** Tests that kill the Worker or measure it: they run for minutes, and start programs of their own. */
const HEAVY = ["bench", "flood", "kill", "torture"].map((name) => `test/e2e/${name}.test.ts`);
const PAGES = "test/e2e/*-page.test.ts";
/** Tests that set faults of the bots, or need bots without faults. */
const SHARED_BOTS = ["faults", "patience", "saved", "switching"].map(
  (name) => `test/assistants/${name}.workerd.test.ts`,
);

/** Tests inside workerd. */
function workerdProject(name: string, test: NonNullable<TestProjectInlineConfiguration["test"]>) {
  return {
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
      name,
      testTimeout: 20_000,
      // Every file loads all that it needs anew: packages as one module each, not as hundreds.
      deps: { optimizer: { ssr: { enabled: true, include: PACKAGES } } },
      globalSetup: setups("emulator", "outbound", "bots"),
      ...test,
    },
  } satisfies TestProjectInlineConfiguration;
}

/** What the Worker imports of packages. One that is missing here is found as well, and loaded more slowly. */
const PACKAGES = [
  "zod/mini",
  "zod",
  "hono",
  "hono/body-limit",
  "hono/html",
  "hono/http-exception",
  "drizzle-orm",
  "drizzle-orm/d1",
  "drizzle-orm/sqlite-core",
  "liquidjs",
  "libphonenumber-js/core",
  "@noble/hashes/legacy.js",
  "@noble/hashes/hmac.js",
  "@noble/hashes/utils.js",
  "@noble/hashes/scrypt.js",
  "marked",
  "htmlparser2",
  "uqr",
];

/**
 * `*.workerd.test.ts` runs inside workerd, `test/e2e` drives the whole stack from outside, the rest is plain Node. Tests of the whole
 * stack wait most of their time; so more files run side by side than there are processors, and those that wait longest begin.
 */
export default defineConfig({
  test: {
    reporters: ["default", new WorkerdLogReporter()],
    silent: "passed-only",
    maxWorkers: 4,
    // Tests in workerd see no environment.
    provide: { isFullRun },
    // The programs that tests start load what they need in half the time.
    env: { NODE_COMPILE_CACHE: path.resolve("node_modules/.cache/compiled") },
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
      workerdProject("workerd", {
        include: ["test/**/*.workerd.test.ts"],
        exclude: SHARED_BOTS,
        // They wait for real alarms and time limits: no more of them at once than there are processors, and nothing
        // beside them.
        maxWorkers: 2,
        sequence: { groupOrder: 1 },
      }),
      // One after the other, because each of them makes the same bots misbehave.
      workerdProject("bots", { include: SHARED_BOTS, maxWorkers: 1, sequence: { groupOrder: 2 } }),
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
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
