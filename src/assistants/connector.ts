import type { Json } from "../core/json.ts";
import type { Option, Saying } from "./compose.ts";
import type { AssistantRequest, Handover, RequestOutcome, Setting, TextEvent } from "./contract.ts";

/** A text of the person's, as a connector hears it. */
export interface Asked extends Pick<TextEvent, "text" | "media" | "opening" | "undelivered"> {
  /** The option of the last answer that the person chose; null: none, or none was offered. */
  readonly chosen: Option | null;
}

/** What a connector may know when it makes its next move. */
export interface Situation {
  readonly asked: Asked;
  /** What assistants have set in this conversation. */
  readonly variables: Variables;
  readonly setting: Setting;
  /** What the connector remembered after its last move, at the same location; null: nothing yet in this conversation. */
  readonly memory: Json;
}

/** By name. What is below `private` is for the assistant alone: no event and no log has it. */
export type Variables = Readonly<Record<string, Json>>;

/** What has happened since a connector's last move. */
export type Happening =
  /** The person has texted. */
  | { readonly kind: "asked" }
  /** The request, or the callback, that it asked for has ended. */
  | { readonly kind: "answered"; readonly outcome: RequestOutcome }
  /** Its pause is over. */
  | { readonly kind: "paused" };

/** What a connector does next. Each has what it remembers from then on. */
export type Move = { readonly memory: Json } & (
  | { readonly kind: "request"; readonly request: AssistantRequest }
  | { readonly kind: "pause"; readonly seconds: number }
  /** Waits for answers that somebody brings. */
  | { readonly kind: "callback"; readonly seconds: number }
  | ({ readonly kind: "answer" } & Answered)
  /** The assistant has not answered, or nothing that makes sense; `reason` is for the journal and names no text of the person's. */
  | { readonly kind: "failed"; readonly reason: string }
);

export interface Answered {
  readonly sayings: readonly Saying[];
  /** Changes of variables; null takes one away. */
  readonly variables?: Variables;
  readonly handover?: Handover;
  /** The conversation is over. */
  readonly ends?: boolean;
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
  readonly move: (happening: Happening, situation: Situation) => Move;
}

/** How a connector's settings are tried before they are saved. */
export interface Probe {
  readonly request: AssistantRequest;
  /** @returns what is wrong, a sentence, or null */
  readonly judge: (outcome: RequestOutcome) => string | null;
}
