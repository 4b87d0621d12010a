import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "..");

/** Every page of the repository, as a path from its root. */
const PAGES = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "--", "*.md"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(path.join(ROOT, file)));

describe("the links of a page", () => {
  it.each(PAGES)("%s point to existing files and headings", (page) => {
    expect(listLinks(page).flatMap((link) => findProblem(page, link) ?? [])).toEqual([]);
  });
});

/** @returns the targets of a page's links that lead to other pages and files of the repository */
function listLinks(page: string): readonly string[] {
  const links = [...withoutCode(readPage(page)).matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/gu)];
  return links.map(([, target = ""]) => target).filter((target) => !/^[a-z][a-z+.-]*:/iu.test(target));
}

/** @returns a sentence about a link that leads nowhere, or null */
function findProblem(page: string, link: string): string | null {
  const [file = "", anchor] = link.split("#", 2);
  const target = file === "" ? page : path.posix.join(path.posix.dirname(page), decodeURIComponent(file));
  const full = path.join(ROOT, target);
  if (!existsSync(full)) return `${page} links to ${link}, but ${target} does not exist`;
  if (anchor === undefined || statSync(full).isDirectory() || !target.endsWith(".md")) return null;
  return listAnchors(target).has(anchor) ? null : `${page} links to ${link}, but ${target} has no such heading`;
}

/** @returns the anchors that GitHub gives to the headings of a page */
function listAnchors(page: string): ReadonlySet<string> {
  const headings = [...withoutFences(readPage(page)).matchAll(/^#{1,6} +(.+?) *#* *$/gmu)];
  const anchors = new Set<string>();
  for (const [, heading = ""] of headings) {
    const anchor = toAnchor(heading);
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count += 1) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

function toAnchor(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/gu, "$1")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
    .replaceAll(" ", "-");
}

/** Removes fenced blocks and code in backticks: what looks like a link there is none. */
function withoutCode(text: string): string {
  return withoutFences(text).replaceAll(/(?<!\[)`[^`\n]*`(?!\])/gu, "");
}

function withoutFences(text: string): string {
  return text.replaceAll(/^ *```[^]*?^ *```/gmu, "");
}

function readPage(page: string): string {
  return readFileSync(path.join(ROOT, page), "utf8");
}
