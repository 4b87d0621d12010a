declare module "vitest" {
  interface ProvidedContext {
    isFullRun: boolean;
  }
}

/** Set by `npm run test:all`: the long tests run too, and every property is tried as often as before a release. */
export const isFullRun = process.env["TESTS"] === "all";

export interface RunCounts {
  /** For `npm test`, which runs after every change. */
  readonly short: number;
  /** For `npm run test:all`. */
  readonly full: number;
}

/** Reads how often a property is tried. @param variable the environment variable that overrides both counts, as `TOPIC_RUNS=20000` */
export function readRunCount(variable: string, { short, full }: RunCounts): number {
  const override = process.env[variable];
  if (override === undefined || override === "") return isFullRun ? full : short;
  const count = Number(override);
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`${variable} must be a whole number from 1, not "${override}".`);
  return count;
}
