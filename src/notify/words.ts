import { english } from "../languages/en.ts";
import type { Language } from "../languages/language.ts";
import { spellings, wordsOf } from "../understanding/normalise.ts";
import { yesOrNo } from "../understanding/yes-no.ts";
import { type ReadyList, textsOf } from "./list.ts";
import type { ListQuestion } from "./subscriptions.ts";

/** What a text says of lists. */
export type ListWord =
  | { readonly kind: "show" }
  /** @property list null: it is to be asked which */
  | { readonly kind: "change"; readonly to: "on" | "off"; readonly list: ReadyList | null }
  /** The answer to "reply YES". */
  | { readonly kind: "confirmed"; readonly yes: boolean; readonly list: ReadyList };

/** The carrier's own words: they are understood in every language, and beside a list they are ours. */
const ALWAYS: Readonly<Record<string, "on" | "off">> = { start: "on", stop: "off" };

/**
 * @param lists those that the person may have, as they are numbered
 * @returns what the whole text asks of lists, whatever was said before, or null. STOP alone is never one: it is the carrier's
 */
export function listWord(text: string, lists: readonly ReadyList[], language: Language): ListWord | null {
  const forms = formsOf(text);
  const isShow = [language, english].some(({ words }) => isAmong(forms, words.lists.show));
  if (isShow) return { kind: "show" };
  if (lists.length === 0) return null;
  if (forms.includes("start"))
    return { kind: "change", to: "on", list: lists.length === 1 ? (lists[0] ?? null) : null };
  return first(forms, (form) => {
    const [, word = "", name = ""] = /^(start|stop) (.+)$/u.exec(form) ?? [];
    const list = listNamed(name, lists);
    const to = ALWAYS[word];
    return to === undefined || list === null ? null : { kind: "change", to, list };
  });
}

/** @returns what the text says to a question of ours that came just before it, or null where it is no answer */
export function listAnswer(
  text: string,
  question: ListQuestion,
  lists: readonly ReadyList[],
  language: Language,
): ListWord | null {
  switch (question.kind) {
    case "confirm": {
      const list = lists.find(({ id }) => id === question.list);
      const yes = yesOrNo(text, language);
      return list === undefined || yes === null ? null : { kind: "confirmed", yes, list };
    }
    case "which":
      return first(formsOf(text), (form) => {
        const list = listNamed(form, lists);
        return list === null ? null : { kind: "change", to: question.to, list };
      });
    case "shown":
      return first(formsOf(text), (form) => switched(form, lists, language));
  }
}

/** "1 on", "on 1", "news off"; where there is one list, "on" alone. */
function switched(form: string, lists: readonly ReadyList[], language: Language): ListWord | null {
  for (const to of ["on", "off"] as const) {
    const words = [to === "on" ? "start" : "stop", ...language.words.lists[to], ...english.words.lists[to]].flatMap(
      formsOf,
    );
    for (const word of words) {
      if (form === word && lists.length === 1) return { kind: "change", to, list: lists[0] ?? null };
      const name = form.startsWith(`${word} `)
        ? form.slice(word.length + 1)
        : form.endsWith(` ${word}`)
          ? form.slice(0, -word.length - 1)
          : "";
      const list = listNamed(name, lists);
      if (list !== null) return { kind: "change", to, list };
    }
  }
  return null;
}

/** @param name as `formsOf` makes it: a list's place, or its title in any language */
function listNamed(name: string, lists: readonly ReadyList[]): ReadyList | null {
  if (/^\d{1,3}$/u.test(name)) return lists[Number(name) - 1] ?? null;
  if (name === "") return null;
  return lists.find(({ title }) => textsOf(title).some((words) => formsOf(words).includes(name))) ?? null;
}

/** @returns the ways in which a text, or the title of a list, is compared: without case, accents and punctuation */
export function formsOf(text: string): readonly string[] {
  return spellings(text)
    .map((spelling) => wordsOf(spelling).join(" "))
    .filter((form) => form !== "");
}

function isAmong(forms: readonly string[], words: readonly string[]): boolean {
  return words.some((word) => formsOf(word).some((form) => forms.includes(form)));
}

function first<Value>(forms: readonly string[], read: (form: string) => Value | null): Value | null {
  for (const form of forms) {
    const value = read(form);
    if (value !== null) return value;
  }
  return null;
}
