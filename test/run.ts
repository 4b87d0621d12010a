import { spawn } from "node:child_process";
import path from "node:path";

/**
 * `npm test` checks the sources, then runs the tests. `npm run test:all` runs the long ones too. With arguments, both run only vitest with
 * them, which are files or options: `npm test -- test/core/csv.test.ts`.
 */
const ROOT = path.resolve(import.meta.dirname, "..");

const [first = "", ...rest] = process.argv.slice(2);
const isFull = first === "--all";
const options = isFull ? rest : [first, ...rest].filter((option) => option !== "");

if (options.length === 0) await run("npm", ["run", "--silent", "check"]);
await run(process.execPath, [path.join(ROOT, "node_modules/vitest/vitest.mjs"), "run", ...options]);

/** Runs a program with this terminal, and ends with its code if it fails. */
async function run(program: string, parameters: readonly string[]): Promise<void> {
  const env = { ...process.env, ...(isFull ? { TESTS: "all" } : {}) };
  const child = spawn(program, parameters, { cwd: ROOT, env, stdio: "inherit" });
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (exitCode) => resolve(exitCode ?? 1));
  });
  if (code !== 0) process.exit(code);
}
