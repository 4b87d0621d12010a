import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { convertV4MiniflareOptions, Miniflare, NoOpLog, type WorkerOptions as WorkerdOptions } from "miniflare";
import { bundleWorker, PROJECT_ROOT } from "./bundle.ts";
import { applyMigrations } from "./migrations.ts";
import type { LocalSecrets } from "./secrets.ts";

export interface WorkerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Where D1 and the Durable Objects are kept; null: in memory. */
  readonly state: string | null;
  readonly secrets: LocalSecrets;
  /** What `[vars]` in wrangler.toml would set. */
  readonly vars?: Readonly<Record<string, string>>;
  /** Made before, for many starts; without it the Worker is bundled anew. */
  readonly prepared?: PreparedWorker;
  /** The state was there before, and its database is up to date: the start is faster. */
  readonly migrated?: boolean;
  /** Takes each line that the Worker logs. */
  readonly onLog: (level: string, line: string) => void;
}

/** The Worker as workerd takes it; all of it can be written as JSON. */
export interface PreparedWorker {
  /** The bundle's one module. */
  readonly script: string;
  /** The bindings of wrangler.toml. */
  readonly options: object;
}

export interface RunningWorker {
  /** Without a slash at its end. */
  readonly origin: string;
  readonly stop: () => Promise<void>;
}

/** Bundles what `wrangler deploy` would upload, and reads wrangler.toml. @param root where its sources are */
export async function prepareWorker(folder: string, root = PROJECT_ROOT): Promise<PreparedWorker> {
  const { script } = await bundleWorker(folder, root);
  // It says that it reads .dev.vars, which is no news.
  process.env["WRANGLER_LOG"] ??= "error";
  // Only here: it takes half a second to load.
  const { unstable_getMiniflareWorkerOptions: workerOptionsOf } = await import("wrangler");
  return { script, options: workerOptionsOf(path.join(root, "wrangler.toml")).workerOptions };
}

/** Starts the Worker in workerd on this machine, with the bindings of wrangler.toml, and brings its database up to date. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { prepared } = options;
  if (prepared !== undefined) return await startPreparedWorker(options, prepared, async () => undefined);
  const folder = await mkdtemp(path.join(tmpdir(), "parley-"));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  return await startPreparedWorker(options, await prepareWorker(folder), removeFolder);
}

async function startPreparedWorker(
  { port, state, secrets, vars = {}, migrated = false, onLog }: WorkerOptions,
  { script, options }: PreparedWorker,
  clean: () => Promise<void>,
): Promise<RunningWorker> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...(options as WorkerdOptions),
      modulesRoot: path.dirname(script),
      modules: [{ type: "ESModule", path: script }],
      bindings: { ...vars, ...secrets },
      host: "127.0.0.1",
      port,
      cf: false,
      log: new NoOpLog(),
      handleStructuredLogs: ({ level, message }) => onLog(level, message),
      ...(state === null ? {} : { resourcePersistencePath: path.resolve(state) }),
    }),
  );
  const stopWorker = async (): Promise<void> => {
    await miniflare.dispose();
    await clean();
  };
  try {
    const url = await miniflare.ready;
    if (!migrated) await applyMigrations(await miniflare.getD1Database("DB"));
    return { origin: url.origin, stop: stopWorker };
  } catch (error) {
    await stopWorker().catch(() => undefined);
    throw error;
  }
}
