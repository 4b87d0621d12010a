import type { Handover } from "../../contract/assistant.ts";
import { plainText } from "../../contract/plain-text.ts";
import { isRecord, type Json } from "../../core/json.ts";
import { WATSON_OPTION_CHARACTERS, WATSON_RESPONSES } from "../../core/limits/assistants.ts";
import type { Option, Saying } from "../compose.ts";
import { type Fields, nameOf, recordIn, recordsIn, textOf } from "./fields.ts";

/** What Watson says in one message, in order. */
export interface Output {
  readonly sayings: readonly Saying[];
  readonly handover: Handover | null;
  /** Are there suggestions of what the person may have meant? */
  readonly isDisambiguation: boolean;
}

/** As IBM names the integration "SMS with Twilio", and as people write it. */
const CHANNELS = new Set(["text_messaging", "sms"]);

/** @param output `output` of a message */
export function readOutput(output: Fields): Output {
  const items = responsesIn(output);
  const handovers = items.filter(({ response_type: type }) => type === "connect_to_agent").map(handoverOf);
  return {
    sayings: items.flatMap(sayingsOf),
    handover: handovers.at(-1) ?? null,
    isDisambiguation: items.some(({ response_type: type }) => type === "suggestion"),
  };
}

/** @returns the responses that are meant for texts: what names other channels is not */
export function responsesIn(output: Fields): readonly Fields[] {
  return recordsIn(output, "generic").slice(0, WATSON_RESPONSES).filter(isForTexts);
}

function isForTexts({ channels }: Fields): boolean {
  if (!Array.isArray(channels) || channels.length === 0) return true;
  return channels.some((each) => isRecord(each) && CHANNELS.has(textOf(each["channel"]).toLowerCase()));
}

function sayingsOf(item: Fields): readonly Saying[] {
  const type = item["response_type"];
  switch (type) {
    case "text":
    case "conversational_search":
      return [said(item["text"])];
    case "option":
      return [optionsOf(item, recordsIn(item, "options"))];
    case "suggestion":
      return [optionsOf(item, recordsIn(item, "suggestions"))];
    case "image":
    case "audio":
    case "video":
      return [fileOf(type, item)];
    case "search":
      return [searchOf(item)];
    case "channel_transfer":
      return [transferOf(item)];
    case "connect_to_agent":
      return [said(recordIn(item, "agent_available")["message"])];
    case "user_defined":
      return actionsIn(item).length > 0 ? [] : [skipped(type)];
    // It is for a screen, on which somebody seems to type.
    case "pause":
      return [];
    default:
      return [skipped(type)];
  }
}

/** @returns the commands in a response of the type `user_defined`, which may have anything else instead */
export function actionsIn(item: Fields): readonly Fields[] {
  const own = recordIn(item, "user_defined");
  return [own["smsAction"] ?? own].flat().filter((action) => isRecord(action) && "command" in action) as Fields[];
}

function skipped(type: unknown): Saying {
  return { kind: "skipped", what: `a response of Watson's of the type "${nameOf(type) ?? "?"}"` };
}

/** Authors write HTML and Markdown, and line breaks count. */
function said(text: unknown): Saying {
  return { kind: "text", text: textOf(text), markup: "markdown" };
}

/** The title, and a label for each: a description is for a screen, unless there is no title. */
function optionsOf(item: Fields, written: readonly Fields[]): Saying {
  const options = written.flatMap((option): readonly Option[] => {
    const label = plainText(textOf(option["label"]), "html");
    return label === "" ? [] : [{ label, value: inputOf(option, label) }];
  });
  const text = textOf(item["title"]) || textOf(item["description"]);
  return { kind: "options", text, markup: "markdown", options };
}

/** What Watson wants to hear where the option is chosen: `value.input`, whole. */
function inputOf(option: Fields, label: string): Json {
  const { input } = recordIn(option, "value");
  if (!isRecord(input)) return { text: label };
  const isShort = JSON.stringify(input).length <= WATSON_OPTION_CHARACTERS;
  return isShort ? (input as Json) : { text: textOf(input["text"]) || label };
}

/** Pages with a player: no phone could show what is fetched from there. */
const PLAYERS =
  /(?:^|\.)(?:dailymotion|facebook|mixcloud|soundcloud|streamable|twitch|vidyard|vimeo|wistia|youtu|youtube)\.[a-z]+$/u;

function fileOf(kind: "image" | "audio" | "video", item: Fields): Saying {
  const url = textOf(item["source"]);
  const [title, description] = [wordsOf(item["title"]), wordsOf(item["description"])];
  return kind !== "image" && isPage(url)
    ? { kind: "text", text: lines(title, description, url) }
    : { kind, url, title, description };
}

function isPage(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname, pathname } = new URL(url);
  return PLAYERS.test(hostname) && !/\.\w{3,4}$/u.test(pathname);
}

/** Of what was found the first is said, without its title and its address: as IBM's gateway does it. */
function searchOf(item: Fields): Saying {
  const found = [...recordsIn(item, "primary_results"), ...recordsIn(item, "results")];
  const results = found.map((result) => ({ body: textOf(result["body"]) || textOf(result["title"]) }));
  return { kind: "search", text: textOf(item["header"]), markup: "html", results };
}

function transferOf(item: Fields): Saying {
  const targets = Object.values(recordIn(recordIn(item, "transfer_info"), "target"));
  const urls = targets.map((target) => textOf(isRecord(target) ? target["url"] : target));
  return { kind: "text", text: lines(wordsOf(item["message_to_user"]), ...urls) };
}

function handoverOf(item: Fields): Handover {
  const { message_to_human_agent: message, topic, transfer_info: transfer } = item;
  return {
    to: whomIn(recordIn(recordIn(item, "transfer_info"), "target")),
    context: {
      message: textOf(message),
      topic: textOf(topic),
      transfer: isRecord(transfer) ? (transfer as Json) : null,
    },
  };
}

/** Whom an author wants is said to each service desk in its own words: a department, a queue, a button. The first is taken. */
function whomIn(target: Fields): string | null {
  const named = Object.values(target).flatMap((desk) => (isRecord(desk) ? Object.values(desk) : []));
  return named.map(textOf).find((name) => name !== "" && name.length <= 100) ?? null;
}

function wordsOf(text: unknown): string {
  return plainText(textOf(text), "markdown");
}

function lines(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n");
}
