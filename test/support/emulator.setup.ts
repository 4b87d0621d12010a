import type { TestProject } from "vitest/node";
import { startEmulator } from "../../src/emulator/server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The origin of a Twilio that runs beside the tests. */
    emulator: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const emulator = await startEmulator({ port: 0, pace: { queuedMs: 5, sentMs: 5 } });
  project.provide("emulator", emulator.origin);
  return () => emulator.stop();
}
