import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build } from "esbuild";
import { PROJECT_ROOT } from "../../src/cli/bundle.ts";
import type { LocalSecrets } from "../../src/cli/secrets.ts";
import { prepareWorker } from "../../src/cli/worker.ts";
import { type Service, workerdConfig } from "./config.ts";
import { ACCOUNT } from "./texts.ts";

/** The programs that run in workerd. */
export type WorkerName = "floor" | "barest" | "parley";
export const WORKERS: readonly WorkerName[] = ["floor", "barest", "parley"];

const PROGRAMS = path.join(import.meta.dirname, "programs");

/** The three programs, each as it is, to be timed, and once more with counters at its edges; all in one process. */
export interface Workerd {
  readonly pid: number;
  readonly version: string;
  /** Where each program is reached, without a slash at its end. */
  readonly origins: Readonly<Record<WorkerName | `${WorkerName}Counted` | "probe", string>>;
  /** Bytes of each bundle, compressed by gzip. */
  readonly gzipBytes: Readonly<Record<WorkerName, number>>;
  /** Where the objects of Parley are kept. */
  readonly storage: string;
  readonly stop: () => Promise<void>;
}

/** workerd itself, not wrangler's or Miniflare's: both put proxies before a Worker, and before its requests. @param folder for bundles and storage */
export async function startWorkerd(folder: string, twilio: string, secrets: LocalSecrets): Promise<Workerd> {
  const { script, options } = await prepareWorker(path.join(folder, "bundle"));
  const { compatibilityDate } = options as { readonly compatibilityDate: string };
  const scripts = { floor: program("floor"), barest: program("barest"), parley: script };
  const state = path.join(folder, "state");
  await mkdir(state);
  const services = await servicesOf(folder, scripts, twilio, secrets);
  const file = path.join(folder, "workerd.capnp");
  await writeFile(file, workerdConfig(services, state, compatibilityDate));
  const { binary, version } = workerdPackage();
  // The internal module behind a D1 binding needs --experimental.
  const child = spawn(binary, ["serve", "--experimental", "--control-fd=3", file], {
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const ports = await portsOf(child, services.length);
  const sizes = await Promise.all(
    WORKERS.map(async (name) => [name, gzipSync(await readFile(path.join(folder, `${name}.js`)), { level: 9 }).length]),
  );
  return {
    pid: child.pid ?? 0,
    version,
    origins: Object.fromEntries(ports.map(([name, port]) => [name, `http://127.0.0.1:${port}`])) as Workerd["origins"],
    gzipBytes: Object.fromEntries(sizes) as Workerd["gzipBytes"],
    storage: path.join(state, "parley"),
    stop: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

function program(name: string): string {
  return path.join(PROGRAMS, `${name}.ts`);
}

function workerdPackage(): { readonly binary: string; readonly version: string } {
  // Wrangler brings it: the same that `npm start` and the tests run on.
  const { default: binary, version } = createRequire(path.join(PROJECT_ROOT, "node_modules/wrangler/package.json"))(
    "workerd",
  ) as { readonly default: string; readonly version: string };
  return { binary, version };
}

async function servicesOf(
  folder: string,
  scripts: Readonly<Record<WorkerName, string>>,
  twilio: string,
  secrets: LocalSecrets,
): Promise<readonly Service[]> {
  const write = async (name: string, contents: string): Promise<string> => {
    await writeFile(path.join(folder, `${name}.js`), contents);
    return `${name}.js`;
  };
  const bare = { texts: { ACCOUNT_SID: ACCOUNT.sid, AUTH_TOKEN: ACCOUNT.authToken, TWILIO: twilio } };
  const more = { floor: bare, barest: bare, parley: { texts: { ...secrets }, database: "database" } };
  const timed = WORKERS.map(async (name) => {
    // Parley's bundle is wrangler's own, as it would be deployed.
    const contents = name === "parley" ? await readFile(scripts.parley, "utf8") : await bundle(entry(scripts[name]));
    return { name, ...more[name], ...sender(name), script: await write(name, contents) };
  });
  const counted = WORKERS.map(async (name) => {
    const copy = `${name}Counted`;
    return {
      name: copy,
      ...more[name],
      ...sender(copy),
      script: await write(copy, await bundle(counters(scripts[name]))),
    };
  });
  const senders = await Promise.all([...timed, ...counted]);
  const probe: Service = {
    name: "probe",
    script: await write("probe", await bundle(entry(program("probe")))),
    objects: Object.fromEntries(senders.map(({ name }) => [name, { className: "Sender", service: name }])),
  };
  const database: Service = {
    name: "database",
    script: await write("database", await bundle(entry(program("database")))),
    texts: { SCHEMA: await schema() },
    className: "Database",
    objects: { DATABASE: { className: "Database", service: "database" } },
  };
  return [...senders, probe, database];
}

function sender(service: string): Pick<Service, "className" | "objects"> {
  return { className: "Sender", objects: { SENDER: { className: "Sender", service } } };
}

function entry(file: string): BuildOptions {
  return { entryPoints: [file] };
}

/** A program with counters at its edges. */
function counters(file: string): BuildOptions {
  const contents = `import program, { Sender as Uncounted } from ${JSON.stringify(file)};
import { countSender, countWorker } from "./counted.ts";
export const Sender = countSender(Uncounted);
export default countWorker(program);`;
  return { stdin: { contents, resolveDir: PROGRAMS, loader: "ts" } };
}

async function bundle(options: BuildOptions): Promise<string> {
  const common = { bundle: true, minify: true, format: "esm", target: "es2024", write: false } as const;
  const { outputFiles } = await build({ ...options, ...common, external: ["cloudflare:*"], logLevel: "error" });
  return outputFiles[0]?.text ?? "";
}

async function schema(): Promise<string> {
  const folder = path.join(PROJECT_ROOT, "migrations");
  const files = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
  const texts = await Promise.all(files.map((name) => readFile(path.join(folder, name), "utf8")));
  return texts.join(";\n").replaceAll("--> statement-breakpoint", "");
}

/** workerd says on its control pipe which socket got which port. */
function portsOf(child: ChildProcess, count: number): Promise<readonly (readonly [string, number])[]> {
  return new Promise((resolve, reject) => {
    const ports: (readonly [string, number])[] = [];
    child.once("exit", (code) => reject(new Error(`workerd ended at once (${code}).`)));
    createInterface(child.stdio[3] as Readable).on("line", (line) => {
      const { event, socket, port } = JSON.parse(line) as { event: string; socket: string; port: number };
      if (event === "listen") ports.push([socket, port]);
      if (ports.length === count) resolve(ports);
    });
  });
}
