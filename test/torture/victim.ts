import { type ChildProcess, fork } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import type { News, Order } from "./victim.child.ts";

const SCRIPT = path.join(import.meta.dirname, "victim.child.ts");
const PATIENCE_MILLISECONDS = 30_000;

/** A Worker may be killed sooner than the next process has loaded. */
const BODIES_IN_WAITING = 2;

/** The Worker, as something that can be killed and comes back on the same port with the same storage. */
export class Victim {
  readonly logged: string[] = [];
  readonly #order: Order;
  readonly #temporary: string;
  #running: Body | null = null;
  /** The next processes, which have loaded everything already: that makes a restart shorter by half a second. */
  readonly #next: Body[];

  constructor(order: Order, temporary: string) {
    this.#order = order;
    this.#temporary = temporary;
    this.#next = Array.from({ length: BODIES_IN_WAITING }, () => new Body(temporary, this.#hear));
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#order.port}`;
  }

  /** @returns how many milliseconds it took until it listens */
  async start(): Promise<number> {
    await mkdir(this.#temporary, { recursive: true });
    const began = performance.now();
    const migrated = this.#running !== null;
    this.#running = this.#next.shift() ?? new Body(this.#temporary, this.#hear);
    await this.#running.start({ ...this.#order, migrated });
    this.#next.push(new Body(this.#temporary, this.#hear));
    return performance.now() - began;
  }

  /** Everything at once, as when the plug is pulled: the Node process and workerd under it. */
  async kill(): Promise<void> {
    await this.#running?.kill();
    await untilSilent(this.#order.port);
  }

  async end(): Promise<void> {
    const all = this.#running === null ? this.#next : [this.#running, ...this.#next];
    await Promise.all(all.map((body) => body.kill()));
  }

  readonly #hear = (level: string, line: string): void => {
    if (level === "warn" || level === "error") this.logged.push(line);
  };
}

/** One process, with a process group of its own. */
class Body {
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #loaded: Promise<News>;

  constructor(temporary: string, hear: (level: string, line: string) => void) {
    // What a killed Miniflare leaves behind goes with the torture's own folder.
    const env = { ...process.env, TMPDIR: temporary, NODE_COMPILE_CACHE: path.join(temporary, "compiled") };
    this.#process = fork(SCRIPT, { detached: true, stdio: ["ignore", "ignore", "inherit", "ipc"], env });
    this.#ended = new Promise((resolve) => this.#process.once("exit", () => resolve()));
    this.#loaded = this.#news("loaded");
    this.#loaded.catch(() => undefined);
    this.#process.on("message", (news: News) => news.kind === "log" && hear(news.level, news.line));
  }

  async start(order: Order): Promise<void> {
    await this.#loaded;
    const ready = this.#news("ready");
    this.#process.send(order);
    await ready;
  }

  async kill(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#process;
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, "SIGKILL");
    await this.#ended;
  }

  #news(kind: News["kind"]): Promise<News> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`The Worker is not ${kind} in time.`)), PATIENCE_MILLISECONDS);
      const settle = (): void => {
        clearTimeout(timer);
        this.#process.off("message", hear);
      };
      const hear = (news: News): void => {
        if (news.kind === "failed") reject(new Error(`The Worker does not start: ${news.message}`));
        if (news.kind === kind) resolve(news);
        if (news.kind === kind || news.kind === "failed") settle();
      };
      this.#process.on("message", hear);
      this.#process.once("exit", () => {
        settle();
        reject(new Error(`The Worker's process ended before it was ${kind}.`));
      });
    });
  }
}

/** Waits until nobody listens: the system closes a dead process's sockets, and its files with them, a moment after its death. */
async function untilSilent(port: number): Promise<void> {
  while (await isListening(port)) await new Promise((resolve) => setTimeout(resolve, 2));
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
