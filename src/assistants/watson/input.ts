import { isRecord, type JsonValue } from "../../core/json.ts";
import { WATSON_ATTACHMENTS, WATSON_TEXT_CHARACTERS } from "../../core/limits/assistants.ts";
import type { Person } from "../../identity/person.ts";
import type { ConnectorContext } from "../connector.ts";
import { getRecord, toText, type WatsonFields } from "./json-fields.ts";
import type { WatsonMemory, WatsonTurn } from "./memory.ts";
import type { WatsonSettings } from "./settings.ts";

/** What Watson hears in a turn that it has forced. */
const NO_INPUT_TEXT = "smsNoInputTurn";

/** Where dialogs, and where actions, have their variables. */
export const SKILL_VARIABLES = [
  { skill: "main skill", variables: "user_defined" },
  { skill: "actions skill", variables: "skill_variables" },
] as const;

/** @returns the body of a message: what the person said, and what IBM's own gateway for SMS would tell of them */
export function createMessageBody(
  { mode }: WatsonSettings,
  context: ConnectorContext,
  memory: WatsonMemory,
  turn: WatsonTurn,
): JsonValue {
  const input = createInput(context, turn);
  const watsonContext = createContext(context, memory, turn);
  // Without a session the context always comes back.
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
  // What Watson has put into an option comes back whole: a suggestion is known by its `suggestion_id`.
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

/** Watson refuses line breaks and tabs, and what is longer. */
function toOneLine(text: string): string {
  return text
    .replaceAll(/[\r\n\t]+/gu, " ")
    .slice(0, WATSON_TEXT_CHARACTERS)
    .toWellFormed();
}

/** What is said anew in every turn, put into what Parley carries, if it carries something. */
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
      ...Object.fromEntries(SKILL_VARIABLES.map((place) => [place.skill, mergeVariables(skills, place, smsVariables)])),
    },
    integrations: {
      ...getRecord(carried, "integrations"),
      channel: { name: "SMS", private: createChannel(context, memory) },
      text_messaging: { assistant_phone_number: number, private: { user_phone_number: sender } },
    },
  };
}

/** Where IBM's own gateways say who the user is: what is private is in no log of Watson's. A guest is said, since a session remembers. */
function createChannel({ sender, person }: ConnectorContext, { attributes }: WatsonMemory): WatsonFields {
  const user = { id: sender, phone_number: sender, name: person?.name ?? null };
  return { user, person: person === null ? null : toMergeablePerson(person, attributes ?? []) };
}

/** @param known names of attributes that Watson may hold; those that are gone are said as null */
function toMergeablePerson(
  { id, name, languages, attributes }: Person,
  knownAttributes: readonly string[],
): WatsonFields {
  const deleted = Object.fromEntries(knownAttributes.map((each) => [each, null]));
  return { id, name, languages, attributes: { ...deleted, ...attributes } };
}

/** @returns the context without what is said of the person anew in every turn: nothing of who signs out is stored */
export function removeChannel(context: WatsonFields): WatsonFields {
  if (!isRecord(context["integrations"])) return context;
  const { channel: _, ...integrations } = context["integrations"];
  return { ...context, integrations };
}

function mergeVariables(
  skills: WatsonFields,
  place: (typeof SKILL_VARIABLES)[number],
  changes: WatsonFields,
): WatsonFields {
  const skill = getRecord(skills, place.skill);
  return { ...skill, [place.variables]: { ...getRecord(skill, place.variables), ...changes } };
}

/** IBM's reserved variables. What holds for one turn only is said as null, so that nothing of the turn before is left. */
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
