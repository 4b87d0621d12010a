import type { AssistantRequest, RequestOutcome } from "../contract/assistant.ts";
import type { PhoneNumber } from "../core/phone.ts";
import type { IdentityResult } from "../identity/identity-check.ts";
import type { InboundText } from "../twilio/inbound-text.ts";

/** A conversation as text is a list of entries, one or more lines each; README.md has the grammar. */
export type ChatEntry = ChatHeading | ChatEvent | ChatExpectation | NothingEntry | RemarkEntry;

/** Stands before the conversation, each kind once. */
export type ChatHeading =
  /** The application that answers: its id, or the path of its document. */
  | { readonly kind: "application"; readonly name: string }
  /** Without an application: topics alone, by id or path, none of which holds white space. */
  | { readonly kind: "topics"; readonly names: readonly string[] }
  /** The person's phone. */
  | { readonly kind: "from"; readonly number: PhoneNumber }
  /** The number that they text. */
  | { readonly kind: "to"; readonly number: PhoneNumber }
  /** The lists of that number, by id or path, none of which holds white space. */
  | { readonly kind: "lists"; readonly names: readonly string[] }
  /** When it begins: `2026-03-02 17:59`, perhaps with seconds, on the clocks of an IANA zone. */
  | { readonly kind: "at"; readonly local: string; readonly zone: string };

/** Something happens. */
export type ChatEvent =
  | {
      readonly kind: "text";
      readonly text: string;
      /** The content type of each. */
      readonly media: readonly string[];
      readonly optOut: InboundText["optOut"];
    }
  | { readonly kind: "wait"; readonly seconds: number }
  /** The request that the assistant waits for has ended. */
  | { readonly kind: "outcome"; readonly outcome: RequestOutcome }
  /** It has been found out whose phone it is, or whether a PIN or a code is right. */
  | { readonly kind: "found"; readonly outcome: IdentityResult }
  /** We begin a text: a notification arrives. */
  | NoticeEvent;

export interface NoticeEvent {
  readonly kind: "notice";
  readonly text: string;
  /** The URL of each picture. */
  readonly media: readonly string[];
  /** The list that it is for, and the topic that it begins; null: none. */
  readonly list: string | null;
  readonly topic: string | null;
}

/** What must have come of the act before. */
export type ChatExpectation = ExpectedText | ExpectedRequest;

/** The person gets a text. */
export interface ExpectedText {
  readonly kind: "said";
  readonly text: string;
  /** The URL of each picture. */
  readonly media: readonly string[];
}

/** The assistant makes a request. */
export interface ExpectedRequest extends Pick<AssistantRequest, "method" | "url" | "body"> {
  readonly kind: "asked";
}

/** Says in words that nothing came of the act before. */
export interface NothingEntry {
  readonly kind: "nothing";
}

/** An empty line, or one that begins with `#`. */
export interface RemarkEntry {
  readonly kind: "remark";
  readonly line: string;
}

/** An entry as it stands in a file. */
export interface PlacedEntry {
  readonly entry: ChatEntry;
  /** Its first line, counted from 1. */
  readonly line: number;
  /** Its lines as they stand there. */
  readonly source: string;
}

export const DEFAULT_FROM: PhoneNumber = "+12025550140";
export const DEFAULT_TO: PhoneNumber = "+12025550100";
export const DEFAULT_AT: Extract<ChatHeading, { kind: "at" }> = {
  kind: "at",
  local: "2026-03-02 17:59",
  zone: "Etc/UTC",
};

export function isChatEvent(entry: ChatEntry): entry is ChatEvent {
  return ["text", "notice", "wait", "outcome", "found"].includes(entry.kind);
}

export function isExpectation(entry: ChatEntry): entry is ChatExpectation {
  return entry.kind === "said" || entry.kind === "asked";
}

/** @returns the heading of a kind, or null where there is none */
export function findHeading<Kind extends ChatHeading["kind"]>(
  entries: readonly ChatEntry[],
  kind: Kind,
): Extract<ChatHeading, { kind: Kind }> | null {
  return entries.find((entry): entry is Extract<ChatHeading, { kind: Kind }> => entry.kind === kind) ?? null;
}
