import { isCarrierKeyword } from "../../consent/carrier-keywords.ts";
import { findLanguage } from "../../languages/catalog.ts";
import { joinQuotedNames, quoteText } from "../../schema/issue-texts.ts";
import { normaliseText } from "../../understanding/normalise.ts";
import { type CheckFinding, createError, createWarning, type ParsedTopic } from "./topic-document.ts";

/** Another topic of the same applications. */
export interface NeighbourTopic {
  readonly id: string;
  readonly keywords: readonly string[];
}

/**
 * Checks for keywords that cannot be typed, have another meaning, or start several topics.
 * @param languages of the topic's texts
 */
export function checkKeywords(
  { keywords }: ParsedTopic,
  languages: Iterable<string>,
  neighbours: readonly NeighbourTopic[],
): readonly CheckFinding[] {
  const taken = groupByKeyword(neighbours);
  const before = new Map<string, number>();
  const words = listCommandWords(languages);
  return keywords.flatMap((keyword, index) => {
    const form = normaliseText(keyword);
    const pointer = `/keywords/${index}`;
    if (form === "") return [];
    const same = before.get(form);
    if (same !== undefined)
      return [
        createWarning(
          pointer,
          `Keyword ${index + 1} repeats keyword ${same + 1}, ${quoteText(form)}. Remove one of them.`,
        ),
      ];
    before.set(form, index);
    if (isBlockedByCarriers(form)) return [createError(pointer, describeCarrierWord(keyword))];
    const command = words.get(form);
    const others = taken.get(form) ?? [];
    return [
      ...(command === undefined ? [] : [createWarning(pointer, describeCommandWord(keyword, command))]),
      ...(others.length === 0 ? [] : [createWarning(pointer, describeSharedKeyword(keyword, others))]),
    ];
  });
}

/** Warns of keywords that several topics of one application have. */
export function checkSharedKeywords(topics: readonly NeighbourTopic[]): readonly CheckFinding[] {
  return [...groupByKeyword(topics)]
    .filter(([, ids]) => ids.length > 1)
    .map(([form, ids]) =>
      createWarning(
        "/assistant/topics",
        `The keyword ${quoteText(form)} starts the topics ${joinQuotedNames(ids)}, so contacts that text it are asked which one they mean.`,
      ),
    );
}

function groupByKeyword(topics: readonly NeighbourTopic[]): ReadonlyMap<string, readonly string[]> {
  const taken = new Map<string, string[]>();
  for (const { id, keywords } of topics) {
    for (const form of new Set(keywords.map(normaliseText))) {
      const ids = taken.get(form);
      if (ids === undefined) taken.set(form, [id]);
      else ids.push(id);
    }
  }
  taken.delete("");
  return taken;
}

/** Tests for carrier keywords, except HELP: Twilio answers HELP too, but the topic starts all the same. */
function isBlockedByCarriers(form: string): boolean {
  return isCarrierKeyword(form) && form !== "help" && form !== "info";
}

function describeCarrierWord(keyword: string): string {
  return `The keyword ${quoteText(keyword)} is a carrier keyword: on most numbers Twilio answers it, opts the contact out or in, and the topic does not start. Choose another word.`;
}

function describeCommandWord(keyword: string, command: "exit" | "back"): string {
  const meaning = command === "exit" ? "ends the conversation" : "goes back one question";
  return `The keyword ${quoteText(keyword)} is a command that ${meaning}. With this keyword, it starts the topic instead.`;
}

function describeSharedKeyword(keyword: string, others: readonly string[]): string {
  return `The keyword ${quoteText(keyword)} also starts ${joinQuotedNames(others, 5)}, so contacts that text it are asked which topic they mean.`;
}

/** Lists the words for exit and back, which contacts always need; menu and help may well start a topic. */
function listCommandWords(languages: Iterable<string>): ReadonlyMap<string, "exit" | "back"> {
  const words = new Map<string, "exit" | "back">();
  for (const tag of new Set(["en", ...languages])) {
    const commands = findLanguage(tag)?.words.commands;
    for (const command of ["exit", "back"] as const)
      for (const word of commands?.[command] ?? []) words.set(normaliseText(word), command);
  }
  return words;
}
