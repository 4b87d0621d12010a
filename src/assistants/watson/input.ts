import { isRecord, type JsonValue } from "../../core/json.ts";
import { WATSON_ATTACHMENTS, WATSON_TEXT_CHARACTERS } from "../../core/limits/assistants.ts";
import type { Person } from "../../identity/person.ts";
import type { ConnectorContext } from "../connector.ts";
import { getRecord, toText, type WatsonFields } from "./json-fields.ts";
import type { WatsonMemory, WatsonTurn } from "./memory.ts";
import type { WatsonSettings } from "./settings.ts";

/** The input of a forced turn. */
const NO_INPUT_TEXT = "smsNoInputTurn";

/** The names under which dialogs and actions keep their variables. */
export const SKILL_VARIABLES = [
  { skill: "main skill", variables: "user_defined" },
  { skill: "actions skill", variables: "skill_variables" },
] as const;

/** Creates the body of a message: the contact's input, and the variables that IBM's own SMS gateway sets. */
export function createMessageBody(
  { mode }: WatsonSettings,
  context: ConnectorContext,
  memory: WatsonMemory,
  turn: WatsonTurn,
): JsonValue {
  const input = createInput(context, turn);
  const watsonContext = createContext(context, memory, turn);
  // Stateless messages return the context anyway.
  const body =
    mode === "stateless"
      ? { input, context: watsonContext }
      : {
          input: { ...input, options: { ...getRecord(input, "options"), return_context: true } },
          context: watsonContext,
        };
  return body as JsonValue;
}

function createInput({ inbound }: ConnectorContext, { forced }: WatsonTurn): WatsonFields {
  if (forced > 0) return { message_type: "text", text: NO_INPUT_TEXT };
  const { text, media, chosen } = inbound;
  // An option's value goes back whole, because `suggestion_id` identifies a suggestion.
  const chosenInput: WatsonFields = isRecord(chosen?.value) ? chosen.value : { text };
  const attachments = media.slice(0, WATSON_ATTACHMENTS).map(({ url, contentType }) => ({
    url,
    media_type: contentType,
  }));
  return {
    message_type: "text",
    ...chosenInput,
    text: toOneLine(toText(chosenInput["text"])),
    ...(attachments.length === 0 ? {} : { attachments }),
  };
}

/** Watson refuses line breaks, tabs and longer texts. */
function toOneLine(text: string): string {
  return text
    .replaceAll(/[\r\n\t]+/gu, " ")
    .slice(0, WATSON_TEXT_CHARACTERS)
    .toWellFormed();
}

/** Merges the values that are sent with every message into the context that Parley carries, if any. */
function createContext(context: ConnectorContext, memory: WatsonMemory, turn: WatsonTurn): WatsonFields {
  const { sender, number, zone } = context;
  const carried: WatsonFields = isRecord(memory.context) ? memory.context : {};
  const global = getRecord(carried, "global");
  const skills = getRecord(carried, "skills");
  const smsVariables = createVariables(context, memory, turn);
  return {
    ...carried,
    global: { ...global, system: { ...getRecord(global, "system"), user_id: sender, timezone: zone } },
    skills: {
      ...skills,
      ...Object.fromEntries(SKILL_VARIABLES.map((names) => [names.skill, mergeVariables(skills, names, smsVariables)])),
    },
    integrations: {
      ...getRecord(carried, "integrations"),
      channel: { name: "SMS", private: createChannel(context, memory) },
      text_messaging: { assistant_phone_number: number, private: { user_phone_number: sender } },
    },
  };
}

/**
 * Identifies the user as IBM's own gateways do, below `private`, which Watson never logs. Guests are sent as null,
 * because sessions keep earlier values.
 */
function createChannel({ sender, person }: ConnectorContext, { attributes }: WatsonMemory): WatsonFields {
  const user = { id: sender, phone_number: sender, name: person?.name ?? null };
  return { user, person: person === null ? null : toMergeablePerson(person, attributes ?? []) };
}

/** @param knownAttributes names of attributes that Watson may still hold; deleted ones are sent as null */
function toMergeablePerson(
  { id, name, languages, attributes }: Person,
  knownAttributes: readonly string[],
): WatsonFields {
  const deleted = Object.fromEntries(knownAttributes.map((each) => [each, null]));
  return { id, name, languages, attributes: { ...deleted, ...attributes } };
}

/** Removes the contact's identity, which every message sends anew, so that nothing of it is stored. */
export function removeChannel(context: WatsonFields): WatsonFields {
  if (!isRecord(context["integrations"])) return context;
  const { channel: _, ...integrations } = context["integrations"];
  return { ...context, integrations };
}

function mergeVariables(
  skills: WatsonFields,
  names: (typeof SKILL_VARIABLES)[number],
  changes: WatsonFields,
): WatsonFields {
  const skill = getRecord(skills, names.skill);
  return { ...skill, [names.variables]: { ...getRecord(skill, names.variables), ...changes } };
}

/**
 * Returns IBM's reserved variables. Values for a single turn are null otherwise, to erase those of the previous turn.
 */
function createVariables(
  { inbound, number, sender }: ConnectorContext,
  { name }: WatsonMemory,
  { forced }: WatsonTurn,
): WatsonFields {
  const media = forced > 0 ? [] : inbound.media;
  return {
    smsTenantPhoneNumber: number,
    smsUserPhoneNumber: sender,
    smsSessionID: `text_messaging-${name}`,
    smsMedia: media.map(({ url, contentType }) => ({ mediaURL: url, mediaContentType: contentType })),
    smsError: forced > 0 ? null : (inbound.undelivered ?? null),
    smsAction: null,
  };
}
