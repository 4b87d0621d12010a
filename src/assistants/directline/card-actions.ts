import { isRecord, type JsonValue } from "../../core/json.ts";
import type { BotMessage, BotOption } from "../bot-messages.ts";
import { toFields, toJson, toText } from "./activity.ts";

/** The buttons of a message, as far as a text can show them. */
export interface BotActions {
  readonly options: readonly BotOption[];
  /** Links, and buttons that a text cannot show. */
  readonly others: readonly BotMessage[];
}

/** The fields of the activity that reports a chosen option. */
export interface OptionPress {
  readonly text?: string;
  readonly value?: JsonValue;
  readonly channelData?: JsonValue;
}

/** Reads the actions of a card, or the suggested actions of a message. */
export function parseActions(actions: readonly unknown[]): BotActions {
  return mergeActions(actions.map(parseAction));
}

export function mergeActions(all: readonly BotActions[]): BotActions {
  return { options: all.flatMap(({ options }) => options), others: all.flatMap(({ others }) => others) };
}

export function toOptionAction(label: string, value: OptionPress): BotActions {
  return { options: [{ label, value: value as JsonValue }], others: [] };
}

export function toLinkAction(url: string, label: string | null): BotActions {
  const phone = /^tel:(?<number>.+)$/iu.exec(url)?.groups?.["number"];
  if (phone !== undefined)
    return { options: [], others: [{ kind: "text", text: label === null ? phone : `${label}: ${phone}` }] };
  return { options: [], others: [{ kind: "link", url, ...(label === null ? {} : { label }) }] };
}

export function toSkippedAction(what: string): BotActions {
  return { options: [], others: [{ kind: "skipped", what }] };
}

/** Sends what Web Chat would send for the same button. */
function parseAction(json: unknown): BotActions {
  const action = toFields(json);
  const { type, value } = action;
  const label = toText(action["title"]) ?? toText(action["displayText"]) ?? toText(value);
  switch (type) {
    case "imBack":
      return typeof value === "string" && label !== null
        ? toOptionAction(label, { text: value })
        : toSkippedAction("a button without words");
    case "postBack":
      return label === null
        ? toSkippedAction("a button without words")
        : toOptionAction(label, toPostBack(toJson(value)));
    case "messageBack":
      return label === null ? toSkippedAction("a button without words") : toOptionAction(label, toMessageBack(action));
    case "openUrl":
    case "call":
    case "signin":
    case "downloadFile":
    case "playAudio":
    case "playVideo":
    case "showImage":
      return typeof value === "string"
        ? toLinkAction(value, toText(action["title"]))
        : toSkippedAction("a button that leads nowhere");
    default:
      return toSkippedAction("a button of an unknown kind");
  }
}

/** Sends a text as the text and anything else as the value, hidden from the contact as in Web Chat. */
export function toPostBack(value: JsonValue): OptionPress {
  return { ...(typeof value === "string" ? { text: value } : { value }), channelData: { postBack: true } };
}

function toMessageBack({ text, value, displayText }: Readonly<Record<string, unknown>>): OptionPress {
  return {
    ...(typeof text === "string" ? { text } : {}),
    ...(value === undefined ? {} : { value: toJson(value) }),
    channelData: { messageBack: typeof displayText === "string" ? { displayText } : {} },
  };
}

/** @returns the activity's fields for a chosen option; null if the option is not from this connector */
export function toOptionPress(chosen: BotOption | null): OptionPress | null {
  return chosen !== null && isRecord(chosen.value) ? chosen.value : null;
}

/** Adds the options to the last message if that is a text, otherwise as a message. */
export function appendActions(messages: readonly BotMessage[], { options, others }: BotActions): readonly BotMessage[] {
  const lastMessage = messages.at(-1);
  if (options.length === 0) return [...messages, ...others];
  if (lastMessage?.kind !== "text" || others.length > 0) return [...messages, ...others, { kind: "options", options }];
  return [...messages.slice(0, -1), { kind: "options", text: lastMessage.text, markup: lastMessage.markup, options }];
}
