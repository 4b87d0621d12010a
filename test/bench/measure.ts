import { readdir, readFile } from "node:fs/promises";

/**
 * The CPU time that a process has used, all of its threads together, in milliseconds; null on a system without `/proc`.
 * From the scheduler's own counts: `/proc/PID/stat` counts in ticks of 10 ms.
 */
export async function cpuOf(pid: number): Promise<number | null> {
  try {
    const tasks = await readdir(`/proc/${pid}/task`);
    const lines = await Promise.all(tasks.map((task) => readFile(`/proc/${pid}/task/${task}/schedstat`, "utf8")));
    return lines.reduce((sum, line) => sum + Number(line.split(" ")[0]), 0) / 1e6;
  } catch {
    return null;
  }
}

/** @param share 0.5 is the median; of no numbers at all it is NaN */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
