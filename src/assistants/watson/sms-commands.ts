import { isRecord } from "../../core/json.ts";
import { OPTION_PREFIX_CHARACTERS, WATSON_COMMANDS } from "../../core/limits/assistants.ts";
import { MEDIA_PER_MESSAGE } from "../../core/limits/twilio.ts";
import type { BotMessage } from "../bot-messages.ts";
import { SKILL_VARIABLES } from "./input.ts";
import { getRecord, toSafeName, toText, type WatsonFields } from "./json-fields.ts";
import { listCommands, listResponses } from "./output.ts";

/** IBM's SMS commands: what an author wants besides messages. */
export interface WatsonCommands {
  /** The conversation ends, and the next text begins a new session. */
  readonly ends: boolean;
  readonly media: readonly BotMessage[];
  /** New prefixes of options and of suggestions; null if unchanged. */
  readonly optionPrefix: string | null;
  readonly suggestionPrefix: string | null;
  /** Watson wants another turn at once, without a text of the contact. */
  readonly forcesTurn: boolean;
  /** Notes for the transcript. */
  readonly notes: readonly string[];
}

/**
 * Collects the commands from all places that authors use: `context.smsAction` of a dialog or of actions,
 * `output.smsAction` (which API version 2 returns as `output.user_defined`), and responses of type `user_defined`.
 */
export function collectCommands(message: WatsonFields): WatsonCommands {
  const output = getRecord(message, "output");
  const userDefinedResponses = listResponses(output).filter((item) => item["response_type"] === "user_defined");
  const actions = [
    output["smsAction"],
    getRecord(output, "user_defined")["smsAction"],
    ...listContextVariables(message).map(({ smsAction }) => smsAction),
    ...userDefinedResponses.flatMap(listCommands),
  ];
  return actions.flat().filter(isRecord).slice(0, WATSON_COMMANDS).reduce<WatsonCommands>(applyCommand, NO_COMMANDS);
}

/** Lists the context variables of each skill. */
export function listContextVariables(message: WatsonFields): readonly WatsonFields[] {
  const skills = getRecord(getRecord(message, "context"), "skills");
  return SKILL_VARIABLES.map(({ skill, variables }) => getRecord(getRecord(skills, skill), variables));
}

const NO_COMMANDS: WatsonCommands = {
  ends: false,
  media: [],
  optionPrefix: null,
  suggestionPrefix: null,
  forcesTurn: false,
  notes: [],
};

function applyCommand(commands: WatsonCommands, action: WatsonFields): WatsonCommands {
  const parameters = getRecord(action, "parameters");
  switch (action["command"]) {
    case "terminateSession":
      return { ...commands, ends: true };
    case "smsActSendMedia":
      return { ...commands, media: addMedia(commands.media, parameters) };
    case "smsActSetOptionsConfig":
      return setPrefix(commands, "optionPrefix", parameters);
    case "smsActSetDisambiguationConfig":
      return setPrefix(commands, "suggestionPrefix", parameters);
    case "smsActForceNoInputTurn":
      return { ...commands, forcesTurn: true };
    default: {
      const note = `Command "${toSafeName(action["command"]) ?? "?"}" ignored: Parley does not know it.`;
      return { ...commands, notes: [...commands.notes, note] };
    }
  }
}

/** The same URL may appear in several places. */
function addMedia(before: readonly BotMessage[], parameters: WatsonFields): readonly BotMessage[] {
  const knownUrls = before.flatMap((message) => (message.kind === "image" ? [message.url] : []));
  const urls = [parameters["mediaURL"]].flat().filter((url) => typeof url === "string");
  return [...new Set([...knownUrls, ...urls])].slice(0, MEDIA_PER_MESSAGE).map((url) => ({ kind: "image", url }));
}

function setPrefix(
  commands: WatsonCommands,
  field: "optionPrefix" | "suggestionPrefix",
  parameters: WatsonFields,
): WatsonCommands {
  const prefix = toText(parameters["prefixText"]);
  // Without %s, no option would show its number.
  if (prefix.includes("%s") && prefix.length <= OPTION_PREFIX_CHARACTERS) return { ...commands, [field]: prefix };
  const note = `prefixText ignored: it must contain %s and have at most ${OPTION_PREFIX_CHARACTERS} characters.`;
  return { ...commands, notes: [...commands.notes, note] };
}
