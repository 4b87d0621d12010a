import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";

export const PROJECT_ROOT = path.resolve(import.meta.dirname, "../..");

/** Keeps wrangler from prompting, sending metrics and using the network. */
const QUIET_ENVIRONMENT = { CI: "1", WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true", NO_COLOR: "1" };

export interface WorkerBundle {
  /** Path of the Worker's single module. */
  readonly script: string;
  readonly bytes: number;
  readonly gzipBytes: number;
}

/**
 * Bundles the Worker with wrangler, exactly as `wrangler deploy` does.
 * @param folder the output folder
 * @param root the folder of the sources
 * @throws an error with wrangler's message if the bundle fails
 */
export async function bundleWorker(folder: string, root = PROJECT_ROOT): Promise<WorkerBundle> {
  const wrangler = path.join(PROJECT_ROOT, "node_modules/wrangler/bin/wrangler.js");
  const options = { cwd: root, env: { ...process.env, ...QUIET_ENVIRONMENT } };
  await promisify(execFile)(process.execPath, [wrangler, "deploy", "--dry-run", "--outdir", folder], options).catch(
    (error: { readonly stderr?: string; readonly message: string }) => {
      throw new Error(`wrangler could not bundle the Worker:\n${error.stderr || error.message}`);
    },
  );
  const script = path.join(folder, "index.js");
  const content = await readFile(script);
  return { script, bytes: content.length, gzipBytes: gzipSync(content, { level: 9 }).length };
}
