import { NON_GSM_CHARACTERS, OPTIONS_PER_PAGE, SEGMENTS_PER_TEXT } from "../../core/limits/topics.ts";
import { PART_TEXT_CHARACTERS } from "../../core/limits/twilio.ts";
import { upperCaseFirst } from "../../schema/issue-texts.ts";
import { measureSegments } from "../../twilio/segments.ts";
import { smartEncode } from "../../twilio/smart-encoding.ts";
import type { ChoiceOption, StepReference } from "../steps/step-kind.ts";
import { type CheckFinding, createStepWarning, type ParsedStep, type ParsedTopic } from "./topic-document.ts";

/**
 * Warns of expensive texts: one character that is not in GSM-7 can double the price of the whole text.
 * @param smartEncoding whether typographic quotes and dashes are replaced by plain ones
 */
export function checkTexts({ steps }: ParsedTopic, smartEncoding: boolean): readonly CheckFinding[] {
  return steps.flatMap((step) => {
    const { templates = [], options = [] } = step.parsed?.references ?? {};
    return templates
      .filter(({ language }) => language !== undefined)
      .flatMap((text) => checkText(step, text, hasOptionsBelow(text) ? options : [], smartEncoding));
  });
}

/** Tests for the texts that are followed by the options: the question and its retry. */
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
  const template = [value, ...lines].join("\n");
  // Tags may leave out any part of the text.
  if (template.includes("{%")) return [];
  const fixed = template.replace(/\{\{.*?\}\}/gsu, "");
  const sent = smartEncoding ? smartEncode(fixed).text : fixed;
  const atLeast = fixed === template ? "" : "at least ";
  return [...checkLength(step, pointer, sent, atLeast), ...checkOddCharacters(step, pointer, sent, atLeast)];
}

function findLabel({ label }: ChoiceOption, language: string | null | undefined): string {
  if (typeof label === "string") return label;
  return label[language ?? ""] ?? Object.values(label)[0] ?? "";
}

function checkLength(step: ParsedStep, pointer: string, text: string, atLeast: string): readonly CheckFinding[] {
  const count = measureSegments(text).segments;
  if (text.length > PART_TEXT_CHARACTERS) {
    const detail = `this text has ${atLeast}${text.length} characters, so it is split into several messages of at most ${PART_TEXT_CHARACTERS}. Shorten it.`;
    return [createStepWarning(step, pointer, detail)];
  }
  if (count <= SEGMENTS_PER_TEXT) return [];
  return [
    createStepWarning(step, pointer, `this text takes ${atLeast}${count} segments, and each costs money. Shorten it.`),
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
  const isReplaceable = odd.some((char) => smartEncode(char).replaced.length > 0);
  const advice = `${upperCaseFirst(odd.map(describeReplacement).join("; "))}${isReplaceable ? ', or switch on the application\'s "smartEncoding"' : ""}`;
  const subject =
    odd.length === 1
      ? "one character outside the GSM-7 alphabet makes"
      : `${odd.length} characters outside the GSM-7 alphabet make`;
  const detail = `${subject} this text ${atLeast}${now.segments} segments instead of ${then}, and each costs money. ${advice}.`;
  return [createStepWarning(step, pointer, detail)];
}

/** @returns a GSM-7 replacement for a character: one that looks alike, the letter without its mark, or nothing */
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
  if (plain === "") return `remove ${shown}`;
  return `replace ${shown} by ${plain === " " ? "a space" : plain === "\n" ? "a new line" : plain}`;
}
