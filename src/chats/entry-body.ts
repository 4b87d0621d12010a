import { type JsonValue, parseJson } from "../core/json.ts";

/**
 * The part of an entry after its sign: words in brackets, then the text. A text that would not survive as written is
 * a JSON string.
 */
export interface EntryBody {
  readonly brackets: readonly BodyBracket[];
  readonly text: string;
}

export type BodyBracket =
  /** A word that `isWord` accepts. */
  | { readonly kind: "word"; readonly word: string }
  /** Any other value, written as a JSON string. */
  | { readonly kind: "quoted"; readonly value: string };

const BRACKET = /^\[("(?:[^"\\]|\\.)*"|[^\]"\n]+)\] */u;
/** Characters that editors hide or treat as line ends. */
const UNSEEN_CHARACTERS = /[\p{Cc}\p{Zl}\p{Zp}\uFEFF]/u;

/** @param isWord decides whether a word in brackets is part of the syntax; otherwise the text begins at that bracket */
export function parseBody(written: string, isWord: (inner: string) => boolean): EntryBody {
  const brackets: BodyBracket[] = [];
  let rest = written;
  for (let match = BRACKET.exec(rest); match !== null; match = BRACKET.exec(rest)) {
    const [whole, inner = ""] = match;
    const value = parseQuoted(inner);
    if (value === null && !isWord(inner)) break;
    brackets.push(value === null ? { kind: "word", word: inner } : { kind: "quoted", value });
    rest = rest.slice(whole.length);
  }
  return { brackets, text: parseQuoted(rest) ?? rest };
}

/** @returns lines that `parseBody` reads: the first without its sign, the others without their indent */
export function writeBody({ brackets, text }: EntryBody, isWord: (inner: string) => boolean): string {
  const before = brackets.map((each) => `[${each.kind === "word" ? each.word : quoteJson(each.value)}]`);
  const plain = [...before, text].join(" ").trimEnd();
  const reparsed = parseBody(plain, isWord);
  const survives = isPlainText(text) && reparsed.text === text && reparsed.brackets.length === brackets.length;
  return survives ? plain : [...before, quoteJson(text)].join(" ");
}

/** @returns the value as a word if it is one and fits in brackets, otherwise as a quoted string */
export function toBracket(value: string, isWord: (inner: string) => boolean): BodyBracket {
  const isPlainWord = isWord(value) && BRACKET.exec(`[${value}]`)?.[1] === value;
  return isPlainWord ? { kind: "word", word: value } : { kind: "quoted", value };
}

/** @returns the value as JSON on one line, with invisible characters escaped */
export function quoteJson(value: JsonValue): string {
  return JSON.stringify(value).replace(
    /[\p{Cc}\p{Zl}\p{Zp}\uFEFF]/gu,
    (unseen) => `\\u${unseen.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** @returns whether a text on one line is read back unchanged and is not a JSON string */
export function isPlainLine(text: string): boolean {
  return text !== "" && text === text.trim() && !UNSEEN_CHARACTERS.test(text) && parseQuoted(text) === null;
}

/** @returns the content of a JSON string, or null if the text is not one */
export function parseQuoted(text: string): string | null {
  if (!text.startsWith('"')) return null;
  const value = parseJson(text);
  return typeof value === "string" ? value : null;
}

/** @returns the word as it is if `parseWord` finds its end, otherwise as a JSON string */
export function writeWord(word: string): string {
  return /^[^\s"]\S*$/u.test(word) ? word : quoteJson(word);
}

/**
 * Reads a word or a JSON string.
 * @returns the word and the rest of the text
 */
export function parseWord(text: string): { readonly word: string; readonly rest: string } {
  const quoted = /^"(?:[^"\\]|\\.)*"/u.exec(text)?.[0] ?? "";
  const word = parseQuoted(quoted);
  const end = word === null ? (/^\S*/u.exec(text)?.[0].length ?? 0) : quoted.length;
  return { word: word ?? text.slice(0, end), rest: text.slice(end).trim() };
}

/** @returns whether editors and line ends leave the text unchanged */
function isPlainText(text: string): boolean {
  const lines = text.split("\n");
  const [first = "", last = ""] = [lines[0], lines.at(-1)];
  if (text !== "" && (first === "" || last === "")) return false;
  return (
    first === first.trim() &&
    lines.every((line) => line === line.trimEnd()) &&
    text.isWellFormed() &&
    !UNSEEN_CHARACTERS.test(text.replace(/[\n\t]/gu, ""))
  );
}
