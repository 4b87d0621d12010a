import type { AssistantRequest, RequestOutcome } from "../../contract/assistant.ts";
import { isRecord, type JsonValue } from "../../core/json.ts";
import {
  WATSON_CONTEXT_CHARACTERS,
  WATSON_FORCED_TURNS,
  WATSON_PENDING_CHARACTERS,
} from "../../core/limits/assistants.ts";
import type { BotMessage } from "../bot-messages.ts";
import type { Connector, ConnectorContext, ConnectorMove, ConnectorProbe } from "../connector.ts";
import { createMessageBody, removeChannel } from "./input.ts";
import { getRecord, type WatsonFields } from "./json-fields.ts";
import { NEW_TURN, restoreMemory, toMemoryJson, type WatsonMemory, type WatsonTurn } from "./memory.ts";
import { parseOutput, type WatsonOutput } from "./output.ts";
import type { WatsonSettings } from "./settings.ts";
import { collectCommands, listContextVariables, type WatsonCommands } from "./sms-commands.ts";

/**
 * Speaks to Watson Assistant v2. In mode `stateful`, each conversation has a session, which is replaced if it has
 * expired. In mode `stateless`, Parley carries the context.
 */
export function createWatsonConnector(settings: WatsonSettings): Connector {
  return {
    move: (event, context) => {
      const exchange = new WatsonExchange(settings, context);
      const memory = restoreMemory(context.memory, context.turn);
      return event.kind === "answered"
        ? exchange.handleOutcome(event.outcome, memory, memory.turn ?? NEW_TURN)
        : exchange.sendInput(memory, NEW_TURN);
    },
  };
}

/** One step in the exchange with Watson about a text. */
class WatsonExchange {
  readonly #settings: WatsonSettings;
  readonly #context: ConnectorContext;

  constructor(settings: WatsonSettings, context: ConnectorContext) {
    this.#settings = settings;
    this.#context = context;
  }

  /** Sends the contact's text, or the input of a forced turn. Creates a session first if necessary. */
  sendInput(memory: WatsonMemory, turn: WatsonTurn): ConnectorMove {
    const session = this.#settings.mode === "stateful" ? memory.session : null;
    const needsSession = this.#settings.mode === "stateful" && session === null;
    const attributeNames = needsSession ? [] : Object.keys(this.#context.person?.attributes ?? {});
    const nextTurn = { ...turn, asks: needsSession ? "session" : "message", told: attributeNames } as const;
    const path = session === null ? "/message" : `/sessions/${encodeURIComponent(session)}/message`;
    const request = needsSession
      ? createRequest(this.#settings, "/sessions", {}, memory)
      : createRequest(this.#settings, path, createMessageBody(this.#settings, this.#context, memory, nextTurn), memory);
    const attributes = needsSession ? null : mergeNames(memory.attributes, attributeNames);
    return { kind: "request", request, memory: toMemoryJson({ ...memory, attributes, turn: nextTurn }) };
  }

  handleOutcome(outcome: RequestOutcome, memory: WatsonMemory, turn: WatsonTurn): ConnectorMove {
    if (outcome.kind === "failed") return this.#answerOrFail(outcome.reason, memory, turn);
    const { status, json } = outcome;
    const inSession = turn.asks === "message" && memory.session !== null;
    if (status === 404 && inSession && !turn.renewed) {
      const notes = [...turn.notes, "New session begun without the earlier context: Watson's session had expired."];
      return this.sendInput({ ...memory, session: null }, { ...turn, renewed: true, notes });
    }
    if (status < 200 || status > 299) {
      const after = isSessionRefused(status) ? { ...memory, session: null } : memory;
      return this.#answerOrFail(`it answered with HTTP ${status}`, after, turn);
    }
    const answer = isRecord(json) ? json : {};
    if (turn.asks === "session") {
      const { session_id: session } = answer;
      if (typeof session !== "string" || !SESSION.test(session))
        return this.#answerOrFail("its answer has no session_id", memory, turn);
      return this.sendInput({ ...memory, session }, turn);
    }
    if (!isRecord(answer["output"])) return this.#answerOrFail("its answer has no output", memory, turn);
    return this.#handleMessage(answer, memory, turn);
  }

  #handleMessage(message: WatsonFields, before: WatsonMemory, turn: WatsonTurn): ConnectorMove {
    const output = parseOutput(getRecord(message, "output"));
    const commands = collectCommands(message);
    const { context, isLost } =
      this.#settings.mode === "stateless" ? carryContext(message["context"], before.context) : NOT_CARRIED;
    // Watson now holds the attributes that this message told it, even if the contact was unlinked meanwhile.
    const memory = {
      ...before,
      ...applyAuthorSettings(before, message, commands),
      context,
      attributes: mergeNames(turn.told),
    };
    const messages = [...turn.said, ...output.messages, ...commands.media];
    const notes = [...turn.notes, ...commands.notes, ...(isLost ? [CONTEXT_TOO_LONG_NOTE] : [])];
    return isTurnForced(output, commands, messages, turn)
      ? this.sendInput(memory, { ...turn, forced: turn.forced + 1, said: messages, notes })
      : this.#finishAnswer({ ...output, messages }, memory, notes, commands.ends);
  }

  #finishAnswer(output: WatsonOutput, memory: WatsonMemory, notes: readonly string[], ends: boolean): ConnectorMove {
    const { messages, handover, isDisambiguation } = output;
    const prefix = isDisambiguation ? memory.suggestionPrefix : memory.optionPrefix;
    return {
      kind: "answer",
      messages,
      ...(handover === null ? {} : { handover }),
      ends,
      optionPrefix: prefix ?? this.#settings.optionPrefix,
      notes,
      memory: toMemoryJson({ ...memory, turn: null }),
    };
  }

  /** Answers with the messages from before a failed forced turn, if there are any. */
  #answerOrFail(reason: string, memory: WatsonMemory, turn: WatsonTurn): ConnectorMove {
    if (turn.said.length === 0) return { kind: "failed", reason, memory: toMemoryJson({ ...memory, turn: null }) };
    const notes = [...turn.notes, `The answer may be incomplete: Watson failed in a further turn: ${reason}.`];
    return this.#finishAnswer({ messages: turn.said, handover: null, isDisambiguation: false }, memory, notes, false);
  }
}

/** @returns each name once, or null */
function mergeNames(...names: readonly (readonly string[] | null)[]): readonly string[] | null {
  const all = [...new Set(names.flatMap((some) => some ?? []))];
  return all.length === 0 ? null : all;
}

function createRequest(
  { url, assistant, environment, version, apikey, timeoutSeconds }: WatsonSettings,
  path: string,
  body: JsonValue,
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

/** In practice a UUID. */
const SESSION = /^[\x21-\x7e]{1,200}$/u;

/** Whether Watson refused the request itself and would refuse it again. The next text then begins a new session. */
function isSessionRefused(status: number): boolean {
  return status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status);
}

const CONTEXT_TOO_LONG_NOTE = `Context dropped: it is longer than ${WATSON_CONTEXT_CHARACTERS} characters. In mode "stateful", Watson keeps the context itself.`;

/** The context to send with the next message. */
interface CarriedContext {
  readonly context: JsonValue;
  /** The context was too long to carry. */
  readonly isLost: boolean;
}

const NOT_CARRIED: CarriedContext = { context: null, isLost: false };

function carryContext(context: unknown, before: JsonValue): CarriedContext {
  if (!isRecord(context)) return { context: before, isLost: false };
  const kept = removeChannel(context);
  const isLost = JSON.stringify(kept).length > WATSON_CONTEXT_CHARACTERS;
  return { context: isLost ? null : (kept as JsonValue), isLost };
}

/** Whether Watson gets another turn before the contact does. Never after the end or a handover. */
function isTurnForced(
  { handover }: WatsonOutput,
  commands: WatsonCommands,
  messages: readonly BotMessage[],
  { forced }: WatsonTurn,
): boolean {
  if (!commands.forcesTurn || commands.ends || handover !== null) return false;
  return forced < WATSON_FORCED_TURNS && JSON.stringify(messages).length <= WATSON_PENDING_CHARACTERS;
}

/** Applies the settings that an author changes for the remainder of the session. */
function applyAuthorSettings(
  before: WatsonMemory,
  message: WatsonFields,
  { optionPrefix, suggestionPrefix }: WatsonCommands,
): Pick<WatsonMemory, "optionPrefix" | "suggestionPrefix" | "timeoutSeconds"> {
  // IBM's example uses "Enter %s for:", with a space before suggestions and without one before options.
  const spaced = suggestionPrefix?.replace(/(?<!\s)$/u, " ") ?? null;
  return {
    optionPrefix: optionPrefix ?? before.optionPrefix,
    suggestionPrefix: spaced ?? before.suggestionPrefix,
    timeoutSeconds: findTimeoutSeconds(message) ?? before.timeoutSeconds,
  };
}

/** Finds `smsConversationResponseTimeout` (milliseconds) and converts it to a request timeout in seconds. */
function findTimeoutSeconds(message: WatsonFields): number | null {
  const limits = listContextVariables(message).map((variables) => Number(variables["smsConversationResponseTimeout"]));
  const limit = limits.find((each) => Number.isFinite(each) && each > 0);
  return limit === undefined ? null : Math.min(60, Math.max(1, Math.round(limit / 1_000)));
}

/** Creates a session that stays unused and expires by itself. */
export function createWatsonProbe(settings: WatsonSettings): ConnectorProbe {
  return { request: createRequest(settings, "/sessions", {}, { timeoutSeconds: null }), judge: judgeProbe };
}

function judgeProbe(outcome: RequestOutcome): string | null {
  if (outcome.kind === "failed") return `Watson could not be reached: ${outcome.reason}.`;
  const { status, json } = outcome;
  if (status >= 200 && status <= 299) {
    const isSession = isRecord(json) && typeof json["session_id"] === "string";
    return isSession
      ? null
      : "The server at this URL is not Watson Assistant: it created no session. Is this the service URL?";
  }
  if (status === 401 || status === 403)
    return `Watson answered with HTTP ${status}: it does not accept the API key. Is the secret the key of this instance?`;
  if (status === 404)
    return "Watson answered with HTTP 404: the assistant does not exist there. Are the service URL, `assistant` and `environment` right?";
  return `Watson answered the request for a session with HTTP ${status}.`;
}
