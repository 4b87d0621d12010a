import type { Reporter } from "vitest/node";

/** How an entry of workerd's own log begins. It has one for every error that a test provokes. */
const WORKERD_ENTRY = /^(?:uncaught exception; |exception = |workerd\/|kj\/|NOSENTRY )/u;

/**
 * Keeps workerd's log out of the output of a run that passes; if the run fails, it follows the report, without stacks.
 * Everything else that is written passes at once.
 */
export class WorkerdLogReporter implements Reporter {
  readonly #held: string[] = [];

  onInit(): void {
    for (const stream of [process.stdout, process.stderr]) {
      const write = stream.write.bind(stream);
      stream.write = (chunk: string | Uint8Array, ...rest: never[]) => {
        if (typeof chunk !== "string" || !WORKERD_ENTRY.test(chunk)) return write(chunk, ...rest);
        this.#held.push(chunk);
        return true;
      };
    }
  }

  onTestRunEnd(_: unknown, __: unknown, reason: string): void {
    const held = this.#held.splice(0);
    if (reason !== "failed" || held.length === 0) return;
    // The stacks name addresses in workerd's own program.
    const entries = held.map((entry) => entry.replaceAll(/^stack: .*\n?/gmu, ""));
    const lines = [...Map.groupBy(entries, (entry) => entry)].map(([entry, { length }]) => `${length} × ${entry}`);
    process.stderr.write(`\nThe log of workerd:\n${lines.join("")}`);
  }
}
