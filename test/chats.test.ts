import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { findHeading } from "../src/chats/chat.ts";
import { playPassages, writePlayedChat } from "../src/chats/compare.ts";
import { parseChat } from "../src/chats/parse.ts";
import { createChatProgress, findParticipants } from "../src/chats/play.ts";
import { loadAnsweringApplication, loadLists } from "../src/cli/chat-documents.ts";
import { SAMPLE_APPLICATIONS, SAMPLE_FOLDER } from "../src/cli/sample-configuration.ts";
import { measureSegments } from "../src/twilio/segments.ts";

const FOLDER = path.join(import.meta.dirname, "chats");

const FILES = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".chat"))
  .map((name) => {
    const written = readFileSync(path.join(FOLDER, name), "utf8");
    const parsed = parseChat(written);
    if (!parsed.ok) throw new Error(`${name}: ${JSON.stringify(parsed.failure)}`);
    return { name, written, placed: parsed.value, entries: parsed.value.map(({ entry }) => entry) };
  });

describe.each(FILES)("$name", ({ written, placed, entries }) => {
  it("goes as written", async () => {
    const answering = await loadAnsweringApplication(entries, [FOLDER, SAMPLE_FOLDER]);
    const lists = await loadLists(entries, [FOLDER, SAMPLE_FOLDER]);
    expect(
      writePlayedChat(playPassages(placed, createChatProgress(entries), findParticipants(entries, answering, lists))),
    ).toBe(written);
  });

  it("costs one segment a text, menus with their options perhaps two", () => {
    const costly = entries.flatMap((entry) => {
      if (entry.kind !== "said") return [];
      return measureSegments(entry.text).segments > (entry.text.includes("\n1. ") ? 2 : 1) ? [entry.text] : [];
    });
    expect(costly).toEqual([]);
  });
});

describe("the samples", () => {
  it.each(SAMPLE_APPLICATIONS)("$id has at least two conversations", ({ id }) => {
    expect(FILES.filter(({ entries }) => findHeading(entries, "application")?.name === id).length).toBeGreaterThan(1);
  });

  it("have no topic that no conversation needs", async () => {
    const folder = path.join(SAMPLE_FOLDER, "applications");
    const used = readdirSync(folder).flatMap((name) => {
      const document = JSON.parse(readFileSync(path.join(folder, name), "utf8")) as { assistant: { topics: string[] } };
      return document.assistant.topics.map((topic) => `${topic}.json`);
    });
    expect(readdirSync(path.join(SAMPLE_FOLDER, "topics")).toSorted()).toEqual(used.toSorted());
  });
});
