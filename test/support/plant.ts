import { cp, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "vitest";
import { PROJECT_ROOT } from "../../src/cli/bundle.ts";

/** What is to be found in a file, and what stands there instead. */
export type Edit = readonly [file: string, right: string, wrong: string];

/** @returns a folder with the sources as they are, but for the edits; whoever asks removes it */
export async function plant(edits: readonly Edit[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "parley-planted-"));
  for (const name of ["src", "migrations", "wrangler.toml", "package.json", "tsconfig.json"])
    await cp(path.join(PROJECT_ROOT, name), path.join(folder, name), { recursive: true });
  await symlink(path.join(PROJECT_ROOT, "node_modules"), path.join(folder, "node_modules"));
  for (const [file, right, wrong] of edits) {
    const place = path.join(folder, "src", file);
    const text = await readFile(place, "utf8");
    expect(text.split(right), `${file} has once what is to be broken`).toHaveLength(2);
    await writeFile(
      place,
      text.replace(right, () => wrong),
    );
  }
  return folder;
}
