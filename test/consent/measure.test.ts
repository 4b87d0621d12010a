import { describe, expect, it } from "vitest";
import { parseConsentIntent } from "../../src/consent/consent-intent.ts";
import { readOrdinary, readPhrases } from "./corpus.ts";

const phrases = readPhrases();
const ordinary = readOrdinary();

describe("opt-outs", () => {
  it("are at least 500 in ten languages, and 99 % of them are recognised", () => {
    const missed = phrases.filter(({ text }) => parseConsentIntent(text, false) !== "stop");
    console.log(`${phrases.length - missed.length} of ${phrases.length} opt-outs recognised.`);
    expect(new Set(phrases.map(({ where }) => where.split(".")[0])).size).toBeGreaterThanOrEqual(10);
    expect(phrases.length).toBeGreaterThanOrEqual(500);
    expect(missed.length, JSON.stringify(missed)).toBeLessThanOrEqual(phrases.length / 100);
  });
});

describe("ordinary texts", () => {
  it("are at least 5,000, and none counts as an opt-out", () => {
    const taken = ordinary.filter(({ text }) => parseConsentIntent(text, false) === "stop");
    console.log(`${taken.length} of ${ordinary.length} ordinary texts taken for an opt-out.`);
    expect(ordinary.length).toBeGreaterThanOrEqual(5_000);
    expect(taken).toEqual([]);
  });

  it("opt in only contacts that have opted out", () => {
    expect(ordinary.filter(({ text }) => parseConsentIntent(text, false) === "start")).toEqual([]);
  });
});
