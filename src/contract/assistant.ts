import type { JsonValue } from "../core/json.ts";
import type { IdentityChannel } from "../identity/identity-check.ts";
import type { Person } from "../identity/person.ts";
import type { MessageName } from "../languages/language.ts";

/** What happens in a conversation, as its assistant sees it. */
export type AssistantEvent =
  | TextEvent
  /** The request that the assistant asked for, or the callback that it waited for, has ended. */
  | { readonly kind: "answered"; readonly outcome: RequestOutcome }
  /** The person has said nothing for as long as the assistant wanted to wait; `times` counts from 1 in a row. */
  | { readonly kind: "silent"; readonly times: number }
  /** What has become of a file of the text before, as far as anybody knows: `media[index]` is the one that the assistant waited for. */
  | { readonly kind: "file"; readonly index: number; readonly text: string; readonly media: readonly InboundFile[] }
  /** The pause that the assistant asked for is over. */
  | { readonly kind: "paused" }
  /** A notice of ours begins the conversation, with one of the topics that the assistant `begins`. */
  | { readonly kind: "begun"; readonly topic: string; readonly variables: Readonly<Record<string, JsonValue>> }
  /** The person has been asked who they are: they have shown it, or they go on as a guest. They have been told. */
  | { readonly kind: "linked"; readonly isLinked: boolean };

/** A person has sent a text. */
export interface TextEvent {
  readonly kind: "text";
  readonly text: string;
  readonly media: readonly InboundFile[];
  /** Whether the conversation begins with it. */
  readonly opening: boolean;
  /** Why something that was sent to the person since their text before has not reached them, as Twilio says; left out: nothing is known. */
  readonly undelivered?: DeliveryFailure;
}

export interface DeliveryFailure {
  /** Twilio's error code, or null where it gave none. */
  readonly code: number | null;
  readonly message: string;
}

/** A file that came with a text. */
export interface InboundFile {
  /** Opens our copy, which may still be made, for whoever has it; where Parley keeps none it is Twilio's. */
  readonly url: string;
  readonly contentType: string;
  /** What has become of our copy; left out: this Parley makes none. An assistant may wait for the end of `waiting`. */
  readonly copy?: "waiting" | "kept" | "too-large" | "unsupported" | "unavailable";
}

/** What an assistant may know of the conversation that it answers in. */
export interface AssistantContext {
  readonly sender: string;
  /** Who has shown that they are at the other end; null: a guest. */
  readonly person: Person | null;
  readonly number: string;
  /** The conversation's id; unique among the sender's. */
  readonly conversation: string;
  /** The turn's id, the same however often its event is heard; `POST /v1/turns/{id}/answers` takes it. */
  readonly turn: string;
  /** The origin that Parley is reached by. */
  readonly origin: string;
  /** When it happens; milliseconds since 1970. */
  readonly now: number;
  readonly application: { readonly id: string; readonly name: string };
  /** The conversation's language, a BCP 47 tag. */
  readonly language: string;
  /** Where dates and times are meant: an IANA time zone. */
  readonly zone: string;
  readonly message: AutomatedMessages;
  /** The lists that the person may have; left out: none. */
  readonly lists?: readonly AssistantList[];
}

/** A list that the person may switch on. */
export interface AssistantList {
  readonly id: string;
  readonly title: string;
  /** What people call it by when they text STOP or START. */
  readonly place: number;
  readonly on: boolean;
  /** Who switches it on is asked for a YES first. */
  readonly doubleOptIn: boolean;
}

/**
 * The automated messages of an application, ready to send.
 * @param language a BCP 47 tag; one that is not known gives the application's own, then English
 * @param variables what the message may say beside the application's name
 * @returns null where the message is switched off
 */
export type AutomatedMessages = (
  name: MessageName,
  language: string,
  variables?: Readonly<Record<string, unknown>>,
) => string | null;

/** One thing to tell the person, before it is made fit for SMS. */
export type AssistantAnswer =
  /** Where it is `secret`, its digits are shown to nobody but the person. */
  | { readonly kind: "text"; readonly text: string; readonly secret?: true }
  | { readonly kind: "media"; readonly url: string; readonly text: string }
  | { readonly kind: "link"; readonly url: string; readonly label: string };

/** What an assistant remembers between events; stored with the conversation, opaque to everybody else. */
export type AssistantMemory = JsonValue;

export interface AssistantReply {
  readonly answers: readonly AssistantAnswer[];
  readonly memory: AssistantMemory;
  /** The language of the conversation from now on, a BCP 47 tag; left out: as before. */
  readonly language?: string;
  /** Lines for the journal: what was cut or could not be done. They name no text of the person's. */
  readonly notes: readonly string[];
  /** Why what was asked could not answer, a line for the journal; where it fails again and again it is left alone for a while. */
  readonly failed?: string;
  /** The person is to be handed over to somebody. */
  readonly handover?: HandoverRequest;
  /** Lists that the person has switched on, or (`asked`) still has to say YES to; left out: none. */
  readonly subscribes?: readonly RequestedSubscription[];
  /** The person is a guest from now on. */
  readonly unlinks?: true;
  readonly awaits: WaitRequest;
}

export interface RequestedSubscription {
  readonly list: string;
  readonly to: "on" | "off" | "asked";
}

/** To whom, as the assistant names them (null: whoever is free), and what they should know. */
export interface HandoverRequest {
  readonly to: string | null;
  readonly context: JsonValue;
}

/** What the conversation waits for after a reply. */
export type WaitRequest =
  /** The person's next text. After so many seconds without one the assistant hears that they are silent; null: never. */
  | { readonly kind: "text"; readonly silentAfter: number | null }
  /** The answer to an HTTP request; texts that come before it wait. */
  | { readonly kind: "request"; readonly request: AssistantRequest }
  /** Answers that somebody brings to the turn within so many seconds; texts that come before wait. */
  | { readonly kind: "callback"; readonly seconds: number }
  /** What becomes of our copy of a file of the text, half a minute at most; texts that come before wait. */
  | { readonly kind: "file"; readonly index: number }
  /** The person showing who they are; left out: by the way that the application prefers. Their texts go to nobody else meanwhile. */
  | { readonly kind: "link"; readonly by?: IdentityChannel | undefined }
  /** So many seconds; texts that come before wait. */
  | { readonly kind: "pause"; readonly seconds: number }
  /** Nothing: the next text opens a new conversation. */
  | { readonly kind: "end" };

/** An HTTP request that an assistant wants to be made. It may be made more than once, with the same `Idempotency-Key`; see `once`. */
export interface AssistantRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: string;
  /** Values that are secrets are named, never held; but for a token that opens no more than the conversation itself. */
  readonly headers: Readonly<Record<string, HeaderValue>>;
  /** Sent as JSON; null: none. */
  readonly body: JsonValue | null;
  /** Of one try; left out: ten. */
  readonly timeoutSeconds?: number;
  /** It is made so much later, a few seconds at most: a pause of its own would have to be stored. Left out: at once. */
  readonly delaySeconds?: number;
  /** Who is asked knows no `Idempotency-Key`: no second try is made, unless Parley dies in the middle of the first. */
  readonly once?: true;
  /** The name of the secret that it is signed with, as Standard Webhooks has it. */
  readonly signature?: string;
  /** What is left alone for a while after it has failed again and again; left out: it is always asked. */
  readonly location?: string;
  /** The journal keeps neither it nor its answer. */
  readonly confidential?: true;
}

/** `user`: the secret is their password, by the Basic scheme. */
export type HeaderValue =
  | string
  | { readonly secret: string; readonly prefix?: string | undefined; readonly user?: string | undefined };

/** How a request has ended. */
export type RequestOutcome =
  | { readonly kind: "answered"; readonly status: number; readonly json: JsonValue }
  /** `reason` is a sentence for the journal. */
  | { readonly kind: "failed"; readonly reason: string };

/** Produces replies. Pure: the same event in the same memory gives the same reply. */
export interface Assistant {
  readonly handleEvent: (
    event: AssistantEvent,
    memory: AssistantMemory | null,
    context: AssistantContext,
  ) => AssistantReply;
  /** Can a conversation begin with the topic? Left out: with none. */
  readonly canBeginTopic?: (topic: string) => boolean;
  /** What is said at once to a text that comes while the assistant pauses. Null, or left out: the text waits until the pause is over. */
  readonly interrupt?: (
    event: TextEvent,
    memory: AssistantMemory | null,
    context: AssistantContext,
  ) => InterruptionReply | null;
}

/** The pause goes on, or the conversation ends: then nothing that waits is answered. */
export interface InterruptionReply {
  readonly answers: readonly AssistantAnswer[];
  readonly ends: boolean;
}

/** The application that answers on a number, ready to answer. */
export interface ReadyApplication {
  readonly id: string;
  readonly name: string;
  /** The configuration that a conversation stays with: the last publication that it knows. Null: a trial, which follows its drafts. */
  readonly publication: number | null;
  /** Why it is not the version that was looked for, a line for the journal; left out where it is. */
  readonly note?: string;
  readonly language: string;
  readonly zone: string;
  /** Whether a person's text opens a conversation; where it does not, only texts within one that is open are answered. */
  readonly inboundOpens: boolean;
  readonly idleSeconds: number;
  /** What the person is told when all else fails; as it stands. */
  readonly failure: string;
  readonly message: AutomatedMessages;
  /** Closed hours and holidays; null: always open. */
  readonly hours: OperatingHours | null;
  /** What becomes of a message when nobody can tell whether Twilio took it: held for the operator, or dropped. */
  readonly whenUnknown: "hold" | "drop";
  /** Hosts that its requests may reach although they are private, or speak http only. Only those of the published application count. */
  readonly allowedHosts: readonly string[];
  /** Who has waited so long hears that the answer takes a moment; null: never. */
  readonly momentSeconds: number | null;
  /** What becomes of texts that come while the assistant is busy: each its own answer, or one for all. */
  readonly whenBusy: "one-by-one" | "join";
  /** The name of the secret that answers to a turn may be signed with; null: there is none. */
  readonly signature: string | null;
  /** Look-alikes that GSM-7 lacks are replaced where that makes a message cheaper. */
  readonly smartEncoding: boolean;
  /** How a person shows who they are. */
  readonly linking: IdentityRules;
  readonly assistant: Assistant;
}

/** What an application says of showing who one is. */
export interface IdentityRules {
  readonly by: IdentityChannel;
  /** Who has no authenticator app may get a code by text. */
  readonly codeByText: boolean;
  /** How long it holds; 0: until the conversation ends. */
  readonly keepDays: number;
  /** @returns what the text wishes for, where the assistant itself knows no such words */
  readonly wish: (text: string, language: string) => "login" | "logout" | null;
  /** Does the whole text want something else than to go on with it? */
  readonly isLeaving: (text: string, language: string) => boolean;
  /** The word for that, as a person is told it; null: there is none. */
  readonly exit: (language: string) => string | null;
}

/** When an application answers. */
export interface OperatingHours {
  /** @returns null while it is open; else the message to be said, ready to send (null where that is switched off) */
  readonly closed: (now: number, language: string) => { readonly message: string | null } | null;
}
