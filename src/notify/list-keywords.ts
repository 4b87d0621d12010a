import { english } from "../languages/en.ts";
import type { Language } from "../languages/language.ts";
import { listSpellings, splitWords } from "../understanding/normalise.ts";
import { parseYesOrNo } from "../understanding/yes-no.ts";
import { listTextVariants, type ReadyList } from "./list.ts";
import type { ListQuestion } from "./subscriptions.ts";

/** What a text says of lists. */
export type ListCommand =
  | { readonly kind: "show" }
  /** @property list null: it is to be asked which */
  | { readonly kind: "change"; readonly to: "on" | "off"; readonly list: ReadyList | null }
  /** The answer to "reply YES". */
  | { readonly kind: "confirmed"; readonly yes: boolean; readonly list: ReadyList };

/** The carrier's own words: they are understood in every language, and beside a list they are ours. */
const CARRIER_SWITCHES: Readonly<Record<string, "on" | "off">> = { start: "on", stop: "off" };

/**
 * @param lists those that the person may have, as they are numbered
 * @returns what the whole text asks of lists, whatever was said before, or null. STOP alone is never one: it is the carrier's
 */
export function parseListCommand(text: string, lists: readonly ReadyList[], language: Language): ListCommand | null {
  const forms = toComparableForms(text);
  const isShow = [language, english].some(({ words }) => hasMatchingForm(forms, words.lists.show));
  if (isShow) return { kind: "show" };
  if (lists.length === 0) return null;
  if (forms.includes("start"))
    return { kind: "change", to: "on", list: lists.length === 1 ? (lists[0] ?? null) : null };
  return parseFirstForm(forms, (form) => {
    const [, word = "", name = ""] = /^(start|stop) (.+)$/u.exec(form) ?? [];
    const list = findListByName(name, lists);
    const to = CARRIER_SWITCHES[word];
    return to === undefined || list === null ? null : { kind: "change", to, list };
  });
}

/** @returns what the text says to a question of ours that came just before it, or null where it is no answer */
export function parseListAnswer(
  text: string,
  question: ListQuestion,
  lists: readonly ReadyList[],
  language: Language,
): ListCommand | null {
  switch (question.kind) {
    case "confirm": {
      const list = lists.find(({ id }) => id === question.list);
      const yes = parseYesOrNo(text, language);
      return list === undefined || yes === null ? null : { kind: "confirmed", yes, list };
    }
    case "which":
      return parseFirstForm(toComparableForms(text), (form) => {
        const list = findListByName(form, lists);
        return list === null ? null : { kind: "change", to: question.to, list };
      });
    case "shown":
      return parseFirstForm(toComparableForms(text), (form) => parseSwitchCommand(form, lists, language));
  }
}

/** "1 on", "on 1", "news off"; where there is one list, "on" alone. */
function parseSwitchCommand(form: string, lists: readonly ReadyList[], language: Language): ListCommand | null {
  for (const to of ["on", "off"] as const) {
    const words = [to === "on" ? "start" : "stop", ...language.words.lists[to], ...english.words.lists[to]].flatMap(
      toComparableForms,
    );
    for (const word of words) {
      if (form === word && lists.length === 1) return { kind: "change", to, list: lists[0] ?? null };
      const name = form.startsWith(`${word} `)
        ? form.slice(word.length + 1)
        : form.endsWith(` ${word}`)
          ? form.slice(0, -word.length - 1)
          : "";
      const list = findListByName(name, lists);
      if (list !== null) return { kind: "change", to, list };
    }
  }
  return null;
}

/** @param name as `formsOf` makes it: a list's place, or its title in any language */
function findListByName(name: string, lists: readonly ReadyList[]): ReadyList | null {
  if (/^\d{1,3}$/u.test(name)) return lists[Number(name) - 1] ?? null;
  if (name === "") return null;
  return (
    lists.find(({ title }) => listTextVariants(title).some((words) => toComparableForms(words).includes(name))) ?? null
  );
}

/** @returns the ways in which a text, or the title of a list, is compared: without case, accents and punctuation */
export function toComparableForms(text: string): readonly string[] {
  return listSpellings(text)
    .map((spelling) => splitWords(spelling).join(" "))
    .filter((form) => form !== "");
}

function hasMatchingForm(forms: readonly string[], words: readonly string[]): boolean {
  return words.some((word) => toComparableForms(word).some((form) => forms.includes(form)));
}

function parseFirstForm<Value>(forms: readonly string[], read: (form: string) => Value | null): Value | null {
  for (const form of forms) {
    const value = read(form);
    if (value !== null) return value;
  }
  return null;
}
