import type { JsonValue } from "../core/json.ts";
import type { IdentityChannel, Person } from "../identity/person.ts";
import type { MessageName } from "../languages/language.ts";

/** An event of a conversation, as its assistant receives it. */
export type AssistantEvent =
  | TextEvent
  /** The request that the assistant asked for, or the callback that it waited for, has ended. */
  | { readonly kind: "answered"; readonly outcome: RequestOutcome }
  /** The contact has not texted for the time that the assistant set; `times` counts such events in a row, from 1. */
  | { readonly kind: "silent"; readonly times: number }
  /** The latest state of the files of the last text. The assistant waited for `media[index]`. */
  | { readonly kind: "file"; readonly index: number; readonly text: string; readonly media: readonly InboundFile[] }
  /** The pause that the assistant asked for is over. */
  | { readonly kind: "paused" }
  /** A notice begins the conversation, with one of the topics for which `canBeginTopic` returns true. */
  | { readonly kind: "begun"; readonly topic: string; readonly variables: Readonly<Record<string, JsonValue>> }
  /** An identity check has ended: the contact is linked to a person or continues as a guest, and has been told so. */
  | { readonly kind: "linked"; readonly isLinked: boolean };

/** A text from the contact. */
export interface TextEvent {
  readonly kind: "text";
  readonly text: string;
  readonly media: readonly InboundFile[];
  /** Whether the text opens the conversation. */
  readonly opening: boolean;
  /**
   * The reason, according to Twilio, why a message since the contact's previous text was not delivered. Absent if no
   * failure is known.
   */
  readonly undelivered?: DeliveryFailure;
}

export interface DeliveryFailure {
  /** Twilio's error code; null if Twilio gave no code. */
  readonly code: number | null;
  readonly message: string;
}

/** A file that came with a text. */
export interface InboundFile {
  /**
   * Opens Parley's copy without further credentials, even while the copy is still being made. If Parley stores no
   * media, this is Twilio's URL.
   */
  readonly url: string;
  readonly contentType: string;
  /** The state of Parley's copy; absent if Parley stores no media. An assistant may wait until `waiting` ends. */
  readonly copy?: "waiting" | "kept" | "too-large" | "unsupported" | "unavailable";
}

/** Everything an assistant knows about the conversation and the turn that it answers. */
export interface AssistantContext {
  readonly sender: string;
  /** The person that the contact is linked to; null for a guest. */
  readonly person: Person | null;
  readonly number: string;
  /** The conversation's id, unique for the contact. */
  readonly conversation: string;
  /** The turn's id, the same if an event is delivered again. `POST /v1/turns/{id}/answers` accepts it. */
  readonly turn: string;
  /** Parley's public origin. */
  readonly origin: string;
  /** The time of the event, in milliseconds since 1970. */
  readonly now: number;
  readonly application: { readonly id: string; readonly name: string };
  /** The conversation's language, a BCP 47 tag. */
  readonly language: string;
  /** The IANA time zone in which dates and times are read and written. */
  readonly zone: string;
  readonly message: AutomatedMessages;
  /** Lists that the contact may subscribe to; absent if the number has no lists. */
  readonly lists?: readonly AssistantList[];
}

/** A list that the contact may subscribe to. */
export interface AssistantList {
  readonly id: string;
  readonly title: string;
  /** The list's number in list commands such as STOP 2 and START 2. */
  readonly place: number;
  readonly on: boolean;
  /** Whether a subscription takes effect only after the contact confirms it with YES. */
  readonly doubleOptIn: boolean;
}

/**
 * Returns an automated message of an application, ready to send.
 * @param language a BCP 47 tag; an unknown one falls back to the application's language, then to English
 * @param variables values for placeholders of the message, in addition to the application's name
 * @returns null if the message is switched off
 */
export type AutomatedMessages = (
  name: MessageName,
  language: string,
  variables?: Readonly<Record<string, unknown>>,
) => string | null;

/** One piece of an answer, before it is rendered for SMS. */
export type AssistantAnswer =
  /** If `secret`, its digits are shown to the contact only and masked elsewhere. */
  | { readonly kind: "text"; readonly text: string; readonly secret?: true }
  | { readonly kind: "media"; readonly url: string; readonly text: string }
  | { readonly kind: "link"; readonly url: string; readonly label: string };

/** The data that an assistant remembers between events. Stored with the conversation; no other code reads it. */
export type AssistantMemory = JsonValue;

export interface AssistantReply {
  readonly answers: readonly AssistantAnswer[];
  readonly memory: AssistantMemory;
  /** The language of the conversation from now on, a BCP 47 tag; absent to keep the current one. */
  readonly language?: string;
  /** Notes for the transcript: what was cut or failed. They contain no text of the contact. */
  readonly notes: readonly string[];
  /**
   * Note for the transcript that says why the remote assistant did not answer. Repeated failures open its circuit
   * breaker.
   */
  readonly failed?: string;
  /** The assistant asks for a human to take over. */
  readonly handover?: HandoverRequest;
  /**
   * Subscriptions that the contact changed; with `to: "asked"` the confirming YES is still missing. Absent if nothing
   * changed.
   */
  readonly subscribes?: readonly RequestedSubscription[];
  /** The contact is a guest from now on. */
  readonly unlinks?: true;
  readonly awaits: WaitRequest;
}

export interface RequestedSubscription {
  readonly list: string;
  readonly to: "on" | "off" | "asked";
}

/** The agent or team that should take over, named by the assistant (null for any), and what they should know. */
export interface HandoverRequest {
  readonly to: string | null;
  readonly context: JsonValue;
}

/** The event that a conversation waits for after a reply. */
export type WaitRequest =
  /**
   * Waits for the contact's next text. After `silentAfter` seconds without one, the assistant gets a `silent` event;
   * null for never.
   */
  | { readonly kind: "text"; readonly silentAfter: number | null }
  /** Waits for the response to an HTTP request. Texts that arrive meanwhile wait. */
  | { readonly kind: "request"; readonly request: AssistantRequest }
  /** Waits up to `seconds` for answers that are posted to the turn. Texts that arrive meanwhile wait. */
  | { readonly kind: "callback"; readonly seconds: number }
  /** Waits up to 30 seconds for Parley's copy of a file. Texts that arrive meanwhile wait. */
  | { readonly kind: "file"; readonly index: number }
  /**
   * Starts an identity check, by the application's preferred channel if `by` is absent. Until it ends, the contact's
   * texts go to the check only.
   */
  | { readonly kind: "link"; readonly by?: IdentityChannel | undefined }
  /** Waits for `seconds`. Texts that arrive meanwhile wait. */
  | { readonly kind: "pause"; readonly seconds: number }
  /** Ends the conversation. The next text opens a new one. */
  | { readonly kind: "end" };

/**
 * An HTTP request that Parley makes for an assistant. Parley may make it more than once, with the same
 * `Idempotency-Key` (see `once`).
 */
export interface AssistantRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  /** Secrets appear by name, never by value. The exception is a token that opens nothing but this conversation. */
  readonly headers: Readonly<Record<string, HeaderValue>>;
  /** Sent as JSON; null for no body. */
  readonly body: JsonValue | null;
  /** Timeout of one try; 10 seconds if absent. */
  readonly timeoutSeconds?: number;
  /**
   * Delays the request by a few seconds at most. Saves a separate `pause`, which would have to be stored. Absent for no
   * delay.
   */
  readonly delaySeconds?: number;
  /** The server does not support `Idempotency-Key`: Parley does not retry, unless it restarts during the first try. */
  readonly once?: true;
  /** Name of the secret that signs the request by Standard Webhooks. */
  readonly signature?: string;
  /** Key of the circuit breaker that applies to this request; absent for no circuit breaker. */
  readonly location?: string;
  /** Keeps both the request and its response out of the transcript. */
  readonly confidential?: true;
}

/** A header's text, or a secret by name. With `user`, the secret is that user's password in Basic authentication. */
export type HeaderValue =
  | string
  | { readonly secret: string; readonly prefix?: string | undefined; readonly user?: string | undefined };

/** How a request ended. */
export type RequestOutcome =
  | { readonly kind: "answered"; readonly status: number; readonly json: JsonValue }
  /** `reason` is a sentence for the transcript. */
  | { readonly kind: "failed"; readonly reason: string };

/** Produces replies. Pure: the same event, memory and context always give the same reply. */
export interface Assistant {
  readonly handleEvent: (
    event: AssistantEvent,
    memory: AssistantMemory | null,
    context: AssistantContext,
  ) => AssistantReply;
  /** Whether a notice can begin a conversation with the topic. Absent if none can. */
  readonly canBeginTopic?: (topic: string) => boolean;
  /**
   * Answers a text that arrives while the assistant pauses. Null (or absent) lets the text wait until the pause is
   * over.
   */
  readonly interrupt?: (
    event: TextEvent,
    memory: AssistantMemory | null,
    context: AssistantContext,
  ) => InterruptionReply | null;
}

/** An answer during a pause. If `ends`, the conversation ends and texts that wait are not answered. */
export interface InterruptionReply {
  readonly answers: readonly AssistantAnswer[];
  readonly ends: boolean;
}

/** The application that answers on a number, loaded and ready. */
export interface ReadyApplication {
  readonly id: string;
  readonly name: string;
  /** The publication that a conversation stays on: the latest one loaded. Null for a tester, who follows the drafts. */
  readonly publication: number | null;
  /** Note for the transcript that says why this is not the requested version. Absent if it is. */
  readonly note?: string;
  readonly language: string;
  readonly zone: string;
  /** Whether a contact's text opens a conversation. If not, only texts within an open conversation are answered. */
  readonly inboundOpens: boolean;
  readonly idleSeconds: number;
  /** The text sent if no answer could be produced, ready to send. */
  readonly failure: string;
  readonly message: AutomatedMessages;
  /** Business hours and holidays; null if always open. */
  readonly hours: OperatingHours | null;
  /** Whether a message is held for the operator or dropped if Twilio may or may not have accepted it. */
  readonly whenUnknown: "hold" | "drop";
  /**
   * Hosts that requests may reach although they are private or use plain http. A draft's hosts do not count.
   */
  readonly allowedHosts: readonly string[];
  /** Seconds until a waiting contact is told that the answer takes a moment; null for never. */
  readonly momentSeconds: number | null;
  /** Whether texts that arrive while the assistant is busy get an answer each, or one for all. */
  readonly whenBusy: "one-by-one" | "join";
  /** Name of the secret that signs answers posted to a turn; null if the assistant accepts none. */
  readonly signature: string | null;
  /** Whether characters that GSM-7 lacks are replaced by similar ones if that makes a message cheaper. */
  readonly smartEncoding: boolean;
  /** The rules of identity checks. */
  readonly linking: IdentityRules;
  readonly assistant: Assistant;
}

/** An application's rules for identity checks. */
export interface IdentityRules {
  readonly by: IdentityChannel;
  /** Whether a contact without an authenticator app may get a code by text. */
  readonly codeByText: boolean;
  /** Days that a link to a person lasts; 0 for the rest of the conversation. */
  readonly keepDays: number;
  /** @returns the login command in a text, for assistants without such commands of their own */
  readonly wish: (text: string, language: string) => "login" | "logout" | null;
  /** Whether the whole text means that the contact wants to leave the identity check. */
  readonly isLeaving: (text: string, language: string) => boolean;
  /** The word that leaves an identity check, as shown to the contact; null if there is no such word. */
  readonly exit: (language: string) => string | null;
}

/** Business hours of an application. */
export interface OperatingHours {
  /** @returns null while open, otherwise the message for closed hours, ready to send (null if it is switched off) */
  readonly closed: (now: number, language: string) => { readonly message: string | null } | null;
}
