import type { Reporter } from "vitest/node";

/** How an entry of workerd's own log begins. It has one for every error that a test provokes. */
const WORKERD_ENTRY = /^(?:uncaught exception; |exception = |workerd\/|kj\/)/u;

/**
 * Keeps workerd's log out of the output of a run that passes; if the run fails, the log follows the report.
 * Everything else that is written to stderr passes at once.
 */
export class WorkerdLogReporter implements Reporter {
  readonly #held: string[] = [];

  onInit(): void {
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (chunk: string | Uint8Array, ...rest: never[]) => {
      if (typeof chunk !== "string" || !WORKERD_ENTRY.test(chunk)) return write(chunk, ...rest);
      this.#held.push(chunk);
      return true;
    };
  }

  onTestRunEnd(_: unknown, __: unknown, reason: string): void {
    const held = this.#held.splice(0);
    if (reason === "failed" && held.length > 0) process.stderr.write(`\nThe log of workerd:\n${held.join("")}`);
  }
}
