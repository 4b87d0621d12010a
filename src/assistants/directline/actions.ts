import { isRecord, type Json } from "../../core/json.ts";
import type { Option, Saying } from "../compose.ts";
import { fieldsOf, jsonOf, textOf } from "./activity.ts";

/** Buttons, as a text can have them. */
export interface Actions {
  readonly options: readonly Option[];
  /** Links, and what had to be left out. */
  readonly others: readonly Saying[];
}

/** What of an activity a chosen option is said with. */
export interface Press {
  readonly text?: string;
  readonly value?: Json;
  readonly channelData?: Json;
}

/** Reads the card actions of a card, or the suggested ones of a message. */
export function actionsOf(actions: readonly unknown[]): Actions {
  return together(actions.map(actionOf));
}

export function together(all: readonly Actions[]): Actions {
  return { options: all.flatMap(({ options }) => options), others: all.flatMap(({ others }) => others) };
}

export function option(label: string, value: Press): Actions {
  return { options: [{ label, value: value as Json }], others: [] };
}

export function link(url: string, label: string | null): Actions {
  const phone = /^tel:(?<number>.+)$/iu.exec(url)?.groups?.["number"];
  if (phone !== undefined)
    return { options: [], others: [{ kind: "text", text: label === null ? phone : `${label}: ${phone}` }] };
  return { options: [], others: [{ kind: "link", url, ...(label === null ? {} : { label }) }] };
}

export function leftOut(what: string): Actions {
  return { options: [], others: [{ kind: "skipped", what }] };
}

/** What Web Chat sends where such a button is pressed is what we send. */
function actionOf(json: unknown): Actions {
  const action = fieldsOf(json);
  const { type, value } = action;
  const label = textOf(action["title"]) ?? textOf(action["displayText"]) ?? textOf(value);
  switch (type) {
    case "imBack":
      return typeof value === "string" && label !== null
        ? option(label, { text: value })
        : leftOut("a button without words");
    case "postBack":
      return label === null ? leftOut("a button without words") : option(label, postBack(jsonOf(value)));
    case "messageBack":
      return label === null ? leftOut("a button without words") : option(label, messageBack(action));
    case "openUrl":
    case "call":
    case "signin":
    case "downloadFile":
    case "playAudio":
    case "playVideo":
    case "showImage":
      return typeof value === "string" ? link(value, textOf(action["title"])) : leftOut("a button that leads nowhere");
    default:
      return leftOut("a button of an unknown kind");
  }
}

/** A text goes as the text, all else as the value; the person does not see either. */
export function postBack(value: Json): Press {
  return { ...(typeof value === "string" ? { text: value } : { value }), channelData: { postBack: true } };
}

function messageBack({ text, value, displayText }: Readonly<Record<string, unknown>>): Press {
  return {
    ...(typeof text === "string" ? { text } : {}),
    ...(value === undefined ? {} : { value: jsonOf(value) }),
    channelData: { messageBack: typeof displayText === "string" ? { displayText } : {} },
  };
}

/** @returns what an option that this connector has offered is said with, or null */
export function pressOf(chosen: Option | null): Press | null {
  return chosen !== null && isRecord(chosen.value) ? chosen.value : null;
}

/** The options go below the last text, where that and nothing else was said last. */
export function withActions(sayings: readonly Saying[], { options, others }: Actions): readonly Saying[] {
  const last = sayings.at(-1);
  if (options.length === 0) return [...sayings, ...others];
  if (last?.kind !== "text" || others.length > 0) return [...sayings, ...others, { kind: "options", options }];
  return [...sayings.slice(0, -1), { kind: "options", text: last.text, markup: last.markup, options }];
}
