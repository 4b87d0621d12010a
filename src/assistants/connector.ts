import type {
  AssistantContext,
  AssistantRequest,
  HandoverRequest,
  RequestOutcome,
  TextEvent,
} from "../contract/assistant.ts";
import type { JsonValue } from "../core/json.ts";
import type { BotMessage, BotOption } from "./bot-messages.ts";

/** The contact's text, as a connector receives it. */
export interface ConnectorText extends Pick<TextEvent, "text" | "media" | "opening" | "undelivered"> {
  /** The option of the last answer that the contact chose; null if the text chooses none. */
  readonly chosen: BotOption | null;
}

/** Everything a connector knows when it decides its next move. */
export interface ConnectorContext extends AssistantContext {
  readonly inbound: ConnectorText;
  /** Variables that the assistant has set in this conversation. */
  readonly variables: BotVariables;
  /**
   * What this connector remembered after its last move, at this location unless memory is shared. Null at the start of
   * a conversation.
   */
  readonly memory: JsonValue;
}

/** Variables by name. Those below `private` go to the assistant only, and to no event or log. */
export type BotVariables = Readonly<Record<string, JsonValue>>;

/** An event since a connector's last move. */
export type ConnectorEvent =
  /** The contact has texted. */
  | { readonly kind: "text" }
  /** The request or callback that the connector waited for has ended. */
  | { readonly kind: "answered"; readonly outcome: RequestOutcome }
  /** The pause is over. */
  | { readonly kind: "paused" }
  /** The file at `index` is stored or refused, or took too long; `inbound.media` has its state. */
  | { readonly kind: "file"; readonly index: number }
  /** The topic that the connector began is over, with all that was said in it, in order. */
  | { readonly kind: "topic-ended"; readonly utterances: readonly TopicUtterance[] }
  /** The previous location has failed and this one takes over. Only for connectors that share their memory. */
  | { readonly kind: "failover" };

/** One text that the contact or the topic sent while a topic ran. */
export interface TopicUtterance {
  readonly by: "person" | "topic";
  readonly text: string;
}

/** The next move of a connector, with the memory that it keeps. */
export type ConnectorMove = { readonly memory: JsonValue } & (
  | { readonly kind: "request"; readonly request: AssistantRequest }
  | { readonly kind: "pause"; readonly seconds: number }
  /** Waits up to 30 seconds for Parley's copy of a file that the contact sent. */
  | { readonly kind: "file"; readonly index: number }
  /** Waits for answers that are posted to the turn. */
  | { readonly kind: "callback"; readonly seconds: number }
  | ({ readonly kind: "answer" } & ConnectorAnswer)
  /**
   * The assistant did not answer, or its answer is invalid. `reason` goes to the transcript and contains no text of the
   * contact.
   */
  | { readonly kind: "failed"; readonly reason: string }
);

export interface ConnectorAnswer {
  readonly messages: readonly BotMessage[];
  /** Changed variables; null removes one. */
  readonly variables?: BotVariables;
  readonly handover?: HandoverRequest;
  /** Ends the conversation. */
  readonly ends?: boolean;
  /** The id of a topic that takes over now; the connector gets `topic-ended` afterwards. */
  readonly topic?: string;
  /** The language of the conversation from now on, a BCP 47 tag. */
  readonly language?: string;
  /** Replaces the setting `optionPrefix` from now on. */
  readonly optionPrefix?: string;
  /** Notes for the transcript. */
  readonly notes?: readonly string[];
}

/**
 * Speaks to one kind of remote assistant, at one location. Pure: it returns the request to make, and the response comes
 * back as an event.
 */
export interface Connector {
  /**
   * All locations share one memory, and the next location continues if one fails. If absent, each location has separate
   * memory and starts over.
   */
  readonly isShared?: true;
  readonly move: (event: ConnectorEvent, context: ConnectorContext) => ConnectorMove;
}

/** A request that checks a connector's settings before they are saved. */
export interface ConnectorProbe {
  readonly request: AssistantRequest;
  /** @returns what is wrong, as a sentence; null if the settings work */
  readonly judge: (outcome: RequestOutcome) => string | null;
}
