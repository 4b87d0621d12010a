import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { Hono } from "hono";

const PAGE_FOLDER = join(import.meta.dirname, "page/");

/** Allows only the page's own script, and forbids frames. */
const SECURITY_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data: blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Serves the phone page: `/`, `/page.js` and `/page.css`. Bundles it once, on the first request. */
export function createPageApp(folder: string = PAGE_FOLDER): Hono {
  const app = new Hono();
  let bundling: Promise<PageBundle> | undefined;
  const bundleOnce = (): Promise<PageBundle> => (bundling ??= bundlePage(folder));

  app.get("/", async (c) => {
    const { error } = await bundleOnce();
    c.header("content-security-policy", SECURITY_POLICY);
    c.header("x-content-type-options", "nosniff");
    if (error !== null) return c.html(renderBundleError(error), 500);
    return c.html(await readFile(`${folder}index.html`, "utf8"));
  });
  app.get("/page.js", async (c) => {
    const { script, error } = await bundleOnce();
    return error === null ? c.body(script, 200, createHeaders("text/javascript")) : c.text(error, 500);
  });
  app.get("/page.css", async (c) => {
    const { style, error } = await bundleOnce();
    return error === null ? c.body(style, 200, createHeaders("text/css")) : c.text(error, 500);
  });
  app.onError((error, c) => c.text(`The phone page could not be served: ${error.message}`, 500));
  return app;
}

interface PageBundle {
  readonly script: string;
  readonly style: string;
  /** The message of esbuild or the file system; null if the bundle is complete. */
  readonly error: string | null;
}

async function bundlePage(folder: string): Promise<PageBundle> {
  if (!existsSync(`${folder}main.tsx`)) return createBrokenBundle("src/emulator/page/main.tsx does not exist.");
  try {
    const { outputFiles } = await build({
      entryPoints: [`${folder}main.tsx`, `${folder}page.css`],
      outdir: folder,
      bundle: true,
      minify: true,
      write: false,
      format: "esm",
      target: "es2022",
      jsx: "automatic",
      jsxImportSource: "preact",
      logLevel: "silent",
    });
    const findOutput = (suffix: string): string => outputFiles.find(({ path }) => path.endsWith(suffix))?.text ?? "";
    return { script: findOutput(".js"), style: findOutput(".css"), error: null };
  } catch (error) {
    return createBrokenBundle(error instanceof Error ? error.message : String(error));
  }
}

function createBrokenBundle(error: string): PageBundle {
  return { script: "", style: "", error };
}

function renderBundleError(error: string): string {
  const text = error.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<!doctype html><meta charset="utf-8"><title>Twilio emulator</title>
<h1>The phone page could not be built</h1><p>The rest of the emulator works.</p><pre>${text}</pre>`;
}

function createHeaders(type: string) {
  return { "content-type": `${type}; charset=utf-8`, "x-content-type-options": "nosniff", "cache-control": "no-cache" };
}
