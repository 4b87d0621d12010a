import { isCarrierKeyword } from "../../consent/carrier-keywords.ts";
import { findLanguage } from "../../languages/catalog.ts";
import { joinQuotedNames, quoteText } from "../../schema/issue-texts.ts";
import { normaliseText } from "../../understanding/normalise.ts";
import { type CheckFinding, createError, createWarning, type ParsedTopic } from "./topic-document.ts";

/** A topic beside which the one that is checked will stand. */
export interface NeighbourTopic {
  readonly id: string;
  readonly keywords: readonly string[];
}

/** What nobody can type, or what means something else, or two things. @param languages in which the topic speaks */
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
    if (same !== undefined) return [createWarning(pointer, `Keyword ${same + 1} is ${quoteText(form)} already.`)];
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

/** The same keyword in several topics of one application. */
export function checkSharedKeywords(topics: readonly NeighbourTopic[]): readonly CheckFinding[] {
  return [...groupByKeyword(topics)]
    .filter(([, ids]) => ids.length > 1)
    .map(([form, ids]) =>
      createWarning(
        "/assistant/topics",
        `The topics ${joinQuotedNames(ids)} have the keyword ${quoteText(form)}: who texts it is asked which they mean.`,
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

/** HELP is a carriers' word too, but Twilio's answer to it does no harm beside ours. */
function isBlockedByCarriers(form: string): boolean {
  return isCarrierKeyword(form) && form !== "help" && form !== "info";
}

function describeCarrierWord(keyword: string): string {
  return `The keyword ${quoteText(keyword)} is a word of the carriers: on most numbers Twilio answers it itself, blocks or unblocks the person, and the topic does not start. Choose another.`;
}

function describeCommandWord(keyword: string, command: "exit" | "back"): string {
  const meaning = command === "exit" ? "ends the conversation" : "goes back one question";
  return `The keyword ${quoteText(keyword)} is a word that always works: it ${meaning}. With this topic it starts the topic instead.`;
}

function describeSharedKeyword(keyword: string, others: readonly string[]): string {
  return `The keyword ${quoteText(keyword)} starts ${joinQuotedNames(others, 5)} too: who texts it is asked which they mean.`;
}

/** Menu and help may well be topics; who can no longer go back or leave is lost. */
function listCommandWords(languages: Iterable<string>): ReadonlyMap<string, "exit" | "back"> {
  const words = new Map<string, "exit" | "back">();
  for (const tag of new Set(["en", ...languages])) {
    const commands = findLanguage(tag)?.words.commands;
    for (const command of ["exit", "back"] as const)
      for (const word of commands?.[command] ?? []) words.set(normaliseText(word), command);
  }
  return words;
}
