import type { JsonValue } from "../../../src/core/json.ts";

/** A server that stands in for a vendor's assistant: it speaks the vendor's protocol, and every kind says the same. */
export interface StandIn {
  /** Its origin, as http://127.0.0.1:12345. */
  readonly origin: string;
  /** What an application says of its assistant to talk to this one. */
  readonly assistant: { readonly kind: string } & Readonly<Record<string, JsonValue>>;
  /** The secrets that `assistant` names, by name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What it does from now on; null: what it should. */
  fault: Fault | null;
  /** What it has understood of each text that reached it, oldest first. */
  readonly heard: readonly Heard[];
  readonly close: () => Promise<void>;
}

export interface Heard {
  /** The text, or where an option was chosen the option's own value or text. */
  readonly text: string;
  /** What tells one text from another, and is the same when the same one comes again; null where the protocol has nothing of that kind. */
  readonly turn: string | null;
}

export const FAULTS = [
  /** Answers after the time that the settings give it. */
  "slow",
  "error",
  /** The connection ends in the middle of the answer. */
  "reset",
  /** 200, and nothing that makes sense. */
  "rubbish",
  /** The session, conversation or token that Parley knows is over; a new one works. */
  "expired",
  "wrong-key",
  "empty",
  /** 10 MB. */
  "huge",
  /** The same answer comes twice, where the protocol can do that. */
  "twice",
] as const;

export type Fault = (typeof FAULTS)[number];

/** One thing that every stand-in says, in its own protocol's words. */
export type Line =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "image"; readonly url: string; readonly title: string }
  | { readonly kind: "options"; readonly text: string; readonly options: readonly string[] }
  | { readonly kind: "handover"; readonly text: string };

/** Of a picture that anybody may fetch. */
export const PICTURE = "https://pictures.example.com/pier.jpg";

/** What a stand-in says to a text: the same in every protocol. */
export function linesFor(text: string): readonly Line[] {
  switch (text) {
    case "Hi":
      return [
        { kind: "text", text: "Welcome aboard." },
        { kind: "image", url: PICTURE, title: "The pier" },
        { kind: "options", text: "How do you travel?", options: ["Boat", "Car", "House"] },
      ];
    case "Person":
      return [
        { kind: "text", text: "I will ask a colleague." },
        { kind: "handover", text: "Somebody will text you." },
      ];
    case "Fifty":
      return [
        {
          kind: "options",
          text: "Which seat?",
          options: Array.from({ length: 50 }, (_, index) => `Seat ${index + 101}`),
        },
      ];
    default:
      return [{ kind: "text", text: `You said ${text}.` }];
  }
}

/** What the person reads of `linesFor("Hi")`, a line for each message; a picture is its address. */
export const WELCOME = [
  "Welcome aboard.",
  `${PICTURE} The pier`,
  "How do you travel?\n1. Boat\n2. Car\n3. House",
] as const;
