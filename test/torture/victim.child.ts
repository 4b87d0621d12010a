import { flushCompileCache } from "node:module";
import { startWorker, type WorkerOptions } from "../../src/cli/worker.ts";

/** What the torture tells this process, and what it hears from it. */
export type Order = Omit<WorkerOptions, "onLog">;
export type News =
  | { readonly kind: "loaded" }
  | { readonly kind: "ready" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "log"; readonly level: string; readonly line: string };

/** The Worker in a process of its own: it loads what it needs, waits for the order to start, and lives until it is killed. */
function tell(news: News): void {
  if (process.connected) process.send?.(news);
}

async function live(order: Order): Promise<void> {
  try {
    await startWorker({ ...order, onLog: (level, line) => tell({ kind: "log", level, line }) });
    tell({ kind: "ready" });
    // A process that is killed has no exit to write it at; the next one loads in half the time.
    flushCompileCache();
  } catch (error) {
    tell({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

process.once("message", (order: Order) => void live(order));
// Who started it is gone: nobody else would end it, and workerd under it.
process.once("disconnect", () => process.kill(-process.pid, "SIGKILL"));
tell({ kind: "loaded" });
