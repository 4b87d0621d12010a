import { existsSync } from "node:fs";

const CANDIDATES = [
  process.env["CHROMIUM"] ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** A Chromium that is installed here, or null. On CI there must be one. */
export const chromiumPath = CANDIDATES.find((path) => path !== "" && existsSync(path)) ?? null;

if (chromiumPath === null && process.env["CI"]) throw new Error("CI needs Chromium: apt-get install chromium");

export const CHROMIUM_OPTIONS = {
  executablePath: chromiumPath ?? "",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-software-rasterizer",
    // Nobody looks at the movements of the page, which cost time at every message.
    "--force-prefers-reduced-motion",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
  ],
};
