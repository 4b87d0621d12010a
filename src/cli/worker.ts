import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { convertV4MiniflareOptions, Miniflare, NoOpLog, type WorkerOptions as WorkerdOptions } from "miniflare";
import { bundleWorker, PROJECT_ROOT } from "./bundle.ts";
import { applyMigrations } from "./migrations.ts";
import type { LocalSecrets } from "./secrets.ts";

export interface WorkerOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** Folder for D1 and the Durable Objects; null keeps them in memory. */
  readonly state: string | null;
  readonly secrets: LocalSecrets;
  /** Replaces `[vars]` of wrangler.toml. */
  readonly vars?: Readonly<Record<string, string>>;
  /** A prepared Worker for several starts; without it, the Worker is bundled now. */
  readonly prepared?: PreparedWorker;
  /** Whether the database is known to be up to date, which makes the start faster. */
  readonly migrated?: boolean;
  /** Called with each line that the Worker logs. */
  readonly onLog: (level: string, line: string) => void;
}

/** A bundled Worker with its options; can be serialized as JSON. */
export interface PreparedWorker {
  /** Path of the bundle's single module. */
  readonly script: string;
  /** The bindings of wrangler.toml. */
  readonly options: object;
}

export interface RunningWorker {
  /** Without a trailing slash. */
  readonly origin: string;
  readonly stop: () => Promise<void>;
}

/** Bundles the Worker as `wrangler deploy` does, and reads wrangler.toml. @param root the folder of the sources */
export async function prepareWorker(folder: string, root = PROJECT_ROOT): Promise<PreparedWorker> {
  const { script } = await bundleWorker(folder, root);
  // Suppresses the message that wrangler reads .dev.vars.
  process.env["WRANGLER_LOG"] ??= "error";
  // Imported here because loading it takes half a second.
  const { unstable_getMiniflareWorkerOptions: getWorkerOptions } = await import("wrangler");
  return { script, options: getWorkerOptions(path.join(root, "wrangler.toml")).workerOptions };
}

/** Starts the Worker in workerd on this machine, with the bindings of wrangler.toml, and migrates its database. */
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
  removeFiles: () => Promise<void>,
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
    await removeFiles();
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
