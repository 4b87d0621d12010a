import { isCarrierWord } from "../../consent/carrier.ts";
import { languageOf } from "../../languages/catalog.ts";
import { listed, quoted } from "../../schema/explain.ts";
import { normalise } from "../../understanding/normalise.ts";
import { type Draft, errorAt, type Finding, warningAt } from "./draft.ts";

/** A topic beside which the one that is checked will stand. */
export interface Neighbour {
  readonly id: string;
  readonly keywords: readonly string[];
}

/** What nobody can type, or what means something else, or two things. @param languages in which the topic speaks */
export function checkKeywords(
  { keywords }: Draft,
  languages: Iterable<string>,
  neighbours: readonly Neighbour[],
): readonly Finding[] {
  const taken = takenBy(neighbours);
  const before = new Map<string, number>();
  const words = commandWords(languages);
  return keywords.flatMap((keyword, index) => {
    const form = normalise(keyword);
    const pointer = `/keywords/${index}`;
    if (form === "") return [];
    const same = before.get(form);
    if (same !== undefined) return [warningAt(pointer, `Keyword ${same + 1} is ${quoted(form)} already.`)];
    before.set(form, index);
    if (isForCarriers(form)) return [errorAt(pointer, carrierDetail(keyword))];
    const command = words.get(form);
    const others = taken.get(form) ?? [];
    return [
      ...(command === undefined ? [] : [warningAt(pointer, commandDetail(keyword, command))]),
      ...(others.length === 0 ? [] : [warningAt(pointer, sharedDetail(keyword, others))]),
    ];
  });
}

/** The same keyword in several topics of one application. */
export function checkSharedKeywords(topics: readonly Neighbour[]): readonly Finding[] {
  return [...takenBy(topics)]
    .filter(([, ids]) => ids.length > 1)
    .map(([form, ids]) =>
      warningAt(
        "/assistant/topics",
        `The topics ${listed(ids)} have the keyword ${quoted(form)}: who texts it is asked which they mean.`,
      ),
    );
}

function takenBy(topics: readonly Neighbour[]): ReadonlyMap<string, readonly string[]> {
  const taken = new Map<string, string[]>();
  for (const { id, keywords } of topics) {
    for (const form of new Set(keywords.map(normalise))) {
      const ids = taken.get(form);
      if (ids === undefined) taken.set(form, [id]);
      else ids.push(id);
    }
  }
  taken.delete("");
  return taken;
}

/** HELP is a carriers' word too, but Twilio's answer to it does no harm beside ours. */
function isForCarriers(form: string): boolean {
  return isCarrierWord(form) && form !== "help" && form !== "info";
}

function carrierDetail(keyword: string): string {
  return `The keyword ${quoted(keyword)} is a word of the carriers: on most numbers Twilio answers it itself, blocks or unblocks the person, and the topic does not start. Choose another.`;
}

function commandDetail(keyword: string, command: "exit" | "back"): string {
  const meaning = command === "exit" ? "ends the conversation" : "goes back one question";
  return `The keyword ${quoted(keyword)} is a word that always works: it ${meaning}. With this topic it starts the topic instead.`;
}

function sharedDetail(keyword: string, others: readonly string[]): string {
  return `The keyword ${quoted(keyword)} starts ${listed(others, 5)} too: who texts it is asked which they mean.`;
}

/** Menu and help may well be topics; who can no longer go back or leave is lost. */
function commandWords(languages: Iterable<string>): ReadonlyMap<string, "exit" | "back"> {
  const words = new Map<string, "exit" | "back">();
  for (const tag of new Set(["en", ...languages])) {
    const commands = languageOf(tag)?.words.commands;
    for (const command of ["exit", "back"] as const)
      for (const word of commands?.[command] ?? []) words.set(normalise(word), command);
  }
  return words;
}
