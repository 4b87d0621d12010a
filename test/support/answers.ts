import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { findLanguage } from "../../src/languages/catalog.ts";
import type { Language } from "../../src/languages/language.ts";

/** One human answer, and what must become of it. */
export interface Answer {
  readonly language: Language;
  /** Empty: the question is one of yes or no. */
  readonly options: readonly string[];
  readonly text: string;
  /** "1" or "yes", or "which" or "none" where nothing may be chosen. */
  readonly wanted: string;
  /** The file and line, to find it. */
  readonly where: string;
}

const FOLDER = path.join(import.meta.dirname, "../topics/answers");

/** Reads all tables. `? a | b` begins a question with its options (none: yes or no), `1: x | y` are answers that choose the first option. */
export function readAnswers(): readonly Answer[] {
  return readdirSync(FOLDER).flatMap((file) => {
    const language = findLanguage(path.parse(file).name);
    if (language === null) throw new Error(`${file} is not named after a language`);
    let options: readonly string[] = [];
    return readFileSync(path.join(FOLDER, file), "utf8")
      .split("\n")
      .flatMap((line, index) => {
        if (line === "" || line.startsWith("# ")) return [];
        if (line.startsWith("?")) {
          options = cut(line.slice(1));
          return [];
        }
        const [, wanted, texts] = /^(\d+|yes|no|which|none): (.*)$/u.exec(line) ?? [];
        if (wanted === undefined || texts === undefined) throw new Error(`${file}:${index + 1} cannot be read`);
        return cut(texts).map((text) => ({ language, options, text, wanted, where: `${file}:${index + 1}` }));
      });
  });
}

function cut(text: string): readonly string[] {
  return text
    .split(" | ")
    .map((each) => each.trim())
    .filter((each) => each !== "");
}
