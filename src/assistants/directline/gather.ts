import type { Handover } from "../../contract/assistant.ts";
import { isRecord, type Json, parseJson } from "../../core/json.ts";
import { ACTIVITIES_PER_TURN, GATHERED_CHARACTERS } from "../../core/limits/assistants.ts";
import type { Saying } from "../compose.ts";
import { type Activity, fieldsOf, jsonOf, textOf } from "./activity.ts";
import { messageSayings } from "./message.ts";

/** What a bot has said and done in a turn so far. */
export interface Gathered {
  /** How many activities it is made of. */
  readonly count: number;
  readonly sayings: readonly Saying[];
  readonly handover: Handover | null;
  readonly ends: boolean;
  /** The bot has said that it waits for the person. */
  readonly expects: boolean;
  readonly notes: readonly string[];
}

export const NOTHING: Gathered = { count: 0, sayings: [], handover: null, ends: false, expects: false, notes: [] };

const FULL = "The bot said more than an answer can hold: the rest was left out.";

/** @returns what is gathered with one more activity of the bot's; `typing` and what is for developers add nothing */
export function gathered(before: Gathered, activity: Activity): Gathered {
  if (before.count >= ACTIVITIES_PER_TURN) return noted(before, FULL);
  const after = withActivity(before, activity);
  return JSON.stringify(after).length > GATHERED_CHARACTERS ? noted(before, FULL) : after;
}

/** @returns the same with a line for the journal, which is not said twice */
export function noted(before: Gathered, note: string): Gathered {
  return before.notes.includes(note) ? before : { ...before, notes: [...before.notes, note] };
}

function withActivity(before: Gathered, activity: Activity): Gathered {
  switch (activity.type) {
    case "message":
      return withMessage(before, activity);
    case "endOfConversation":
      return { ...withWords(before, activity), ends: true };
    case "event":
      return withEvent(before, activity);
    case "typing":
    case "trace":
      return before;
    default:
      return noted(before, `The bot sent an activity of the type ${word(activity.type)}, which a text cannot show.`);
  }
}

/** `inputHint` is Bot Framework's: whether the bot waits for the person, or has more to say. */
function withMessage(before: Gathered, activity: Activity): Gathered {
  const command = commandIn(activity.channelData["tags"]);
  const expects = activity.fields["inputHint"] === "expectingInput";
  if (command === null) return { ...withWords(before, activity), expects };
  const isForAgents = command.type === "Escalate" && activity.channelData["deliveryMode"] !== "bridged";
  const said = isForAgents ? { ...before, count: before.count + 1 } : withWords(before, activity);
  if (command.type === "EndConversation") return { ...said, ends: true };
  const summary = isForAgents ? textOf(activity.fields["text"]) : null;
  return { ...said, handover: { to: null, context: summarised(command.context, summary) } };
}

function withWords(before: Gathered, { fields }: Activity): Gathered {
  return { ...before, count: before.count + 1, sayings: [...before.sayings, ...messageSayings(fields)] };
}

/** What Omnichannel for Customer Service understands in `channelData.tags`: a command, as JSON in a text. */
interface Command {
  readonly type: "Escalate" | "EndConversation";
  readonly context: Json;
}

function commandIn(tags: unknown): Command | null {
  const json = typeof tags === "string" ? parseJson(tags) : tags;
  if (Array.isArray(json)) return json.map(commandOf).find((command) => command !== null) ?? null;
  return commandOf(json);
}

function commandOf(json: unknown): Command | null {
  const { type, context } = fieldsOf(json);
  return type === "Escalate" || type === "EndConversation" ? { type, context: jsonOf(context) } : null;
}

/** There, the words of an escalation are for the agent, unless the bot has them bridged to the customer. */
function summarised(context: Json, summary: string | null): Json {
  if (summary === null) return context;
  return isRecord(context) ? { summary, ...context } : { summary, context };
}

function withEvent(before: Gathered, { fields }: Activity): Gathered {
  const name = textOf(fields["name"]) ?? "";
  if (name !== "handoff.initiate")
    return noted(before, `The bot sent the event ${word(name)}, which Parley does not know.`);
  const context = jsonOf(fields["value"]);
  return { ...before, count: before.count + 1, handover: { to: skillIn(context), context } };
}

/** Bot Framework's samples name the skill that is needed so. */
function skillIn(context: Json): string | null {
  const { Skill: skill, skill: other } = fieldsOf(context);
  return textOf(skill) ?? textOf(other);
}

/** A name of the bot's own choosing, fit for a journal. */
function word(name: string): string {
  return `"${name.replaceAll(/[^\w./-]/gu, "").slice(0, 60)}"`;
}
