import { isRecord, type JsonValue } from "../../core/json.ts";
import { OPTION_LABEL_CHARACTERS } from "../../core/limits/assistants.ts";
import { OPTIONS_PER_REQUEST } from "../../core/limits/topics.ts";
import type { ParsedCall } from "./completion.ts";
import type { OpenaiSettings } from "./settings.ts";

/** A topic that the model may begin. */
export interface ModelTopic {
  readonly id: string;
  readonly title: string;
  readonly keywords: readonly string[];
}

/** The functions that a model may call. */
export interface ModelTools {
  readonly tools: OpenaiSettings["tools"];
  readonly topics: readonly ModelTopic[];
}

/** The meaning of a function call. */
export type ToolAction =
  | { readonly kind: "choices"; readonly text: string; readonly options: readonly string[] }
  | { readonly kind: "picture"; readonly url: string; readonly title: string }
  | { readonly kind: "handover"; readonly text: string; readonly to: string | null; readonly summary: string }
  | { readonly kind: "end"; readonly text: string }
  | { readonly kind: "topic"; readonly id: string }
  /** The call is invalid; `why` tells the model, which may try again. */
  | { readonly kind: "wrong"; readonly why: string };

/** @returns the functions in the API's format */
export function describeFunctions({ tools, topics }: ModelTools): readonly JsonValue[] {
  const toolFunctions = Object.entries(TOOLS).flatMap(([name, { flag, description, needs, ...parsedArguments }]) =>
    tools[flag] ? [defineFunction(name, description, parsedArguments.properties, needs)] : [],
  );
  return [...toolFunctions, ...topics.map((topic) => defineFunction(topic.id, describeTopic(topic), {}, []))];
}

const defineTextParameter = (description: string): JsonValue => ({ type: "string", description });

/** Parley's own functions. Their names contain an underscore, which topic ids never do. */
const TOOLS = {
  offer_choices: {
    flag: "choices",
    description: "Lets the person choose: shows the options as a numbered list. Do not write the list yourself.",
    properties: {
      text: defineTextParameter("The question, without the options"),
      options: { type: "array", items: { type: "string" }, description: "The options, a few words each" },
    },
    needs: ["text", "options"],
  },
  send_picture: {
    flag: "pictures",
    description: "Sends a picture. Only addresses that you were given, never one that you made up.",
    properties: { url: defineTextParameter("https"), title: defineTextParameter("A few words that go with it") },
    needs: ["url"],
  },
  hand_over: {
    flag: "handover",
    description: "Asks a human colleague to take over: when the person wants that, or when you cannot help.",
    properties: {
      text: defineTextParameter("What the person is told"),
      summary: defineTextParameter("What the colleague should know"),
      to: defineTextParameter("The team, where you know one"),
    },
    needs: ["text", "summary"],
  },
  end_conversation: {
    flag: "end",
    description: "Ends the conversation, when the person has said that they need nothing more. All of it is forgotten.",
    properties: { text: defineTextParameter("The last words to the person") },
    needs: ["text"],
  },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly flag: keyof ModelTools["tools"];
      readonly description: string;
      readonly properties: Readonly<Record<string, JsonValue>>;
      readonly needs: readonly string[];
    }
  >
>;

function defineFunction(
  name: string,
  description: string,
  properties: Readonly<Record<string, JsonValue>>,
  required: readonly string[],
): JsonValue {
  return { type: "function", function: { name, description, parameters: { type: "object", properties, required } } };
}

function describeTopic({ title, keywords }: ModelTopic): string {
  const words = keywords.length === 0 ? "" : ` People ask for it with: ${keywords.slice(0, 10).join(", ")}.`;
  return `Begins "${title}", which asks the person for what it needs and answers by itself; then you go on.${words}`;
}

/** Interprets any call, however wrong its name or arguments. */
export function interpretCall({ name, parsedArguments }: ParsedCall, { tools, topics }: ModelTools): ToolAction {
  if (topics.some(({ id }) => id === name)) return { kind: "topic", id: name };
  if (!isToolName(name) || !tools[TOOLS[name].flag]) return rejectCall(`There is no function ${name}.`);
  if (parsedArguments === null) return rejectCall("The arguments are not a JSON object, or they are too long.");
  switch (name) {
    case "offer_choices":
      return parseChoices(parsedArguments);
    case "send_picture":
      return parsePicture(parsedArguments);
    case "hand_over": {
      const to = toTrimmedText(parsedArguments["to"]);
      return {
        kind: "handover",
        text: toTrimmedText(parsedArguments["text"]),
        to: to === "" ? null : to,
        summary: toTrimmedText(parsedArguments["summary"]),
      };
    }
    case "end_conversation":
      return { kind: "end", text: toTrimmedText(parsedArguments["text"]) };
  }
}

function isToolName(name: string): name is keyof typeof TOOLS {
  return Object.hasOwn(TOOLS, name);
}

function rejectCall(why: string): ToolAction {
  return { kind: "wrong", why };
}

function parseChoices(parsedArguments: Readonly<Record<string, unknown>>): ToolAction {
  const list: readonly unknown[] = Array.isArray(parsedArguments["options"]) ? parsedArguments["options"] : [];
  const labels = list.map((each) =>
    toTrimmedText(isRecord(each) ? each["label"] : each).slice(0, OPTION_LABEL_CHARACTERS),
  );
  const options = [...new Set(labels)].filter((label) => label !== "").slice(0, OPTIONS_PER_REQUEST);
  if (options.length === 0) return rejectCall("`options` must be a list of texts, one at least.");
  return { kind: "choices", text: toTrimmedText(parsedArguments["text"]), options };
}

function parsePicture(parsedArguments: Readonly<Record<string, unknown>>): ToolAction {
  const url = toTrimmedText(parsedArguments["url"]);
  if (!/^https?:\/\//iu.test(url) || !URL.canParse(url)) return rejectCall("`url` must be the address of a picture.");
  return { kind: "picture", url, title: toTrimmedText(parsedArguments["title"]).slice(0, OPTION_LABEL_CHARACTERS) };
}

/** Converts a value to a trimmed text; empty if it is neither text nor number. */
function toTrimmedText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value).toWellFormed().trim() : "";
}
