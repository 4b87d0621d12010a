import type { RequestOutcome } from "../contract/assistant.ts";
import type { IdentityResult } from "../identity/identity-check.ts";
import { toPersonJson } from "../identity/person.ts";
import type { ChatEntry, ChatEvent, ExpectedRequest, NoticeEvent } from "./chat.ts";
import { type BodyBracket, isPlainLine, quoteJson, toBracket, writeBody, writeWord } from "./entry-body.ts";

/** @returns text that `parseChat` reads back as the same entries */
export function writeChat(entries: readonly ChatEntry[]): string {
  return entries.map((entry) => `${writeEntry(entry)}\n`).join("");
}

/** @returns the lines of an entry, without a final line feed */
export function writeEntry(entry: ChatEntry): string {
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
      return indentLines(">", writeBody({ brackets: listTextBrackets(entry), text: entry.text }, isTextWord));
    case "notice":
      return indentLines("!", writeBody({ brackets: listNoticeBrackets(entry), text: entry.text }, isNoticeWord));
    case "wait":
      return `wait ${writeDuration(entry.seconds)}`;
    case "outcome":
      return `= ${writeOutcome(entry.outcome)}`;
    case "found":
      return `= link ${writeIdentityResult(entry.outcome)}`;
    case "said":
      return indentLines(
        "<",
        writeBody({ brackets: entry.media.map((url) => toBracket(url, isUrl)), text: entry.text }, isUrl),
      );
    case "asked":
      return `? ${writeExpectedRequest(entry)}`;
    case "nothing":
      return "(no more texts)";
    case "remark":
      return entry.line;
  }
}

/** @returns whether a word may stand in brackets before an inbound text */
export function isTextWord(inner: string): boolean {
  return inner === PICTURE_WORD || CARRIER_WORD.test(inner) || isContentType(inner);
}

/** A picture of any type. */
export const PICTURE_WORD = "picture";

/** A keyword that the carrier has already answered. */
export const CARRIER_WORD = /^carrier (stop|start|help)$/u;

/** The list that a notice is for, or the topic that it starts. */
export const NOTICE_WORD = /^(list|topic) ([a-z0-9][a-z0-9-]{0,63})$/u;

/** @returns whether a word may stand in brackets before a notice */
export function isNoticeWord(inner: string): boolean {
  return NOTICE_WORD.test(inner) || isUrl(inner);
}

/** @returns whether a word is a URL, which may stand in brackets before an outbound text with a picture */
export function isUrl(inner: string): boolean {
  return /^https?:\/\/\S+$/iu.test(inner);
}

export const UNIT_SECONDS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/** @param seconds at least 1 */
export function writeDuration(seconds: number): string {
  let rest = seconds;
  const amounts = Object.entries(UNIT_SECONDS).map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest %= size;
    return count === 0 ? "" : `${count}${unit}`;
  });
  return amounts.filter((amount) => amount !== "").join(" ");
}

function listTextBrackets({ media, optOut }: Extract<ChatEvent, { kind: "text" }>): readonly BodyBracket[] {
  const types = media.map((type) => toBracket(type, isContentType));
  return optOut === null ? types : [{ kind: "word", word: `carrier ${optOut}` }, ...types];
}

function listNoticeBrackets({ media, list, topic }: NoticeEvent): readonly BodyBracket[] {
  const words = [list === null ? [] : [`list ${list}`], topic === null ? [] : [`topic ${topic}`]].flat();
  return [...words.map((word): BodyBracket => ({ kind: "word", word })), ...media.map((url) => toBracket(url, isUrl))];
}

function isContentType(inner: string): boolean {
  return /^[\w.+-]+\/[\w.+-]+$/u.test(inner);
}

function writeOutcome(outcome: RequestOutcome): string {
  if (outcome.kind === "answered") {
    const { status, json } = outcome;
    return json === null ? String(status) : `${status} ${quoteJson(json)}`;
  }
  const { reason } = outcome;
  return `failed ${isPlainLine(reason) ? reason : quoteJson(reason)}`;
}

/** Omits the hashes, because they make no difference when the chat is played. */
function writeIdentityResult(outcome: IdentityResult): string {
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
      return `${outcome.kind} ${quoteJson(toPersonJson(outcome.person))}`;
  }
}

function writeExpectedRequest({ method, url, body }: ExpectedRequest): string {
  return [method, writeWord(url), ...(body === null ? [] : [quoteJson(body)])].join(" ");
}

function indentLines(sign: string, written: string): string {
  return `${sign} ${written.replace(/\n(?=[^\n])/gu, "\n  ")}`.trimEnd();
}
