import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { Hono } from "hono";

const FOLDER = join(import.meta.dirname, "page/");

/** The page runs its own script and nobody else's, and stands in no other page's frame. */
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data: blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** The phone in the browser: `/`, `/page.js` and `/page.css`. Read and bundled once, when somebody first looks. */
export function screenApp(folder: string = FOLDER): Hono {
  const app = new Hono();
  let bundling: Promise<Bundle> | undefined;
  const bundled = (): Promise<Bundle> => (bundling ??= bundle(folder));

  app.get("/", async (c) => {
    const { error } = await bundled();
    c.header("content-security-policy", POLICY);
    c.header("x-content-type-options", "nosniff");
    if (error !== null) return c.html(explain(error), 500);
    return c.html(await readFile(`${folder}index.html`, "utf8"));
  });
  app.get("/page.js", async (c) => {
    const { script, error } = await bundled();
    return error === null ? c.body(script, 200, typed("text/javascript")) : c.text(error, 500);
  });
  app.get("/page.css", async (c) => {
    const { style, error } = await bundled();
    return error === null ? c.body(style, 200, typed("text/css")) : c.text(error, 500);
  });
  app.onError((error, c) => c.text(`The phone page cannot be shown: ${error.message}`, 500));
  return app;
}

interface Bundle {
  readonly script: string;
  readonly style: string;
  /** What esbuild, or the file system, says is wrong. */
  readonly error: string | null;
}

async function bundle(folder: string): Promise<Bundle> {
  if (!existsSync(`${folder}main.tsx`)) return broken("src/emulator/page/main.tsx is not there.");
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
    const output = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
    return { script: output(".js"), style: output(".css"), error: null };
  } catch (error) {
    return broken(error instanceof Error ? error.message : String(error));
  }
}

function broken(error: string): Bundle {
  return { script: "", style: "", error };
}

function explain(error: string): string {
  const text = error.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<!doctype html><meta charset="utf-8"><title>Twilio emulator</title>
<h1>The phone page cannot be shown</h1><p>The emulator itself works.</p><pre>${text}</pre>`;
}

function typed(type: string) {
  return { "content-type": `${type}; charset=utf-8`, "x-content-type-options": "nosniff", "cache-control": "no-cache" };
}
