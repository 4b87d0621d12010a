import type { HandoverRequest } from "../../contract/assistant.ts";
import { isRecord, type JsonValue, parseJson } from "../../core/json.ts";
import { ACTIVITIES_PER_TURN, ACTIVITY_CHARACTERS_PER_TURN } from "../../core/limits/assistants.ts";
import type { BotMessage } from "../bot-messages.ts";
import { type BotActivity, toFields, toJson, toText } from "./activity.ts";
import { convertMessage } from "./message.ts";

/** Everything a bot has sent in a turn so far. */
export interface GatheredAnswer {
  /** How many activities it contains. */
  readonly count: number;
  readonly sayings: readonly BotMessage[];
  readonly handover: HandoverRequest | null;
  readonly ends: boolean;
  /** The bot waits for the contact's input. */
  readonly expects: boolean;
  readonly notes: readonly string[];
}

export const NOTHING_GATHERED: GatheredAnswer = {
  count: 0,
  sayings: [],
  handover: null,
  ends: false,
  expects: false,
  notes: [],
};

const ANSWER_FULL_NOTE = "Answer cut: the bot sent more than an answer can contain.";

/** Adds an activity of the bot. Types such as `typing` and `trace` add nothing. */
export function addActivity(before: GatheredAnswer, activity: BotActivity): GatheredAnswer {
  if (before.count >= ACTIVITIES_PER_TURN) return addNote(before, ANSWER_FULL_NOTE);
  const after = applyActivity(before, activity);
  return JSON.stringify(after).length > ACTIVITY_CHARACTERS_PER_TURN ? addNote(before, ANSWER_FULL_NOTE) : after;
}

/** Adds a note for the transcript, unless it is there already. */
export function addNote(before: GatheredAnswer, note: string): GatheredAnswer {
  return before.notes.includes(note) ? before : { ...before, notes: [...before.notes, note] };
}

function applyActivity(before: GatheredAnswer, activity: BotActivity): GatheredAnswer {
  switch (activity.type) {
    case "message":
      return applyMessage(before, activity);
    case "endOfConversation":
      return { ...addMessageText(before, activity), ends: true };
    case "event":
      return applyEvent(before, activity);
    case "typing":
    case "trace":
      return before;
    default:
      return addNote(before, `Activity of type ${quoteName(activity.type)} ignored: a text cannot show it.`);
  }
}

/** `inputHint` is Bot Framework's field: the bot waits for input, or has more to say. */
function applyMessage(before: GatheredAnswer, activity: BotActivity): GatheredAnswer {
  const command = findCommand(activity.channelData["tags"]);
  const expects = activity.fields["inputHint"] === "expectingInput";
  if (command === null) return { ...addMessageText(before, activity), expects };
  const isForAgents = command.type === "Escalate" && activity.channelData["deliveryMode"] !== "bridged";
  const after = isForAgents ? { ...before, count: before.count + 1 } : addMessageText(before, activity);
  if (command.type === "EndConversation") return { ...after, ends: true };
  const summary = isForAgents ? toText(activity.fields["text"]) : null;
  return { ...after, handover: { to: null, context: addSummary(command.context, summary) } };
}

function addMessageText(before: GatheredAnswer, { fields }: BotActivity): GatheredAnswer {
  return { ...before, count: before.count + 1, sayings: [...before.sayings, ...convertMessage(fields)] };
}

/** A command for Omnichannel for Customer Service in `channelData.tags`, as JSON in a text. */
interface OmnichannelCommand {
  readonly type: "Escalate" | "EndConversation";
  readonly context: JsonValue;
}

function findCommand(tags: unknown): OmnichannelCommand | null {
  const json = typeof tags === "string" ? parseJson(tags) : tags;
  if (Array.isArray(json)) return json.map(parseCommand).find((command) => command !== null) ?? null;
  return parseCommand(json);
}

function parseCommand(json: unknown): OmnichannelCommand | null {
  const { type, context } = toFields(json);
  return type === "Escalate" || type === "EndConversation" ? { type, context: toJson(context) } : null;
}

/** In Omnichannel, the text of an escalation is meant for the agent, unless the bot bridges it to the customer. */
function addSummary(context: JsonValue, summary: string | null): JsonValue {
  if (summary === null) return context;
  return isRecord(context) ? { summary, ...context } : { summary, context };
}

function applyEvent(before: GatheredAnswer, { fields }: BotActivity): GatheredAnswer {
  const name = toText(fields["name"]) ?? "";
  if (name !== "handoff.initiate") return addNote(before, `Event ${quoteName(name)} ignored: Parley does not know it.`);
  const context = toJson(fields["value"]);
  return { ...before, count: before.count + 1, handover: { to: findSkill(context), context } };
}

/** The name of the skill, as in Bot Framework's samples. */
function findSkill(context: JsonValue): string | null {
  const { Skill: skill, skill: other } = toFields(context);
  return toText(skill) ?? toText(other);
}

/** Quotes a name that the bot chose, made safe for a transcript. */
function quoteName(name: string): string {
  return `"${name.replaceAll(/[^\w./-]/gu, "").slice(0, 60)}"`;
}
