import { isRecord } from "../../core/json.ts";
import { OPTION_PREFIX_CHARACTERS, WATSON_COMMANDS } from "../../core/limits/assistants.ts";
import { MESSAGE_MEDIA } from "../../core/limits/twilio.ts";
import type { Saying } from "../compose.ts";
import { type Fields, nameOf, recordIn, textOf } from "./fields.ts";
import { SKILLS } from "./input.ts";
import { actionsIn, responsesIn } from "./output.ts";

/** What an author wants beside what is said: IBM's SMS commands. */
export interface Wishes {
  /** The next text opens a new session. */
  readonly ends: boolean;
  readonly media: readonly Saying[];
  /** How options, and how suggestions, are numbered from now on; null: as before. */
  readonly optionPrefix: string | null;
  readonly suggestionPrefix: string | null;
  /** Watson wants another turn at once, in which the person says nothing. */
  readonly goesOn: boolean;
  /** Lines for the journal. */
  readonly notes: readonly string[];
}

/**
 * @returns the commands, wherever an author may have put them: `context.smsAction` of a dialog or of actions, `output.smsAction` (classic,
 * which version 2 of the API brings as `output.user_defined`), and responses of the type `user_defined`
 */
export function readWishes(message: Fields): Wishes {
  const output = recordIn(message, "output");
  const own = responsesIn(output).filter((item) => item["response_type"] === "user_defined");
  const places = [
    output["smsAction"],
    recordIn(output, "user_defined")["smsAction"],
    ...authorsVariables(message).map(({ smsAction }) => smsAction),
    ...own.flatMap(actionsIn),
  ];
  return places.flat().filter(isRecord).slice(0, WATSON_COMMANDS).reduce<Wishes>(withCommand, NOTHING);
}

/** @returns the context variables of each skill */
export function authorsVariables(message: Fields): readonly Fields[] {
  const skills = recordIn(recordIn(message, "context"), "skills");
  return SKILLS.map(({ skill, variables }) => recordIn(recordIn(skills, skill), variables));
}

const NOTHING: Wishes = {
  ends: false,
  media: [],
  optionPrefix: null,
  suggestionPrefix: null,
  goesOn: false,
  notes: [],
};

function withCommand(wishes: Wishes, action: Fields): Wishes {
  const parameters = recordIn(action, "parameters");
  switch (action["command"]) {
    case "terminateSession":
      return { ...wishes, ends: true };
    case "smsActSendMedia":
      return { ...wishes, media: withMedia(wishes.media, parameters) };
    case "smsActSetOptionsConfig":
      return withPrefix(wishes, "optionPrefix", parameters);
    case "smsActSetDisambiguationConfig":
      return withPrefix(wishes, "suggestionPrefix", parameters);
    case "smsActForceNoInputTurn":
      return { ...wishes, goesOn: true };
    default: {
      const note = `Parley knows no command of Watson's that is named "${nameOf(action["command"]) ?? "?"}".`;
      return { ...wishes, notes: [...wishes.notes, note] };
    }
  }
}

/** The same one may stand in several places. */
function withMedia(before: readonly Saying[], parameters: Fields): readonly Saying[] {
  const known = before.flatMap((saying) => (saying.kind === "image" ? [saying.url] : []));
  const urls = [parameters["mediaURL"]].flat().filter((url) => typeof url === "string");
  return [...new Set([...known, ...urls])].slice(0, MESSAGE_MEDIA).map((url) => ({ kind: "image", url }));
}

function withPrefix(wishes: Wishes, which: "optionPrefix" | "suggestionPrefix", parameters: Fields): Wishes {
  const prefix = textOf(parameters["prefixText"]);
  // Without a place for the number nobody could answer by it.
  if (prefix.includes("%s") && prefix.length <= OPTION_PREFIX_CHARACTERS) return { ...wishes, [which]: prefix };
  const note = `A prefixText of Watson's was left out: it must hold %s, and at most ${OPTION_PREFIX_CHARACTERS} characters.`;
  return { ...wishes, notes: [...wishes.notes, note] };
}
