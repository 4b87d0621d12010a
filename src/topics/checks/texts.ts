import { ODD_CHARACTERS, OPTIONS_PER_PAGE, SEGMENTS_PER_TEXT } from "../../core/limits/topics.ts";
import { PART_TEXT_CHARACTERS } from "../../core/limits/twilio.ts";
import { segments } from "../../twilio/segments.ts";
import { smartEncode } from "../../twilio/smart-encoding.ts";
import type { At, Option } from "../steps/kind.ts";
import { type Draft, type DraftStep, type Finding, warningIn } from "./draft.ts";

/**
 * What texts cost: one character that SMS lacks can double the price of all the others.
 * @param smartEncoding whether plain quotes and dashes are sent for others
 */
export function checkTexts({ steps }: Draft, smartEncoding: boolean): readonly Finding[] {
  return steps.flatMap((step) => {
    const { templates = [], options = [] } = step.read?.references ?? {};
    return templates
      .filter(({ language }) => language !== undefined)
      .flatMap((text) => checkText(step, text, hasOptionsBelow(text) ? options : [], smartEncoding));
  });
}

/** Options stand below what the step asks, and below what it says to an answer that is none of them. */
function hasOptionsBelow({ pointer }: At): boolean {
  return /^\/(?:text|retry)(?:\/|$)/u.test(pointer);
}

function checkText(
  step: DraftStep,
  { pointer, value, language }: At,
  options: readonly Option[],
  smartEncoding: boolean,
): readonly Finding[] {
  const lines = options.slice(0, OPTIONS_PER_PAGE).map((option, index) => `${index + 1}. ${labelIn(option, language)}`);
  const whole = [value, ...lines].join("\n");
  // What a tag leaves out cannot be known.
  if (whole.includes("{%")) return [];
  const written = whole.replace(/\{\{.*?\}\}/gsu, "");
  const sent = smartEncoding ? smartEncode(written).text : written;
  const atLeast = written === whole ? "" : "at least ";
  return [...lengthProblem(step, pointer, sent, atLeast), ...oddProblem(step, pointer, sent, atLeast)];
}

function labelIn({ label }: Option, language: string | null | undefined): string {
  if (typeof label === "string") return label;
  return label[language ?? ""] ?? Object.values(label)[0] ?? "";
}

function lengthProblem(step: DraftStep, pointer: string, text: string, atLeast: string): readonly Finding[] {
  const count = segments(text).segments;
  if (text.length > PART_TEXT_CHARACTERS) {
    const detail = `this text has ${atLeast}${text.length} characters, so that it is cut into several messages: one has ${PART_TEXT_CHARACTERS} at most.`;
    return [warningIn(step, pointer, detail)];
  }
  if (count <= SEGMENTS_PER_TEXT) return [];
  return [warningIn(step, pointer, `this text takes ${atLeast}${count} segments, and each is paid for. Write less.`)];
}

function oddProblem(step: DraftStep, pointer: string, text: string, atLeast: string): readonly Finding[] {
  const now = segments(text);
  if (now.encoding === "GSM-7") return [];
  const odd = [...new Set(Array.from(text).filter((char) => segments(char).encoding !== "GSM-7"))];
  if (odd.length > ODD_CHARACTERS) return [];
  const plain = Array.from(text, (char) => (odd.includes(char) ? plainFor(char) : char)).join("");
  const then = segments(plain).segments;
  if (then >= now.segments) return [];
  const byItself = odd.some((char) => smartEncode(char).replaced.length > 0);
  const advice = `${odd.map(adviceFor).join("; ")}${byItself ? ', or switch on the application\'s "smartEncoding"' : ""}`;
  const few =
    odd.length === 1
      ? "one character that SMS's own alphabet lacks makes"
      : `${odd.length} characters that SMS's own alphabet lacks make`;
  const detail = `${few} this text ${atLeast}${now.segments} segments instead of ${then}, and each is paid for. ${advice}.`;
  return [warningIn(step, pointer, detail)];
}

/** @returns what to write instead of a character that SMS lacks: what looks like it, the letter without its mark, or nothing */
function plainFor(char: string): string {
  const [{ to } = { to: null }] = smartEncode(char).replaced;
  if (to !== null) return to;
  const bare = char.normalize("NFD").replace(/\p{M}/gu, "");
  return segments(bare).encoding === "GSM-7" ? bare : "";
}

function adviceFor(char: string): string {
  const code = `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  const shown = /[\p{Z}\p{C}\p{M}]/u.test(char) ? code : `${char} (${code})`;
  const plain = plainFor(char);
  if (plain === "") return `Leave out ${shown}`;
  return `Instead of ${shown} write ${plain === " " ? "a space" : plain === "\n" ? "a new line" : plain}`;
}
