import { NON_GSM_CHARACTERS, OPTIONS_PER_PAGE, SEGMENTS_PER_TEXT } from "../../core/limits/topics.ts";
import { PART_TEXT_CHARACTERS } from "../../core/limits/twilio.ts";
import { measureSegments } from "../../twilio/segments.ts";
import { smartEncode } from "../../twilio/smart-encoding.ts";
import type { ChoiceOption, StepReference } from "../steps/step-kind.ts";
import { type CheckFinding, createStepWarning, type ParsedStep, type ParsedTopic } from "./topic-document.ts";

/**
 * What texts cost: one character that SMS lacks can double the price of all the others.
 * @param smartEncoding whether plain quotes and dashes are sent for others
 */
export function checkTexts({ steps }: ParsedTopic, smartEncoding: boolean): readonly CheckFinding[] {
  return steps.flatMap((step) => {
    const { templates = [], options = [] } = step.read?.references ?? {};
    return templates
      .filter(({ language }) => language !== undefined)
      .flatMap((text) => checkText(step, text, hasOptionsBelow(text) ? options : [], smartEncoding));
  });
}

/** Options stand below what the step asks, and below what it says to an answer that is none of them. */
function hasOptionsBelow({ pointer }: StepReference): boolean {
  return /^\/(?:text|retry)(?:\/|$)/u.test(pointer);
}

function checkText(
  step: ParsedStep,
  { pointer, value, language }: StepReference,
  options: readonly ChoiceOption[],
  smartEncoding: boolean,
): readonly CheckFinding[] {
  const lines = options
    .slice(0, OPTIONS_PER_PAGE)
    .map((option, index) => `${index + 1}. ${findLabel(option, language)}`);
  const whole = [value, ...lines].join("\n");
  // What a tag leaves out cannot be known.
  if (whole.includes("{%")) return [];
  const written = whole.replace(/\{\{.*?\}\}/gsu, "");
  const sent = smartEncoding ? smartEncode(written).text : written;
  const atLeast = written === whole ? "" : "at least ";
  return [...checkLength(step, pointer, sent, atLeast), ...checkOddCharacters(step, pointer, sent, atLeast)];
}

function findLabel({ label }: ChoiceOption, language: string | null | undefined): string {
  if (typeof label === "string") return label;
  return label[language ?? ""] ?? Object.values(label)[0] ?? "";
}

function checkLength(step: ParsedStep, pointer: string, text: string, atLeast: string): readonly CheckFinding[] {
  const count = measureSegments(text).segments;
  if (text.length > PART_TEXT_CHARACTERS) {
    const detail = `this text has ${atLeast}${text.length} characters, so that it is cut into several messages: one has ${PART_TEXT_CHARACTERS} at most.`;
    return [createStepWarning(step, pointer, detail)];
  }
  if (count <= SEGMENTS_PER_TEXT) return [];
  return [
    createStepWarning(step, pointer, `this text takes ${atLeast}${count} segments, and each is paid for. Write less.`),
  ];
}

function checkOddCharacters(step: ParsedStep, pointer: string, text: string, atLeast: string): readonly CheckFinding[] {
  const now = measureSegments(text);
  if (now.encoding === "GSM-7") return [];
  const odd = [...new Set(Array.from(text).filter((char) => measureSegments(char).encoding !== "GSM-7"))];
  if (odd.length > NON_GSM_CHARACTERS) return [];
  const plain = Array.from(text, (char) => (odd.includes(char) ? findPlainCharacter(char) : char)).join("");
  const then = measureSegments(plain).segments;
  if (then >= now.segments) return [];
  const byItself = odd.some((char) => smartEncode(char).replaced.length > 0);
  const advice = `${odd.map(describeReplacement).join("; ")}${byItself ? ', or switch on the application\'s "smartEncoding"' : ""}`;
  const few =
    odd.length === 1
      ? "one character that SMS's own alphabet lacks makes"
      : `${odd.length} characters that SMS's own alphabet lacks make`;
  const detail = `${few} this text ${atLeast}${now.segments} segments instead of ${then}, and each is paid for. ${advice}.`;
  return [createStepWarning(step, pointer, detail)];
}

/** @returns what to write instead of a character that SMS lacks: what looks like it, the letter without its mark, or nothing */
function findPlainCharacter(char: string): string {
  const [{ to } = { to: null }] = smartEncode(char).replaced;
  if (to !== null) return to;
  const bare = char.normalize("NFD").replace(/\p{M}/gu, "");
  return measureSegments(bare).encoding === "GSM-7" ? bare : "";
}

function describeReplacement(char: string): string {
  const code = `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  const shown = /[\p{Z}\p{C}\p{M}]/u.test(char) ? code : `${char} (${code})`;
  const plain = findPlainCharacter(char);
  if (plain === "") return `Leave out ${shown}`;
  return `Instead of ${shown} write ${plain === " " ? "a space" : plain === "\n" ? "a new line" : plain}`;
}
