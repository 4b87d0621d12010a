import type { Json } from "../core/json.ts";

/** What a person sent, as an assistant sees it. */
export interface Turn {
  readonly text: string;
  readonly media: readonly { readonly url: string; readonly contentType: string }[];
  /** Whether the conversation begins with this turn. */
  readonly opening: boolean;
}

/** What an assistant may know of the conversation that it answers in. */
export interface Setting {
  readonly sender: string;
  readonly number: string;
  /** When the turn happens; milliseconds since 1970. */
  readonly now: number;
  readonly application: { readonly id: string; readonly name: string };
  /** What the person is told when a text is not understood; a Liquid template. */
  readonly notUnderstood: string;
}

/** One thing to tell the person, before it is made fit for SMS. */
export type Answer =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "image"; readonly url: string; readonly text: string }
  | { readonly kind: "link"; readonly url: string; readonly label: string };

/** What an assistant remembers between turns; stored with the conversation, opaque to everybody else. */
export type Memory = Json;

export interface Reply {
  readonly answers: readonly Answer[];
  readonly memory: Memory;
  /** The assistant has ended the conversation: the next text opens a new one. */
  readonly ended: boolean;
  /** Lines for the journal: what was cut or could not be done. They name no text of the person's. */
  readonly notes: readonly string[];
}

/** Produces replies. Pure: the same turn in the same memory gives the same reply. */
export interface Assistant {
  readonly hear: (turn: Turn, memory: Memory | null, setting: Setting) => Reply;
}

/** The application that answers on a number, ready to answer. */
export interface Answering {
  readonly id: string;
  readonly name: string;
  readonly idleSeconds: number;
  /** What the person is told when the assistant fails. */
  readonly failure: string;
  readonly notUnderstood: string;
  /** What becomes of a message when nobody can tell whether Twilio took it: held for the operator, or dropped. */
  readonly whenUnknown: "hold" | "drop";
  /** Look-alikes that GSM-7 lacks are replaced where that makes a message cheaper. */
  readonly smartEncoding: boolean;
  readonly assistant: Assistant;
}
