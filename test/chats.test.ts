import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { asItWent, play } from "../src/chats/compare.ts";
import { parseChat } from "../src/chats/parse.ts";
import { beginningOf, castOf } from "../src/chats/play.ts";
import { answeringFor } from "../src/cli/documents.ts";
import { SAMPLES } from "../src/cli/sample.ts";

const FOLDER = path.join(import.meta.dirname, "chats");

describe.each(readdirSync(FOLDER).filter((name) => name.endsWith(".chat")))("%s", (file) => {
  it("goes as written", async () => {
    const written = readFileSync(path.join(FOLDER, file), "utf8");
    const parsed = parseChat(written);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.failure));
    const entries = parsed.value.map(({ entry }) => entry);
    const answering = await answeringFor(entries, [SAMPLES]);
    expect(asItWent(play(parsed.value, beginningOf(entries), castOf(entries, answering)))).toBe(written);
  });
});
