import type {
  AssistantContext,
  AssistantRequest,
  HandoverRequest,
  RequestOutcome,
  TextEvent,
} from "../contract/assistant.ts";
import type { JsonValue } from "../core/json.ts";
import type { BotMessage, BotOption } from "./bot-messages.ts";

/** A text of the person's, as a connector hears it. */
export interface ConnectorText extends Pick<TextEvent, "text" | "media" | "opening" | "undelivered"> {
  /** The option of the last answer that the person chose; null: none, or none was offered. */
  readonly chosen: BotOption | null;
}

/** What a connector may know when it makes its next move. */
export interface ConnectorContext extends AssistantContext {
  readonly inbound: ConnectorText;
  /** What assistants have set in this conversation. */
  readonly variables: BotVariables;
  /** What the connector remembered after its last move, at the same location unless it is shared; null: nothing yet in this conversation. */
  readonly memory: JsonValue;
}

/** By name. What is below `private` is for the assistant alone: no event and no log has it. */
export type BotVariables = Readonly<Record<string, JsonValue>>;

/** What has happened since a connector's last move. */
export type ConnectorEvent =
  /** The person has texted. */
  | { readonly kind: "text" }
  /** The request, or the callback, that it asked for has ended. */
  | { readonly kind: "answered"; readonly outcome: RequestOutcome }
  /** Its pause is over. */
  | { readonly kind: "paused" }
  /** The file that it waited for: `asked.media` has what is known of it now. */
  | { readonly kind: "file"; readonly index: number }
  /** The topic that it began is over; what was said in it, in order. */
  | { readonly kind: "topic-ended"; readonly utterances: readonly TopicUtterance[] }
  /** Only where it is shared: the location before has failed, and this one goes on. */
  | { readonly kind: "failover" };

/** One thing that was said while a topic ran. */
export interface TopicUtterance {
  readonly by: "person" | "topic";
  readonly text: string;
}

/** What a connector does next. Each has what it remembers from then on. */
export type ConnectorMove = { readonly memory: JsonValue } & (
  | { readonly kind: "request"; readonly request: AssistantRequest }
  | { readonly kind: "pause"; readonly seconds: number }
  /** Waits for what becomes of our copy of a file of the person's, half a minute at most. */
  | { readonly kind: "file"; readonly index: number }
  /** Waits for answers that somebody brings. */
  | { readonly kind: "callback"; readonly seconds: number }
  | ({ readonly kind: "answer" } & ConnectorAnswer)
  /** The assistant has not answered, or nothing that makes sense; `reason` is for the journal and names no text of the person's. */
  | { readonly kind: "failed"; readonly reason: string }
);

export interface ConnectorAnswer {
  readonly messages: readonly BotMessage[];
  /** Changes of variables; null takes one away. */
  readonly variables?: BotVariables;
  readonly handover?: HandoverRequest;
  /** The conversation is over. */
  readonly ends?: boolean;
  /** A topic of the application's that talks with the person now, by its id; the connector goes on when that is over (`returned`). */
  readonly topic?: string;
  /** The language of the conversation from now on, a BCP 47 tag. */
  readonly language?: string;
  /** How options are numbered from now on, as the setting `optionPrefix`. */
  readonly optionPrefix?: string;
  /** Lines for the journal. */
  readonly notes?: readonly string[];
}

/**
 * How one kind of assistant is spoken to, at one location. Pure: what goes over the network is asked for, and its end comes back as what
 * has happened.
 */
export interface Connector {
  /** Its locations remember one thing together, and where one fails the next goes on; left out: each has its own memory, and begins anew. */
  readonly isShared?: true;
  readonly move: (event: ConnectorEvent, context: ConnectorContext) => ConnectorMove;
}

/** How a connector's settings are tried before they are saved. */
export interface ConnectorProbe {
  readonly request: AssistantRequest;
  /** @returns what is wrong, a sentence, or null */
  readonly judge: (outcome: RequestOutcome) => string | null;
}
