import type {
  Assistant,
  AssistantAnswer,
  AssistantContext,
  AssistantEvent,
  AssistantMemory,
  AssistantReply,
  TextEvent,
} from "../contract/assistant.ts";
import { isRecord, type JsonValue } from "../core/json.ts";
import { CONNECTOR_MOVES } from "../core/limits/assistants.ts";
import { OPTIONS_PER_REQUEST } from "../core/limits/topics.ts";
import { chooseLanguage } from "../languages/catalog.ts";
import { type BotOption, composeAnswers } from "./bot-messages.ts";
import type {
  BotVariables,
  Connector,
  ConnectorAnswer,
  ConnectorContext,
  ConnectorEvent,
  ConnectorMove,
  ConnectorText,
  TopicUtterance,
} from "./connector.ts";
import { formatMenu, type MenuStyle, type NumberedMenu, pickMenuOption } from "./numbered-menu.ts";

/** Settings that all connectors share. */
export interface CommonSettings {
  /** The prefix of each option, such as "%s. ", where %s stands for its number. */
  readonly optionPrefix: string;
}

/** An assistant behind a connector. */
export interface RemoteAssistant extends Assistant {
  readonly handleEvent: (
    event: AssistantEvent,
    memory: AssistantMemory | null,
    context: AssistantContext,
  ) => RemoteReply;
  /**
   * Continues after the topic that the assistant began.
   * @param utterances all that was said in the topic, in order
   */
  readonly resumeAfterTopic: (
    utterances: readonly TopicUtterance[],
    memory: AssistantMemory | null,
    context: AssistantContext,
  ) => RemoteReply;
}

export interface RemoteReply extends AssistantReply {
  /** The id of a topic that takes over until it is over. */
  readonly topic?: string;
}

/** The memory of a conversation with a remote assistant. */
interface RemoteConnection {
  readonly variables: BotVariables;
  /** The option prefix that the assistant has set; null for the operator's setting. */
  readonly prefix: string | null;
  /** The menu that the contact can choose from; null if the last answer offered none. */
  readonly menu: NumberedMenu | null;
  /** The connectors' memory, by location. */
  readonly own: readonly JsonValue[];
  /** The text that is being answered, or whose answer began a topic that still runs; null between turns. */
  readonly open: OpenTurn | null;
}

interface OpenTurn {
  readonly asked: ConnectorText;
  /** The index of the location that is asked now. */
  readonly location: number;
  readonly moves: number;
  /** A topic has answered the contact, so the turn may end without another text. */
  readonly isTold?: true;
}

/** Remote assistants get no `silent` events. */
const AWAIT_TEXT = { kind: "text", silentAfter: null } as const;

/**
 * Creates an assistant from a connector. It numbers options and turns the contact's number into the option's value. If
 * a location fails, it asks the next one; if the last one fails, it sends the failure message.
 * @param locations the connector of each location, the primary one first
 */
export function createRemoteAssistant(locations: readonly Connector[], common: CommonSettings): RemoteAssistant {
  const startTurn = (memory: AssistantMemory | null, context: AssistantContext) =>
    new RemoteTurn(locations, common, context, restoreConnection(memory));
  return {
    handleEvent: (event, memory, context) => startTurn(memory, context).handleEvent(event),
    resumeAfterTopic: (utterances, memory, context) => startTurn(memory, context).resumeAfterTopic(utterances),
  };
}

/** One event of a conversation. */
class RemoteTurn {
  readonly #locations: readonly Connector[];
  readonly #context: AssistantContext;
  readonly #connection: RemoteConnection;
  readonly #style: MenuStyle;
  readonly #failures: readonly string[];

  constructor(
    locations: readonly Connector[],
    common: CommonSettings,
    context: AssistantContext,
    connection: RemoteConnection,
    failures: readonly string[] = [],
  ) {
    this.#locations = locations;
    this.#context = context;
    this.#connection = connection;
    this.#failures = failures;
    const prefix = connection.prefix ?? common.optionPrefix;
    this.#style = { prefix, more: context.message("more", context.language) ?? "+" };
  }

  handleEvent(event: AssistantEvent): RemoteReply {
    if (event.kind === "text") return this.#handleText(event);
    const { open } = this.#connection;
    if (open === null || event.kind === "silent" || event.kind === "linked" || event.kind === "begun")
      return this.#createReply([], this.#connection);
    if (event.kind !== "file") return this.#runConnector(open, event);
    // Joined texts may have added files after those of the event.
    const media = [...event.media, ...open.asked.media.slice(event.media.length)];
    return this.#runConnector({ ...open, asked: { ...open.asked, media } }, { kind: "file", index: event.index });
  }

  resumeAfterTopic(utterances: readonly TopicUtterance[]): RemoteReply {
    const { open } = this.#connection;
    if (open === null) return this.#createReply([], this.#connection);
    const { isTold: _, ...turn } = open;
    const isTold = utterances.at(-1)?.by === "topic";
    return this.#runConnector({ ...turn, ...(isTold ? { isTold } : {}) }, { kind: "topic-ended", utterances });
  }

  #handleText({ text, media, opening, undelivered }: TextEvent): AssistantReply {
    const { menu } = this.#connection;
    const pick = menu === null ? null : pickMenuOption(text, menu, this.#style, chooseLanguage(this.#context.language));
    if (pick?.kind === "more") {
      const answer = { kind: "text", text: formatMenu("", pick.menu, this.#style) } as const;
      return this.#createReply([answer], { ...this.#connection, menu: pick.menu });
    }
    const chosen = pick?.kind === "chosen" ? pick.option : null;
    const asked: ConnectorText = {
      text,
      media,
      opening,
      chosen,
      ...(undelivered === undefined ? {} : { undelivered }),
    };
    return this.#runConnector({ asked, location: 0, moves: 0 }, { kind: "text" });
  }

  #runConnector(open: OpenTurn, event: ConnectorEvent): RemoteReply {
    const { asked, location, moves, isTold = false } = open;
    const connector = this.#locations[location];
    if (connector === undefined || moves >= CONNECTOR_MOVES) return this.#failTurn("it made too many requests", isTold);
    const { variables, own } = this.#connection;
    const memoryIndex = connector.isShared === true ? 0 : location;
    const context: ConnectorContext = { ...this.#context, inbound: asked, variables, memory: own[memoryIndex] ?? null };
    const move = connector.move(event, context);
    const after: RemoteConnection = {
      ...this.#connection,
      own: this.#locations.map((_, index) => (index === memoryIndex ? move.memory : (own[index] ?? null))),
      open: { ...open, moves: moves + 1 },
    };
    return this.#applyMove(move, after, open);
  }

  #applyMove(move: ConnectorMove, after: RemoteConnection, open: OpenTurn): RemoteReply {
    switch (move.kind) {
      case "request":
        // The conversation with a remote assistant stays out of the transcript's request log.
        return this.#replyAndWait({ kind: "request", request: { ...move.request, confidential: true } }, after);
      case "pause":
      case "callback":
        return this.#replyAndWait({ kind: move.kind, seconds: move.seconds }, after);
      case "file":
        return this.#replyAndWait({ kind: "file", index: move.index }, after);
      case "answer":
        return isEmptyAnswer(move) && open.isTold !== true
          ? this.#tryNextLocation("its answer was empty", after, open)
          : this.#replyWithAnswer(move, move.topic === undefined ? { ...after, open: null } : after);
      case "failed":
        return this.#tryNextLocation(move.reason, after, open);
    }
  }

  /** Asks the next location. Variables and menus that the failed one has set stay. */
  #tryNextLocation(reason: string, after: RemoteConnection, open: OpenTurn): RemoteReply {
    const next = { ...open, location: open.location + 1, moves: 0 };
    const connector = this.#locations[next.location];
    if (connector === undefined) return this.#withConnection(after).#failTurn(reason, open.isTold);
    const event = connector.isShared === true ? ({ kind: "failover" } as const) : ({ kind: "text" } as const);
    const reply = this.#withConnection(after, reason).#runConnector(next, event);
    return { ...reply, failed: reply.failed ?? reason };
  }

  #withConnection(connection: RemoteConnection, ...failures: readonly string[]): RemoteTurn {
    const { prefix: optionPrefix } = this.#style;
    return new RemoteTurn(this.#locations, { optionPrefix }, this.#context, connection, [
      ...this.#failures,
      ...failures,
    ]);
  }

  #failTurn(reason: string, isTold = false): AssistantReply {
    const text = isTold ? null : this.#context.message("failure", this.#context.language);
    const answers = text === null ? [] : [{ kind: "text", text } as const];
    const reply = this.#createReply(answers, { ...this.#connection, open: null });
    return { ...reply, failed: [...this.#failures, reason].join("; then ") };
  }

  #replyAndWait(awaits: AssistantReply["awaits"], connection: RemoteConnection): AssistantReply {
    return { answers: [], memory: toAssistantMemory(connection), notes: [], awaits };
  }

  #replyWithAnswer(answer: ConnectorAnswer, connection: RemoteConnection): RemoteReply {
    const { messages, variables, handover, ends = false, language, optionPrefix, notes = [], topic } = answer;
    const prefix = optionPrefix ?? connection.prefix;
    const style = { ...this.#style, prefix: prefix ?? this.#style.prefix };
    const composed = composeAnswers(messages, (text, options) => formatMenu(text, createMenu(options), style));
    const menu = composed.options.length === 0 ? null : createMenu(composed.options);
    const after = { ...connection, prefix, menu, variables: applyVariableChanges(connection.variables, variables) };
    return {
      ...this.#createReply(composed.answers, after),
      notes: [...notes, ...composed.notes, ...describeHandover(handover)],
      ...(language === undefined ? {} : { language }),
      ...(handover === undefined ? {} : { handover }),
      ...(topic === undefined ? {} : { topic }),
      ...(ends ? { awaits: { kind: "end" } as const } : {}),
    };
  }

  #createReply(answers: readonly AssistantAnswer[], connection: RemoteConnection): AssistantReply {
    return { answers, memory: toAssistantMemory(connection), notes: [], awaits: AWAIT_TEXT };
  }
}

/** Whether the contact would wait in vain: the answer says and does nothing. */
function isEmptyAnswer({ messages, handover, ends = false, topic }: ConnectorAnswer): boolean {
  const { answers } = composeAnswers(messages, (text) => text);
  const hasOptions = messages.some((message) => message.kind === "options" && message.options.length > 0);
  const isSilent = answers.length === 0 && !hasOptions;
  return isSilent && handover === undefined && !ends && topic === undefined;
}

function describeHandover(handover: ConnectorAnswer["handover"]): readonly string[] {
  if (handover === undefined) return [];
  const recipient = handover.to === null ? "for an agent" : `"${handover.to}"`;
  return [`The assistant asked ${recipient} to take over and continues until an agent does.`];
}

function createMenu(options: readonly BotOption[]): NumberedMenu {
  return { options: options.slice(0, OPTIONS_PER_REQUEST), page: 0 };
}

function applyVariableChanges(variables: BotVariables, changes: BotVariables = {}): BotVariables {
  return Object.fromEntries(Object.entries({ ...variables, ...changes }).filter(([, value]) => value !== null));
}

function toAssistantMemory(connection: RemoteConnection): AssistantMemory {
  return connection as unknown as AssistantMemory;
}

const NEW_CONNECTION: RemoteConnection = { variables: {}, prefix: null, menu: null, own: [], open: null };

/** Restores stored memory; memory of another kind of assistant counts as none. */
function restoreConnection(memory: AssistantMemory | null): RemoteConnection {
  if (!isRecord(memory) || !isRecord(memory["variables"]) || !Array.isArray(memory["own"])) return NEW_CONNECTION;
  return { ...NEW_CONNECTION, ...(memory as unknown as RemoteConnection) };
}
