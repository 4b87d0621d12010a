import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { convertV4MiniflareOptions, Miniflare, NoOpLog } from "miniflare";
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from "wrangler";
import { bundleWorker, ROOT } from "./bundle.ts";
import { migrate } from "./migrate.ts";
import type { Secrets } from "./secrets.ts";

export interface WorkerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Where D1 and the Durable Objects are kept; null: in memory. */
  readonly state: string | null;
  readonly secrets: Secrets;
  /** Takes each line that the Worker logs. */
  readonly onLog: (level: string, line: string) => void;
}

export interface RunningWorker {
  /** Without a slash at its end. */
  readonly origin: string;
  readonly stop: () => Promise<void>;
}

/** Starts the bundle that `wrangler deploy` would upload, in workerd on this machine, with the bindings of wrangler.toml. */
export async function startWorker({ port, state, secrets, onLog }: WorkerOptions): Promise<RunningWorker> {
  const folder = await mkdtemp(path.join(tmpdir(), "parley-"));
  const { script } = await bundleWorker(folder);
  // It says that it reads .dev.vars, which is no news.
  process.env["WRANGLER_LOG"] ??= "error";
  const { workerOptions } = workerOptionsOf(path.join(ROOT, "wrangler.toml"));
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...workerOptions,
      modulesRoot: folder,
      modules: [{ type: "ESModule", path: script }],
      bindings: { ...secrets },
      host: "127.0.0.1",
      port,
      cf: false,
      log: new NoOpLog(),
      handleStructuredLogs: ({ level, message }) => onLog(level, message),
      ...(state === null ? {} : { resourcePersistencePath: path.resolve(state) }),
    }),
  );
  const stop = async (): Promise<void> => {
    await miniflare.dispose();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const url = await miniflare.ready;
    await migrate(await miniflare.getD1Database("DB"));
    return { origin: url.origin, stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}
