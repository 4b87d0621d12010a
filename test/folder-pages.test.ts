import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const SOURCE = path.resolve(import.meta.dirname, "../src");

/** A folder with more files than this needs a page of its own, or a place on its parent's. */
const FILES_WITHOUT_PAGE = 3;

/** Paths below `src`, with slashes; the top folder itself is described in docs/architecture.md. */
const FOLDERS = readdirSync(SOURCE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => path.relative(SOURCE, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, "/"))
  .toSorted();

describe("the page of a folder", () => {
  it.each(FOLDERS.filter(hasPage))("src/%s/README.md names every file", (folder) => {
    const page = readPage(folder);
    const missing = listCoveredFiles(folder).filter((file) => !isNamed(path.posix.basename(file), page));
    expect(missing.map((file) => `src/${folder}/README.md does not name ${file}`)).toEqual([]);
  });

  it("exists for each folder of more than three files, unless its parent's page names the folder or its files", () => {
    const missing = FOLDERS.filter((folder) => listSourceFiles(folder).length > FILES_WITHOUT_PAGE)
      .filter((folder) => !hasPage(folder) && !isCoveredByParent(folder))
      .map((folder) => `src/${folder} has ${listSourceFiles(folder).length} files and no README.md`);
    expect(missing).toEqual([]);
  });
});

/** @returns the files of a folder and of its subfolders without a page, as paths from the folder */
function listCoveredFiles(folder: string): readonly string[] {
  const below = listSubfolders(folder).filter((name) => !hasPage(`${folder}/${name}`));
  return [
    ...listSourceFiles(folder),
    ...below
      .filter((name) => !isNamedAsFolder(name, readPage(folder)))
      .flatMap((name) => listSourceFiles(`${folder}/${name}`).map((file) => `${name}/${file}`)),
  ];
}

function isCoveredByParent(folder: string): boolean {
  const parent = path.posix.dirname(folder);
  if (!hasPage(parent)) return false;
  const page = readPage(parent);
  const name = path.posix.basename(folder);
  return isNamedAsFolder(name, page) || listSourceFiles(folder).every((file) => isNamed(file, page));
}

/** Returns whether a page has the name in backticks or in a link, perhaps behind the path of a folder. */
function isNamed(name: string, page: string): boolean {
  return new RegExp(`[\`(/[]${escapePattern(name)}[\`)#\\]]`, "u").test(page);
}

/** Returns whether a page has the folder in backticks or in a link, with a slash at its end. */
function isNamedAsFolder(name: string, page: string): boolean {
  return new RegExp(`[\`(/[]${escapePattern(name)}/[\`)]`, "u").test(page);
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/gu, "\\$&");
}

function listSourceFiles(folder: string): readonly string[] {
  return readdirSync(path.join(SOURCE, folder))
    .filter((name) => /\.tsx?$/u.test(name))
    .toSorted();
}

function listSubfolders(folder: string): readonly string[] {
  return readdirSync(path.join(SOURCE, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

function hasPage(folder: string): boolean {
  return existsSync(path.join(SOURCE, folder, "README.md"));
}

function readPage(folder: string): string {
  return readFileSync(path.join(SOURCE, folder, "README.md"), "utf8");
}
