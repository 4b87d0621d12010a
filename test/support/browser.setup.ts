import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { CHROMIUM_OPTIONS, chromiumPath } from "./chromium.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where tests connect to the one Chromium that all files share; empty if there is none on this machine. */
    browserEndpoint: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = chromiumPath === null ? null : await chromium.launchServer(CHROMIUM_OPTIONS);
  project.provide("browserEndpoint", server?.wsEndpoint() ?? "");
  return async () => await server?.close();
}
