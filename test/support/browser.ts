import { type Browser, chromium } from "playwright-core";
import { inject } from "vitest";

export { chromiumPath } from "./chromium.ts";

/** Connects to the Chromium that `browser.setup.ts` has launched; to close it ends only what this file has opened. */
export async function openBrowser(): Promise<Browser> {
  return await chromium.connect(inject("browserEndpoint"));
}
