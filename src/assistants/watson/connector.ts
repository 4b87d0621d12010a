import type { AssistantRequest, RequestOutcome } from "../../contract/assistant.ts";
import { isRecord, type Json } from "../../core/json.ts";
import {
  WATSON_CONTEXT_CHARACTERS,
  WATSON_FORCED_TURNS,
  WATSON_SAID_CHARACTERS,
} from "../../core/limits/assistants.ts";
import type { Saying } from "../compose.ts";
import type { Connector, Move, Probe, Situation } from "../connector.ts";
import { authorsVariables, readWishes, type Wishes } from "./commands.ts";
import { type Fields, recordIn } from "./fields.ts";
import { messageBody, withoutChannel } from "./input.ts";
import { NEW_TURN, recall, remembered, type WatsonMemory, type WatsonTurn } from "./memory.ts";
import { type Output, readOutput } from "./output.ts";
import type { WatsonSettings } from "./settings.ts";

/** Speaks to Watson Assistant, version 2: in a session for each conversation, made anew where it has expired; or in none, with the context carried. */
export function watsonConnector(settings: WatsonSettings): Connector {
  return {
    move: (happening, situation) => {
      const exchange = new Exchange(settings, situation);
      const memory = recall(situation.memory, situation.setting.turn);
      return happening.kind === "answered"
        ? exchange.understand(happening.outcome, memory, memory.turn ?? NEW_TURN)
        : exchange.speak(memory, NEW_TURN);
    },
  };
}

/** What is said about one text of the person's. */
class Exchange {
  readonly #settings: WatsonSettings;
  readonly #situation: Situation;

  constructor(settings: WatsonSettings, situation: Situation) {
    this.#settings = settings;
    this.#situation = situation;
  }

  /** Says the person's text, or what was forced instead; in a session, which may have to be made before. */
  speak(memory: WatsonMemory, turn: WatsonTurn): Move {
    const session = this.#settings.mode === "stateful" ? memory.session : null;
    const needsSession = this.#settings.mode === "stateful" && session === null;
    const told = needsSession ? [] : Object.keys(this.#situation.setting.person?.attributes ?? {});
    const asking = { ...turn, asks: needsSession ? "session" : "message", told } as const;
    const path = session === null ? "/message" : `/sessions/${encodeURIComponent(session)}/message`;
    const request = needsSession
      ? post(this.#settings, "/sessions", {}, memory)
      : post(this.#settings, path, messageBody(this.#settings, this.#situation, memory, asking), memory);
    const attributes = needsSession ? null : together(memory.attributes, told);
    return { kind: "request", request, memory: remembered({ ...memory, attributes, turn: asking }) };
  }

  understand(outcome: RequestOutcome, memory: WatsonMemory, turn: WatsonTurn): Move {
    if (outcome.kind === "failed") return this.#giveUp(outcome.reason, memory, turn);
    const { status, json } = outcome;
    const inSession = turn.asks === "message" && memory.session !== null;
    if (status === 404 && inSession && !turn.renewed) {
      const notes = [...turn.notes, "Watson's session had expired: a new one began, which knows nothing of the old."];
      return this.speak({ ...memory, session: null }, { ...turn, renewed: true, notes });
    }
    if (status < 200 || status > 299) {
      const after = saysSessionIsOver(status) ? { ...memory, session: null } : memory;
      return this.#giveUp(`it answered with HTTP ${status}`, after, turn);
    }
    const answer = isRecord(json) ? json : {};
    if (turn.asks === "session") {
      const { session_id: session } = answer;
      if (typeof session !== "string" || !SESSION.test(session))
        return this.#giveUp("its answer has no session_id", memory, turn);
      return this.speak({ ...memory, session }, turn);
    }
    if (!isRecord(answer["output"])) return this.#giveUp("its answer has no output", memory, turn);
    return this.#take(answer, memory, turn);
  }

  #take(message: Fields, before: WatsonMemory, turn: WatsonTurn): Move {
    const output = readOutput(recordIn(message, "output"));
    const wishes = readWishes(message);
    const { context, isLost } =
      this.#settings.mode === "stateless" ? carried(message["context"], before.context) : NOT_CARRIED;
    // What it holds now is what it was told, whatever has become of the person meanwhile.
    const memory = { ...before, ...wanted(before, message, wishes), context, attributes: together(turn.told) };
    const said = [...turn.said, ...output.sayings, ...wishes.media];
    const notes = [...turn.notes, ...wishes.notes, ...(isLost ? [TOO_LONG] : [])];
    return goesOn(output, wishes, said, turn)
      ? this.speak(memory, { ...turn, forced: turn.forced + 1, said, notes })
      : this.#answer({ ...output, sayings: said }, memory, notes, wishes.ends);
  }

  #answer(output: Output, memory: WatsonMemory, notes: readonly string[], ends: boolean): Move {
    const { sayings, handover, isDisambiguation } = output;
    const prefix = isDisambiguation ? memory.suggestionPrefix : memory.optionPrefix;
    return {
      kind: "answer",
      sayings,
      ...(handover === null ? {} : { handover }),
      ends,
      optionPrefix: prefix ?? this.#settings.optionPrefix,
      notes,
      memory: remembered({ ...memory, turn: null }),
    };
  }

  /** What was said before a forced turn failed is an answer. */
  #giveUp(reason: string, memory: WatsonMemory, turn: WatsonTurn): Move {
    if (turn.said.length === 0) return { kind: "failed", reason, memory: remembered({ ...memory, turn: null }) };
    const notes = [...turn.notes, `Watson wanted to say more, but failed: ${reason}.`];
    return this.#answer({ sayings: turn.said, handover: null, isDisambiguation: false }, memory, notes, false);
  }
}

/** @returns each name once; null: there is none */
function together(...names: readonly (readonly string[] | null)[]): readonly string[] | null {
  const all = [...new Set(names.flatMap((some) => some ?? []))];
  return all.length === 0 ? null : all;
}

function post(
  { url, assistant, environment, version, apikey, timeoutSeconds }: WatsonSettings,
  path: string,
  body: Json,
  memory: Pick<WatsonMemory, "timeoutSeconds">,
): AssistantRequest {
  const of = environment === undefined ? assistant : `${assistant}/environments/${environment}`;
  return {
    method: "POST",
    url: `${url.replace(/\/+$/u, "")}/v2/assistants/${of}${path}?version=${version}`,
    headers: { authorization: { secret: apikey, user: "apikey" } },
    body,
    location: `${url} ${of}`,
    timeoutSeconds: memory.timeoutSeconds ?? timeoutSeconds,
  };
}

/** A UUID, in fact. */
const SESSION = /^[\x21-\x7e]{1,200}$/u;

/** The request itself is refused, and would be again: the next text begins with a new session. */
function saysSessionIsOver(status: number): boolean {
  return status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status);
}

const TOO_LONG = `Watson's context is longer than ${WATSON_CONTEXT_CHARACTERS} characters, and Parley does not carry it: the mode "stateful" leaves it with Watson.`;

/** The context that goes with the next message. */
interface Carried {
  readonly context: Json;
  /** There was one, and it is too long. */
  readonly isLost: boolean;
}

const NOT_CARRIED: Carried = { context: null, isLost: false };

function carried(context: unknown, before: Json): Carried {
  if (!isRecord(context)) return { context: before, isLost: false };
  const own = withoutChannel(context);
  const isLost = JSON.stringify(own).length > WATSON_CONTEXT_CHARACTERS;
  return { context: isLost ? null : (own as Json), isLost };
}

/** Does Watson speak again before the person does? Not after the end, nor where somebody else is to speak. */
function goesOn({ handover }: Output, wishes: Wishes, said: readonly Saying[], { forced }: WatsonTurn): boolean {
  if (!wishes.goesOn || wishes.ends || handover !== null) return false;
  return forced < WATSON_FORCED_TURNS && JSON.stringify(said).length <= WATSON_SAID_CHARACTERS;
}

/** What an author has set for the rest of the session. */
function wanted(
  before: WatsonMemory,
  message: Fields,
  { optionPrefix, suggestionPrefix }: Wishes,
): Pick<WatsonMemory, "optionPrefix" | "suggestionPrefix" | "timeoutSeconds"> {
  // "Enter %s for:" stands in IBM's example before a suggestion with a space between them, and before an option without.
  const spaced = suggestionPrefix?.replace(/(?<!\s)$/u, " ") ?? null;
  return {
    optionPrefix: optionPrefix ?? before.optionPrefix,
    suggestionPrefix: spaced ?? before.suggestionPrefix,
    timeoutSeconds: timeoutIn(message) ?? before.timeoutSeconds,
  };
}

/** @returns `smsConversationResponseTimeout`, which is in milliseconds, in the seconds that a request may take */
function timeoutIn(message: Fields): number | null {
  const limits = authorsVariables(message).map((variables) => Number(variables["smsConversationResponseTimeout"]));
  const limit = limits.find((each) => Number.isFinite(each) && each > 0);
  return limit === undefined ? null : Math.min(60, Math.max(1, Math.round(limit / 1_000)));
}

/** Makes a session, as for a conversation; nobody speaks in it, and it expires by itself. */
export function watsonProbe(settings: WatsonSettings): Probe {
  return { request: post(settings, "/sessions", {}, { timeoutSeconds: null }), judge };
}

function judge(outcome: RequestOutcome): string | null {
  if (outcome.kind === "failed") return `Watson could not be asked: ${outcome.reason}.`;
  const { status, json } = outcome;
  if (status >= 200 && status <= 299) {
    const isSession = isRecord(json) && typeof json["session_id"] === "string";
    return isSession
      ? null
      : "What answers there is no Watson Assistant: it makes no session. Is this the service URL?";
  }
  if (status === 401 || status === 403)
    return `Watson answered with HTTP ${status}: it does not accept the API key. Is the secret the key of this instance?`;
  if (status === 404)
    return "Watson answered with HTTP 404: it knows no such assistant there. Are the service URL, `assistant` and `environment` right?";
  return `Watson answered with HTTP ${status} when it was asked for a session.`;
}
