import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { type PreparedWorker, prepareWorker } from "../../src/cli/worker.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The Worker, bundled once for all files of a project. */
    preparedWorker: PreparedWorker;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), "parley-stack-"));
  project.provide("preparedWorker", await prepareWorker(folder));
  return () => rm(folder, { recursive: true, force: true });
}
