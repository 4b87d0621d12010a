import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { servePicture } from "./bots/picture.ts";
import type { Bots } from "./bots/serve.child.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The stand-ins for assistants that are somewhere else. */
    bots: Bots;
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  servePicture();
  const child = fork(path.join(import.meta.dirname, "bots/serve.child.ts"));
  const ended = once(child, "exit").then(() => Promise.reject(new Error("the stand-ins did not start")));
  const [bots] = (await Promise.race([once(child, "message"), ended])) as [Bots];
  ended.catch(() => undefined);
  project.provide("bots", bots);
  return () => child.disconnect();
}
