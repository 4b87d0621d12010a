import type { RequestOutcome } from "../contract/assistant.ts";
import type { LinkOutcome } from "../identity/machine.ts";
import { personJson } from "../identity/person.ts";
import type { Act, Asked, Entry, NoticeAct } from "./chat.ts";
import { type Bracket, bracketOf, isPlainLine, quote, writeBody, writeWord } from "./text.ts";

/** @returns entries as `parseChat` reads them */
export function writeChat(entries: readonly Entry[]): string {
  return entries.map((entry) => `${writeEntry(entry)}\n`).join("");
}

/** @returns the lines of an entry, without a line feed at their end */
export function writeEntry(entry: Entry): string {
  switch (entry.kind) {
    case "application":
      return `application ${entry.name}`;
    case "topics":
    case "lists":
      return `${entry.kind} ${entry.names.join(" ")}`;
    case "from":
    case "to":
      return `${entry.kind} ${entry.number}`;
    case "at":
      return `at ${entry.local} ${entry.zone}`;
    case "text":
      return indented(">", writeBody({ brackets: bracketsOf(entry), text: entry.text }, isTextWord));
    case "notice":
      return indented("!", writeBody({ brackets: noticeBrackets(entry), text: entry.text }, isNoticeWord));
    case "wait":
      return `wait ${writeDuration(entry.seconds)}`;
    case "outcome":
      return `= ${writeOutcome(entry.outcome)}`;
    case "found":
      return `= link ${writeFound(entry.outcome)}`;
    case "said":
      return indented(
        "<",
        writeBody({ brackets: entry.media.map((url) => bracketOf(url, isUrl)), text: entry.text }, isUrl),
      );
    case "asked":
      return `? ${writeAsked(entry)}`;
    case "nothing":
      return "(no more texts)";
    case "remark":
      return entry.line;
  }
}

/** What may stand in brackets before a person's text. */
export function isTextWord(inner: string): boolean {
  return inner === PICTURE || CARRIER.test(inner) || isContentType(inner);
}

/** A picture of whatever type. */
export const PICTURE = "picture";

/** The carrier has answered the text already. */
export const CARRIER = /^carrier (stop|start|help)$/u;

/** What a notice is for, and what it begins. */
export const NOTICE_WORD = /^(list|topic) ([a-z0-9][a-z0-9-]{0,63})$/u;

/** What may stand in brackets before a notice. */
export function isNoticeWord(inner: string): boolean {
  return NOTICE_WORD.test(inner) || isUrl(inner);
}

/** What may stand in brackets before an answer: where its picture is. */
export function isUrl(inner: string): boolean {
  return /^https?:\/\/\S+$/iu.test(inner);
}

export const UNITS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/** @param seconds at least 1 */
export function writeDuration(seconds: number): string {
  let rest = seconds;
  const amounts = Object.entries(UNITS).map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest %= size;
    return count === 0 ? "" : `${count}${unit}`;
  });
  return amounts.filter((amount) => amount !== "").join(" ");
}

function bracketsOf({ media, optOut }: Extract<Act, { kind: "text" }>): readonly Bracket[] {
  const types = media.map((type) => bracketOf(type, isContentType));
  return optOut === null ? types : [{ kind: "word", word: `carrier ${optOut}` }, ...types];
}

function noticeBrackets({ media, list, topic }: NoticeAct): readonly Bracket[] {
  const words = [list === null ? [] : [`list ${list}`], topic === null ? [] : [`topic ${topic}`]].flat();
  return [...words.map((word): Bracket => ({ kind: "word", word })), ...media.map((url) => bracketOf(url, isUrl))];
}

function isContentType(inner: string): boolean {
  return /^[\w.+-]+\/[\w.+-]+$/u.test(inner);
}

function writeOutcome(outcome: RequestOutcome): string {
  if (outcome.kind === "answered") {
    const { status, json } = outcome;
    return json === null ? String(status) : `${status} ${quote(json)}`;
  }
  const { reason } = outcome;
  return `failed ${isPlainLine(reason) ? reason : quote(reason)}`;
}

/** What its hashes are does not matter when it is played again. */
function writeFound(outcome: LinkOutcome): string {
  switch (outcome.kind) {
    case "nobody":
    case "locked":
    case "wrong":
      return outcome.kind;
    case "found":
      return [
        outcome.kind,
        writeWord(outcome.person),
        ...(outcome.page === null ? [] : [writeWord(outcome.page.url)]),
      ].join(" ");
    case "right":
      return outcome.code === null ? outcome.kind : `${outcome.kind} ${writeWord(outcome.code.digits)}`;
    case "linked":
      return `${outcome.kind} ${quote(personJson(outcome.person))}`;
  }
}

function writeAsked({ method, url, body }: Asked): string {
  return [method, writeWord(url), ...(body === null ? [] : [quote(body)])].join(" ");
}

function indented(sign: string, written: string): string {
  return `${sign} ${written.replace(/\n(?=[^\n])/gu, "\n  ")}`.trimEnd();
}
