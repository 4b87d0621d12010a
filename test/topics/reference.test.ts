import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { reference } from "./reference.ts";

const FILE = path.resolve(import.meta.dirname, "../../docs/topics.md");
const PART = /(?<=<!-- reference -->\n)[^]*(?=\n<!-- \/reference -->)/u;

it("docs/topics.md describes every field of every step kind, as the schemas do", () => {
  const written = readFileSync(FILE, "utf8");
  if (process.env["UPDATE_DOCS"])
    writeFileSync(
      FILE,
      written.replace(PART, () => reference()),
    );
  expect(PART.exec(readFileSync(FILE, "utf8"))?.[0]).toBe(reference());
});
