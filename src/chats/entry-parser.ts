import type { AssistantRequest } from "../contract/assistant.ts";
import { isRecord, type JsonValue, parseJson } from "../core/json.ts";
import { CHAT_WAIT_SECONDS } from "../core/limits/chats.ts";
import { parsePhone } from "../core/phone.ts";
import { fail, type Result, succeed } from "../core/result.ts";
import { isTimeZone } from "../hours/time-zone.ts";
import type { IdentityResult } from "../identity/identity-check.ts";
import type { ChatEntry } from "./chat.ts";
import { parseInstant } from "./chat-time.ts";
import { parseBody, parseQuoted, parseWord } from "./entry-body.ts";
import {
  CARRIER_WORD,
  isNoticeWord,
  isTextWord,
  isUrl,
  NOTICE_WORD,
  PICTURE_WORD,
  UNIT_SECONDS,
} from "./entry-writer.ts";

/** The entry, or what is wrong and how to correct it. */
type EntryParseResult = Result<ChatEntry, string>;

/** Parsers for the rest of a line, by its sign or first word. */
const ENTRY_PARSERS: Readonly<Record<string, (rest: string) => EntryParseResult>> = {
  ">": parseText,
  "<": (rest) => {
    const { brackets, text } = parseBody(rest, isUrl);
    return succeed({
      kind: "said",
      text,
      media: brackets.map((each) => (each.kind === "word" ? each.word : each.value)),
    });
  },
  "!": parseNotice,
  "=": parseOutcome,
  "?": parseExpectedRequest,
  application: (name) =>
    name === "" ? fail('Name the application: "application pizza".') : succeed({ kind: "application", name }),
  topics: (names) =>
    names === ""
      ? fail('Name topics: "topics pizza-menu pizza-order".')
      : succeed({ kind: "topics", names: names.split(/\s+/u) }),
  lists: (names) =>
    names === "" ? fail('Name lists: "lists news offers".') : succeed({ kind: "lists", names: names.split(/\s+/u) }),
  from: (number) => parseNumber("from", number),
  to: (number) => parseNumber("to", number),
  at: parseStartTime,
  wait: parseWait,
};

/** @param source the lines of one entry, without trailing white space */
export function parseEntry(source: string): EntryParseResult {
  if (source === "" || source.startsWith("#")) return succeed({ kind: "remark", line: source });
  if (source === "(no more texts)") return succeed({ kind: "nothing" });
  const [first = "", ...further] = source.split("\n");
  const [word = ""] = /^(?:[><=?!]|\S+)/u.exec(first) ?? [];
  const rest = [first.slice(word.length).trim(), ...further.map((line) => line.slice(2))].join("\n");
  const parser = Object.hasOwn(ENTRY_PARSERS, word) ? ENTRY_PARSERS[word] : undefined;
  if (parser !== undefined) return parser(rest);
  return fail(
    source.startsWith(" ")
      ? "An indented line continues the one above, which must begin with >, < or !."
      : `A line begins with >, < or !, "wait", "= ", "? ", # or a heading, not with "${word}".`,
  );
}

function parseText(rest: string): EntryParseResult {
  const { brackets, text } = parseBody(rest, isTextWord);
  const carrier = brackets.flatMap((each) => (each.kind === "word" ? (CARRIER_WORD.exec(each.word)?.[1] ?? []) : []));
  if (carrier.length > 1)
    return fail("A text has two carrier keywords. Write [carrier stop], [carrier start] or [carrier help] once.");
  const media = brackets.flatMap((each) => {
    if (each.kind === "quoted") return [each.value];
    if (each.word === PICTURE_WORD) return ["image/png"];
    return CARRIER_WORD.test(each.word) ? [] : [each.word];
  });
  const [word = null] = carrier;
  return succeed({ kind: "text", text, media, optOut: word as Extract<ChatEntry, { kind: "text" }>["optOut"] });
}

function parseNotice(rest: string): EntryParseResult {
  const { brackets, text } = parseBody(rest, isNoticeWord);
  const words = brackets.flatMap((each) => (each.kind === "word" ? [each.word] : []));
  const findNames = (noun: "list" | "topic") =>
    words.flatMap((word) => (NOTICE_WORD.exec(word)?.[1] === noun ? (NOTICE_WORD.exec(word)?.[2] ?? []) : []));
  const [lists, topics] = [findNames("list"), findNames("topic")];
  if (lists.length > 1 || topics.length > 1) return fail("A notice has at most one list and one topic.");
  const media = brackets.flatMap((each) => {
    if (each.kind === "quoted") return [each.value];
    return NOTICE_WORD.test(each.word) ? [] : [each.word];
  });
  if (media.length > 1) return fail("A notice has at most one picture.");
  return succeed({ kind: "notice", text, media, list: lists[0] ?? null, topic: topics[0] ?? null });
}

function parseNumber(kind: "from" | "to", written: string): EntryParseResult {
  const number = parsePhone(written);
  return number === null ? fail(`"${kind}" takes a phone number such as +12025550140.`) : succeed({ kind, number });
}

function parseStartTime(rest: string): EntryParseResult {
  const [, local = "", zone = ""] = /^(\S+ \S+) (\S+)$/u.exec(rest) ?? [];
  if (local === "") return fail('"at" takes a time and a zone: "at 2026-03-02 17:59 America/New_York".');
  if (!isTimeZone(zone))
    return fail(`"${zone}" is not a time zone. Write an IANA name such as America/New_York or Etc/UTC.`);
  if (parseInstant(local, zone) === null)
    return fail(`The clocks in ${zone} never show "${local}". Write a time such as 2026-03-02 17:59.`);
  return succeed({ kind: "at", local, zone });
}

function parseWait(rest: string): EntryParseResult {
  const amounts = rest.split(/\s+/u).map((amount) => /^(\d{1,9})([dhms])$/u.exec(amount));
  const seconds = amounts.reduce(
    (sum, match) => sum + Number(match?.[1]) * UNIT_SECONDS[(match?.[2] ?? "s") as keyof typeof UNIT_SECONDS],
    0,
  );
  return seconds >= 1 && seconds <= CHAT_WAIT_SECONDS
    ? succeed({ kind: "wait", seconds })
    : fail('"wait" takes days, hours, minutes and seconds, at most one year: "wait 31m" or "wait 1h 30m".');
}

function parseOutcome(rest: string): EntryParseResult {
  const { word, rest: written } = parseWord(rest);
  if (word === "link") return parseIdentityResult(written);
  if (word === "failed") return succeed({ kind: "outcome", outcome: { kind: "failed", reason: parseReason(written) } });
  const status = /^[1-5]\d\d$/u.test(word) ? Number(word) : null;
  const json = parseOptionalJson(written);
  if (status !== null && json !== undefined)
    return succeed({ kind: "outcome", outcome: { kind: "answered", status, json } });
  return fail(`A response is a status and JSON, such as = 200 {"ok":true}, or "= failed" with a reason.`);
}

function parseIdentityResult(rest: string): EntryParseResult {
  const { word: kind, rest: afterKind } = parseWord(rest);
  const { word: first, rest: second } = parseWord(afterKind);
  const outcome = toIdentityResult(kind, first, parseWord(second).word, parseOptionalJson(afterKind));
  return outcome === null ? fail(IDENTITY_RESULT_HINT) : succeed({ kind: "found", outcome });
}

const IDENTITY_RESULT_HINT =
  'The result of an identity check is "= link nobody", "locked" or "wrong", "found member-7" (optionally with the URL of a page), "right" (optionally with the code that is texted), or "linked" with the person as JSON.';

function toIdentityResult(
  kind: string,
  first: string,
  second: string,
  json: JsonValue | undefined,
): IdentityResult | null {
  switch (kind) {
    case "nobody":
    case "locked":
    case "wrong":
      return { kind };
    case "found":
      return first === "" ? null : { kind, person: first, page: second === "" ? null : { url: second, hash: second } };
    case "right":
      return { kind, code: first === "" ? null : { digits: first, hash: first } };
    case "linked":
      return isRecord(json) && typeof json["id"] === "string" && typeof json["name"] === "string"
        ? { kind, person: { languages: [], attributes: {}, ...json, id: json["id"], name: json["name"] } }
        : null;
    default:
      return null;
  }
}

function parseReason(written: string): string {
  return parseQuoted(written) ?? (written || "it did not answer");
}

const METHODS: readonly string[] = ["GET", "POST", "PUT", "PATCH", "DELETE"] satisfies AssistantRequest["method"][];

function parseExpectedRequest(rest: string): EntryParseResult {
  const { word: method, rest: afterMethod } = parseWord(rest);
  const { word: url, rest: written } = parseWord(afterMethod);
  const body = parseOptionalJson(written);
  if (METHODS.includes(method) && url !== "" && body !== undefined)
    return succeed({ kind: "asked", method: method as AssistantRequest["method"], url, body });
  return fail('A request is a method, a URL and optional JSON: "? GET https://example.com/orders/7".');
}

/** @returns null if nothing is written, undefined if the text is not JSON */
function parseOptionalJson(written: string): JsonValue | undefined {
  return written === "" ? null : (parseJson(written) as JsonValue | undefined);
}
