import { spawn } from "node:child_process";
import path from "node:path";
import { PROJECT_ROOT } from "./bundle.ts";

const WRANGLER = path.join(PROJECT_ROOT, "node_modules/wrangler/bin/wrangler.js");
const MIGRATE = ["d1", "migrations", "apply", "DB", "--remote"];

/** Migrates, deploys and migrates again: the first deployment makes the database. */
if ((await runWrangler(MIGRATE)) !== 0) console.log("No database yet: the deployment makes it.");
const code = await runWrangler(["deploy", ...process.argv.slice(2)]);
process.exitCode = code === 0 ? await runWrangler(MIGRATE) : code;

/** Runs wrangler with this terminal, under the Node that runs this. @returns its exit code */
async function runWrangler(parameters: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [WRANGLER, ...parameters], { cwd: PROJECT_ROOT, stdio: "inherit" });
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (exitCode) => resolve(exitCode ?? 1));
  });
}
