import { isRecord, type Json } from "../../core/json.ts";
import { OPTION_LABEL_CHARACTERS } from "../../core/limits/assistants.ts";
import { OPTIONS_PER_REQUEST } from "../../core/limits/topics.ts";
import type { Called } from "./completion.ts";
import type { OpenaiSettings } from "./settings.ts";

/** A topic that the model may begin. */
export interface Offer {
  readonly id: string;
  readonly title: string;
  readonly keywords: readonly string[];
}

/** What a model may do beside talking. */
export interface Tools {
  readonly tools: OpenaiSettings["tools"];
  readonly offers: readonly Offer[];
}

/** What a call means. */
export type Deed =
  | { readonly kind: "choices"; readonly text: string; readonly options: readonly string[] }
  | { readonly kind: "picture"; readonly url: string; readonly title: string }
  | { readonly kind: "handover"; readonly text: string; readonly to: string | null; readonly summary: string }
  | { readonly kind: "end"; readonly text: string }
  | { readonly kind: "topic"; readonly id: string }
  /** It cannot be done; the sentence is for the model, which may try again. */
  | { readonly kind: "wrong"; readonly why: string };

/** @returns the functions as the API takes them */
export function describe({ tools, offers }: Tools): readonly Json[] {
  const own = Object.entries(OWN).flatMap(([name, { flag, description, needs, ...given }]) =>
    tools[flag] ? [functionOf(name, description, given.properties, needs)] : [],
  );
  return [...own, ...offers.map((offer) => functionOf(offer.id, offerText(offer), {}, []))];
}

const text = (description: string): Json => ({ type: "string", description });

/** Their names have an underscore, which no topic's id has. */
const OWN = {
  offer_choices: {
    flag: "choices",
    description: "Lets the person choose: shows the options as a numbered list. Do not write the list yourself.",
    properties: {
      text: text("The question, without the options"),
      options: { type: "array", items: { type: "string" }, description: "The options, a few words each" },
    },
    needs: ["text", "options"],
  },
  send_picture: {
    flag: "pictures",
    description: "Sends a picture. Only addresses that you were given, never one that you made up.",
    properties: { url: text("https"), title: text("A few words that go with it") },
    needs: ["url"],
  },
  hand_over: {
    flag: "handover",
    description: "Asks a human colleague to take over: when the person wants that, or when you cannot help.",
    properties: {
      text: text("What the person is told"),
      summary: text("What the colleague should know"),
      to: text("The team, where you know one"),
    },
    needs: ["text", "summary"],
  },
  end_conversation: {
    flag: "end",
    description: "Ends the conversation, when the person has said that they need nothing more. All of it is forgotten.",
    properties: { text: text("The last words to the person") },
    needs: ["text"],
  },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly flag: keyof Tools["tools"];
      readonly description: string;
      readonly properties: Readonly<Record<string, Json>>;
      readonly needs: readonly string[];
    }
  >
>;

function functionOf(
  name: string,
  description: string,
  properties: Readonly<Record<string, Json>>,
  required: readonly string[],
): Json {
  return { type: "function", function: { name, description, parameters: { type: "object", properties, required } } };
}

function offerText({ title, keywords }: Offer): string {
  const words = keywords.length === 0 ? "" : ` People ask for it with: ${keywords.slice(0, 10).join(", ")}.`;
  return `Begins "${title}", which asks the person for what it needs and answers by itself; then you go on.${words}`;
}

/** Whatever was called, with whatever arguments. */
export function understand({ name, given }: Called, { tools, offers }: Tools): Deed {
  if (offers.some(({ id }) => id === name)) return { kind: "topic", id: name };
  if (!isOwn(name) || !tools[OWN[name].flag]) return wrong(`There is no function ${name}.`);
  if (given === null) return wrong("The arguments are no JSON object, or far too long.");
  switch (name) {
    case "offer_choices":
      return choices(given);
    case "send_picture":
      return picture(given);
    case "hand_over": {
      const to = word(given["to"]);
      return {
        kind: "handover",
        text: word(given["text"]),
        to: to === "" ? null : to,
        summary: word(given["summary"]),
      };
    }
    case "end_conversation":
      return { kind: "end", text: word(given["text"]) };
  }
}

function isOwn(name: string): name is keyof typeof OWN {
  return Object.hasOwn(OWN, name);
}

function wrong(why: string): Deed {
  return { kind: "wrong", why };
}

function choices(given: Readonly<Record<string, unknown>>): Deed {
  const list: readonly unknown[] = Array.isArray(given["options"]) ? given["options"] : [];
  const labels = list.map((each) => word(isRecord(each) ? each["label"] : each).slice(0, OPTION_LABEL_CHARACTERS));
  const options = [...new Set(labels)].filter((label) => label !== "").slice(0, OPTIONS_PER_REQUEST);
  if (options.length === 0) return wrong("`options` must be a list of texts, one at least.");
  return { kind: "choices", text: word(given["text"]), options };
}

function picture(given: Readonly<Record<string, unknown>>): Deed {
  const url = word(given["url"]);
  if (!/^https?:\/\//iu.test(url) || !URL.canParse(url)) return wrong("`url` must be the address of a picture.");
  return { kind: "picture", url, title: word(given["title"]).slice(0, OPTION_LABEL_CHARACTERS) };
}

/** What is to be one text, whatever it is. */
function word(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value).toWellFormed().trim() : "";
}
