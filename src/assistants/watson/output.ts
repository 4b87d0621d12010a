import type { HandoverRequest } from "../../contract/assistant.ts";
import { renderPlainText } from "../../contract/plain-text.ts";
import { isRecord, type JsonValue } from "../../core/json.ts";
import { WATSON_OPTION_CHARACTERS, WATSON_RESPONSES } from "../../core/limits/assistants.ts";
import type { BotMessage, BotOption } from "../bot-messages.ts";
import { getRecord, getRecords, toSafeName, toText, type WatsonFields } from "./json-fields.ts";

/** The content of one message from Watson. */
export interface WatsonOutput {
  readonly messages: readonly BotMessage[];
  readonly handover: HandoverRequest | null;
  /** Whether the message suggests what the contact may have meant. */
  readonly isDisambiguation: boolean;
}

/** IBM's name for the integration "SMS with Twilio", and the name that authors use. */
const CHANNELS = new Set(["text_messaging", "sms"]);

/** @param output the field `output` of a message */
export function parseOutput(output: WatsonFields): WatsonOutput {
  const items = listResponses(output);
  const handovers = items.filter(({ response_type: type }) => type === "connect_to_agent").map(toHandoverRequest);
  return {
    messages: items.flatMap(toBotMessages),
    handover: handovers.at(-1) ?? null,
    isDisambiguation: items.some(({ response_type: type }) => type === "suggestion"),
  };
}

/** Lists the responses for SMS; those for other channels only are dropped. */
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
    // A typing indicator, for screens only.
    case "pause":
      return [];
    default:
      return [toSkippedMessage(type)];
  }
}

/** Lists the commands in a response of type `user_defined`, which may contain anything else instead. */
export function listCommands(response: WatsonFields): readonly WatsonFields[] {
  const userDefined = getRecord(response, "user_defined");
  return [userDefined["smsAction"] ?? userDefined]
    .flat()
    .filter((action) => isRecord(action) && "command" in action) as WatsonFields[];
}

function toSkippedMessage(type: unknown): BotMessage {
  return { kind: "skipped", what: `a response of Watson's of the type "${toSafeName(type) ?? "?"}"` };
}

/** Authors write HTML and Markdown, with meaningful line breaks. */
function toTextMessage(text: unknown): BotMessage {
  return { kind: "text", text: toText(text), markup: "markdown" };
}

/** Uses the title and the labels. Descriptions are for screens, unless there is no title. */
function toOptionsMessage(response: WatsonFields, entries: readonly WatsonFields[]): BotMessage {
  const options = entries.flatMap((option): readonly BotOption[] => {
    const label = renderPlainText(toText(option["label"]), "html");
    return label === "" ? [] : [{ label, value: toOptionInput(option, label) }];
  });
  const text = toText(response["title"]) || toText(response["description"]);
  return { kind: "options", text, markup: "markdown", options };
}

/** Returns the input that Watson expects if the option is chosen: the whole `value.input`. */
function toOptionInput(option: WatsonFields, label: string): JsonValue {
  const { input } = getRecord(option, "value");
  if (!isRecord(input)) return { text: label };
  const isShort = JSON.stringify(input).length <= WATSON_OPTION_CHARACTERS;
  return isShort ? (input as JsonValue) : { text: toText(input["text"]) || label };
}

/** Web pages with a player, which an MMS cannot contain. */
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

/** Sends only the body of the first result, as IBM's gateway does. */
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

/** Finds the first name of an agent, team or queue. Each service desk has a different field for it. */
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
