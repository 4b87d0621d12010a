import type { HandoverRequest } from "../../contract/assistant.ts";
import { renderPlainText } from "../../contract/plain-text.ts";
import { isRecord, type JsonValue } from "../../core/json.ts";
import { WATSON_OPTION_CHARACTERS, WATSON_RESPONSES } from "../../core/limits/assistants.ts";
import type { BotMessage, BotOption } from "../bot-messages.ts";
import { getRecord, getRecords, toSafeName, toText, type WatsonFields } from "./json-fields.ts";

/** What Watson says in one message, in order. */
export interface WatsonOutput {
  readonly messages: readonly BotMessage[];
  readonly handover: HandoverRequest | null;
  /** Are there suggestions of what the person may have meant? */
  readonly isDisambiguation: boolean;
}

/** As IBM names the integration "SMS with Twilio", and as people write it. */
const CHANNELS = new Set(["text_messaging", "sms"]);

/** @param output `output` of a message */
export function parseOutput(output: WatsonFields): WatsonOutput {
  const items = listResponses(output);
  const handovers = items.filter(({ response_type: type }) => type === "connect_to_agent").map(toHandoverRequest);
  return {
    messages: items.flatMap(toBotMessages),
    handover: handovers.at(-1) ?? null,
    isDisambiguation: items.some(({ response_type: type }) => type === "suggestion"),
  };
}

/** @returns the responses that are meant for texts: what names other channels is not */
export function listResponses(output: WatsonFields): readonly WatsonFields[] {
  return getRecords(output, "generic").slice(0, WATSON_RESPONSES).filter(isForTexts);
}

function isForTexts({ channels }: WatsonFields): boolean {
  if (!Array.isArray(channels) || channels.length === 0) return true;
  return channels.some((each) => isRecord(each) && CHANNELS.has(toText(each["channel"]).toLowerCase()));
}

function toBotMessages(response: WatsonFields): readonly BotMessage[] {
  const type = response["response_type"];
  switch (type) {
    case "text":
    case "conversational_search":
      return [toTextMessage(response["text"])];
    case "option":
      return [toOptionsMessage(response, getRecords(response, "options"))];
    case "suggestion":
      return [toOptionsMessage(response, getRecords(response, "suggestions"))];
    case "image":
    case "audio":
    case "video":
      return [toFileMessage(type, response)];
    case "search":
      return [toSearchMessage(response)];
    case "channel_transfer":
      return [toTransferMessage(response)];
    case "connect_to_agent":
      return [toTextMessage(getRecord(response, "agent_available")["message"])];
    case "user_defined":
      return listCommands(response).length > 0 ? [] : [toSkippedMessage(type)];
    // It is for a screen, on which somebody seems to type.
    case "pause":
      return [];
    default:
      return [toSkippedMessage(type)];
  }
}

/** @returns the commands in a response of the type `user_defined`, which may have anything else instead */
export function listCommands(response: WatsonFields): readonly WatsonFields[] {
  const userDefined = getRecord(response, "user_defined");
  return [userDefined["smsAction"] ?? userDefined]
    .flat()
    .filter((action) => isRecord(action) && "command" in action) as WatsonFields[];
}

function toSkippedMessage(type: unknown): BotMessage {
  return { kind: "skipped", what: `a response of Watson's of the type "${toSafeName(type) ?? "?"}"` };
}

/** Authors write HTML and Markdown, and line breaks count. */
function toTextMessage(text: unknown): BotMessage {
  return { kind: "text", text: toText(text), markup: "markdown" };
}

/** The title, and a label for each: a description is for a screen, unless there is no title. */
function toOptionsMessage(response: WatsonFields, entries: readonly WatsonFields[]): BotMessage {
  const options = entries.flatMap((option): readonly BotOption[] => {
    const label = renderPlainText(toText(option["label"]), "html");
    return label === "" ? [] : [{ label, value: toOptionInput(option, label) }];
  });
  const text = toText(response["title"]) || toText(response["description"]);
  return { kind: "options", text, markup: "markdown", options };
}

/** What Watson wants to hear where the option is chosen: `value.input`, whole. */
function toOptionInput(option: WatsonFields, label: string): JsonValue {
  const { input } = getRecord(option, "value");
  if (!isRecord(input)) return { text: label };
  const isShort = JSON.stringify(input).length <= WATSON_OPTION_CHARACTERS;
  return isShort ? (input as JsonValue) : { text: toText(input["text"]) || label };
}

/** Pages with a player: no phone could show what is fetched from there. */
const PLAYERS =
  /(?:^|\.)(?:dailymotion|facebook|mixcloud|soundcloud|streamable|twitch|vidyard|vimeo|wistia|youtu|youtube)\.[a-z]+$/u;

function toFileMessage(kind: "image" | "audio" | "video", response: WatsonFields): BotMessage {
  const url = toText(response["source"]);
  const [title, description] = [toPlainWords(response["title"]), toPlainWords(response["description"])];
  return kind !== "image" && isPlayerPage(url)
    ? { kind: "text", text: joinLines(title, description, url) }
    : { kind, url, title, description };
}

function isPlayerPage(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname, pathname } = new URL(url);
  return PLAYERS.test(hostname) && !/\.\w{3,4}$/u.test(pathname);
}

/** Of what was found the first is said, without its title and its address: as IBM's gateway does it. */
function toSearchMessage(response: WatsonFields): BotMessage {
  const allResults = [...getRecords(response, "primary_results"), ...getRecords(response, "results")];
  const results = allResults.map((result) => ({ body: toText(result["body"]) || toText(result["title"]) }));
  return { kind: "search", text: toText(response["header"]), markup: "html", results };
}

function toTransferMessage(response: WatsonFields): BotMessage {
  const targets = Object.values(getRecord(getRecord(response, "transfer_info"), "target"));
  const urls = targets.map((target) => toText(isRecord(target) ? target["url"] : target));
  return { kind: "text", text: joinLines(toPlainWords(response["message_to_user"]), ...urls) };
}

function toHandoverRequest(response: WatsonFields): HandoverRequest {
  const { message_to_human_agent: message, topic, transfer_info: transfer } = response;
  return {
    to: findHandoverTarget(getRecord(getRecord(response, "transfer_info"), "target")),
    context: {
      message: toText(message),
      topic: toText(topic),
      transfer: isRecord(transfer) ? (transfer as JsonValue) : null,
    },
  };
}

/** Whom an author wants is said to each service desk in its own words: a department, a queue, a button. The first is taken. */
function findHandoverTarget(target: WatsonFields): string | null {
  const names = Object.values(target).flatMap((desk) => (isRecord(desk) ? Object.values(desk) : []));
  return names.map(toText).find((name) => name !== "" && name.length <= 100) ?? null;
}

function toPlainWords(text: unknown): string {
  return renderPlainText(toText(text), "markdown");
}

function joinLines(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n");
}
