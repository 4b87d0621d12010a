import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { performance } from "node:perf_hooks";

/**
 * Runs all scripts `check:…` of package.json at once: most of them use one processor for half of their time. Prints what they take, or
 * what those print that fail.
 */
const ROOT = path.resolve(import.meta.dirname, "..");

const { scripts } = JSON.parse(await readFile(path.join(ROOT, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const checks = Object.entries(scripts).filter(([name]) => name.startsWith("check:"));
const results = await Promise.all(checks.map(async ([name, command]) => ({ name, ...(await run(command)) })));
const failed = results.filter(({ code }) => code !== 0);
for (const { name, output } of failed) console.error(`\nnpm run ${name} fails:\n${output}`);
if (failed.length > 0) process.exitCode = 1;
else console.log(results.map(({ name, seconds }) => `${name} ${seconds.toFixed(1)} s`).join(" · "));

interface Result {
  readonly code: number;
  readonly output: string;
  readonly seconds: number;
}

async function run(command: string): Promise<Result> {
  const [program = "", ...parameters] = command.split(" ");
  const began = performance.now();
  const file = path.join(ROOT, "node_modules/.bin", program);
  const child = spawn(file, parameters, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  child.stderr.on("data", (data: Buffer) => (output += data.toString()));
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => resolve(exitCode ?? 1));
  });
  return { code, output, seconds: (performance.now() - began) / 1_000 };
}
