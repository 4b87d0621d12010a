import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { isCarrierKeyword } from "../../src/consent/carrier-keywords.ts";
import { LANGUAGES } from "../../src/languages/catalog.ts";
import { readAnswers } from "../support/answers.ts";

/** A text and its file and line. */
export interface Line {
  readonly text: string;
  readonly where: string;
}

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Texts that opt out, one a line. */
export function readPhrases(): readonly Line[] {
  return readFolder("test/consent/phrases");
}

/** Texts that must not: near misses, then the texts of contacts and topics in all other tests; each text once. */
export function readOrdinary(): readonly Line[] {
  const lines = [
    ...readFolder("test/consent/sentences").flatMap(({ text, where }) => expand(text).map((each) => at(each, where))),
    ...readAnswers().map(({ text, where }) => at(text, where)),
    ...Object.values(LANGUAGES).flatMap(({ code, words }) =>
      stringsIn(words).map((text) => at(text, `words of ${code}`)),
    ),
    ...Object.values(LANGUAGES).flatMap(({ code, messages }) =>
      stringsIn(messages).map((text) => at(text, `messages of ${code}`)),
    ),
    ...["applications", "topics"].flatMap((folder) => samples(`src/cli/sample/${folder}`)),
    ...chats("test/chats"),
  ];
  const texts = new Map(lines.map((line) => [line.text, line]));
  return [...texts.values()].filter(({ text }) => text !== "" && !isCarrierKeyword(text));
}

/** Expands alternatives: `cancel {my order|the visit}` becomes two texts. */
function expand(text: string): readonly string[] {
  const [, before = "", choices, after = ""] = /^([^{]*)\{([^}]*)\}(.*)$/u.exec(text) ?? [];
  return choices === undefined ? [text] : choices.split("|").flatMap((each) => expand(before + each + after));
}

function readFolder(folder: string): readonly Line[] {
  return readdirSync(path.join(ROOT, folder)).flatMap((file) =>
    read(path.join(folder, file)).flatMap((text, index) => (text === "" ? [] : [at(text, `${file}:${index + 1}`)])),
  );
}

function samples(folder: string): readonly Line[] {
  return readdirSync(path.join(ROOT, folder)).flatMap((file) =>
    stringsIn(JSON.parse(read(path.join(folder, file)).join("\n"))).map((text) => at(text, file)),
  );
}

function chats(folder: string): readonly Line[] {
  const files = readdirSync(path.join(ROOT, folder)).filter(
    (file) => file.endsWith(".chat") && !/stop|consent/u.test(file),
  );
  return files.flatMap((file) =>
    read(path.join(folder, file)).flatMap((line) => (/^[<>] /u.test(line) ? [at(line.slice(2), file)] : [])),
  );
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

function read(file: string): readonly string[] {
  return readFileSync(path.join(ROOT, file), "utf8").split("\n");
}

function at(text: string, where: string): Line {
  return { text: text.trim(), where };
}
