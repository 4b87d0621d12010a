import { describe, expect, it } from "vitest";
import { TOPICS_PER_APPLICATION } from "../../src/core/limits/configuration.ts";
import { KEYWORDS_PER_TOPIC } from "../../src/core/limits/topics.ts";
import { createTopicFinder } from "../../src/understanding/keywords.ts";

const finder = createTopicFinder([
  { id: "order", keywords: ["order", "my order", "bestellung aufgeben"] },
  { id: "track", keywords: ["track", "where is my order", "größe"] },
  { id: "pizza", keywords: ["🍕", "pizza"] },
  { id: "hours", keywords: ["opening hours", "C++"] },
  { id: "shop", keywords: ["store", "pizza", "sí"] },
  { id: "if", keywords: ["si", "समय"] },
  { id: "storm", keywords: ["storm", "route 66"] },
]);

describe("a finder", () => {
  it.each([
    ["order", "order"],
    ["Order!", "order"],
    ["I want to ORDER something", "order"],
    ["hey, where is my order?", "track"],
    ["track my order", "order"],
    ["🍕", "pizza"],
    ["one 🍕🏽 please", "pizza"],
    ["orders", "order"],
    ["ordr", "order"],
    ["ordre", "order"],
    ["openning huors", "hours"],
    ["Opening-hours?", "hours"],
    ["groesse", "track"],
    ["GRÖSSE", "track"],
    ["grosse", "track"],
    ["c++", "hours"],
    ["sí", "shop"],
    ["SI", "if"],
    ["समय", "if"],
    ["rotue 66", "storm"],
  ])("takes %j for %s", (text, id) => {
    expect(finder.find(text)).toEqual({ kind: "topic", id });
  });

  it.each([
    ["pizza", ["pizza", "shop"]],
    ["a pizza now", ["pizza", "shop"]],
    ["stor", ["shop", "storm"]],
    ["order or track", ["order", "track"]],
    ["order and storm", ["order", "storm"]],
  ])("takes %j for any of %j", (text, ids) => {
    expect(finder.find(text)).toEqual({ kind: "which", ids });
  });

  it.each([
    "",
    "disorder",
    "backtracking",
    "hello",
    "!!!",
    "I want ordr now",
    "route 67",
    "route 65",
    "sii",
    "order".repeat(400),
  ])("takes %j for none", (text) => {
    expect(finder.find(text)).toEqual({ kind: "none" });
  });

  it("in a menu counts only the whole text, without mistakes", () => {
    expect(finder.findExact("Track.")).toEqual({ kind: "topic", id: "track" });
    expect(finder.findExact("pizza")).toEqual({ kind: "which", ids: ["pizza", "shop"] });
    expect(finder.findExact("track it")).toEqual({ kind: "none" });
    expect(finder.findExact("trakc")).toEqual({ kind: "none" });
  });

  it("looks up what is there when there are as many keywords as there may be", () => {
    const topics = Array.from({ length: TOPICS_PER_APPLICATION }, (_, topic) => ({
      id: `t${topic}`,
      keywords: Array.from({ length: KEYWORDS_PER_TOPIC }, (__, word) => `keyword ${topic}x${word}`),
    }));
    const large = createTopicFinder(topics);
    expect(large.find(`${"well ".repeat(300)}keyword 150x20 please`)).toEqual({ kind: "topic", id: "t150" });
    expect(large.find("keyword 150x21.")).toEqual({ kind: "topic", id: "t150" });
    expect(large.find("kyeword 7x21")).toEqual({ kind: "topic", id: "t7" });
  });
});
