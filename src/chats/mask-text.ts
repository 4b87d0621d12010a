import type { JsonValue } from "../core/json.ts";
import { MASK_KEPT_WORDS, MASK_WORDS } from "../core/limits/chats.ts";

/**
 * @param digit replaces every digit
 * @returns the text with letters as x and X; spaces, punctuation and emoji stay, so that its form remains visible
 */
export function maskText(text: string, digit = "0"): string {
  return text
    .replace(/\p{Lu}\p{M}*/gu, "X")
    .replace(/(?!X)\p{L}\p{M}*/gu, "x")
    .replace(/\p{N}/gu, digit);
}

/**
 * Yields masked forms of a text, from none of its words kept to single words and longer runs, for conversations that
 * need them to continue. Words that may identify the contact, with three digits or an @, are never kept.
 */
export function* generateMaskedTexts(text: string): Generator<string> {
  yield maskText(text);
  yield maskText(text, "1");
  const pieces = text.split(/(\s+)/u);
  const words = pieces.flatMap((piece, index) => (index % 2 === 0 && piece !== "" ? [index] : [])).slice(0, MASK_WORDS);
  for (let length = 1; length <= Math.min(MASK_KEPT_WORDS, words.length); length += 1) {
    for (let first = 0; first + length <= words.length; first += 1) {
      const kept = new Set(words.slice(first, first + length));
      if (isHarmlessText([...kept].map((index) => pieces[index] ?? "").join(" ")))
        yield pieces.map((piece, index) => (kept.has(index) ? piece : maskText(piece))).join("");
    }
  }
}

/**
 * Yields masked forms of a response from an operator's system: first with every text and number masked, then with
 * texts kept that look like a code.
 */
export function* generateMaskedJson(json: JsonValue): Generator<JsonValue> {
  yield maskJson(json, () => false);
  yield maskJson(json, (text) => /^[a-z][a-z_-]{0,29}$/u.test(text));
}

function maskJson(json: JsonValue, isKept: (text: string) => boolean): JsonValue {
  if (typeof json === "string") return isKept(json) ? json : maskText(json);
  if (typeof json === "number") return Number.isInteger(json) && Math.abs(json) < 100 ? json : 0;
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map((each: JsonValue) => maskJson(each, isKept));
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, maskJson(value, isKept)]));
}

function isHarmlessText(words: string): boolean {
  return !words.includes("@") && (words.match(/\p{N}/gu) ?? []).length <= 2;
}
