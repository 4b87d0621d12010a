import { describe, expect, it } from "vitest";
import { chooseOption } from "../../src/understanding/choose-option.ts";
import { parseYesOrNo } from "../../src/understanding/yes-no.ts";
import { type Answer, readAnswers } from "../support/answers.ts";

const results = readAnswers().map((answer) => ({ answer, became: becomes(answer) }));
const isRefusal = (wanted: string): boolean => wanted === "which" || wanted === "none";
const mustChoose = results.filter(({ answer }) => !isRefusal(answer.wanted));

describe("human answers", () => {
  it("are many, in six languages", () => {
    expect(results.length).toBeGreaterThan(1_000);
    expect(new Set(results.map(({ answer }) => answer.language.code)).size).toBe(6);
    for (const code of ["es", "fr", "de", "pt", "hi"])
      expect(results.filter(({ answer }) => answer.language.code === code).length).toBeGreaterThan(80);
  });

  it("never choose what was not meant", () => {
    const wrong = results.filter(({ answer, became }) => !isRefusal(became) && became !== answer.wanted);
    expect(wrong.map(describeResult)).toEqual([]);
  });

  it("are asked about where they fit several options, and only there", () => {
    const wrong = results.filter(({ answer, became }) => isRefusal(answer.wanted) && became !== answer.wanted);
    expect(wrong.map(describeResult)).toEqual([]);
  });

  it("are understood, 98 in 100 at least", () => {
    const missed = mustChoose.filter(({ answer, became }) => became !== answer.wanted);
    if (missed.length > 0) console.log(missed.map(describeResult).join("\n"));
    expect(missed.length / mustChoose.length).toBeLessThan(0.02);
  });
});

function becomes({ options, text, language }: Answer): string {
  if (options.length === 0) {
    const said = parseYesOrNo(text, language);
    if (said === null) return "none";
    return said ? "yes" : "no";
  }
  const choice = chooseOption(
    text,
    options.map((label) => ({ label })),
    language,
  );
  return choice.kind === "chosen" ? String(choice.index + 1) : choice.kind;
}

function describeResult({ answer, became }: (typeof results)[number]): string {
  return `${answer.where} ${JSON.stringify(answer.text)} of [${answer.options.join(" | ")}]: ${became}, not ${answer.wanted}`;
}
