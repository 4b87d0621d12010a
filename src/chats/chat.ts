import type { AssistantRequest, RequestOutcome } from "../contract/assistant.ts";
import type { PhoneNumber } from "../core/phone.ts";
import type { IdentityResult } from "../identity/identity-check.ts";
import type { InboundText } from "../twilio/inbound-text.ts";

/** One entry of a chat, on one or more lines; README.md describes the grammar. */
export type ChatEntry = ChatHeading | ChatEvent | ChatExpectation | NothingEntry | RemarkEntry;

/** A line before the conversation; each kind may occur once. */
export type ChatHeading =
  /** The application that answers: its id, or the path of its document. */
  | { readonly kind: "application"; readonly name: string }
  /** Topics without an application, by id or path; the names contain no white space. */
  | { readonly kind: "topics"; readonly names: readonly string[] }
  /** The contact's phone. */
  | { readonly kind: "from"; readonly number: PhoneNumber }
  /** The number that the contact texts. */
  | { readonly kind: "to"; readonly number: PhoneNumber }
  /** The lists of that number, by id or path; the names contain no white space. */
  | { readonly kind: "lists"; readonly names: readonly string[] }
  /** The start time, such as `2026-03-02 17:59`, optionally with seconds, as local time of an IANA zone. */
  | { readonly kind: "at"; readonly local: string; readonly zone: string };

/** An event that drives the conversation. */
export type ChatEvent =
  | {
      readonly kind: "text";
      readonly text: string;
      /** Content types of the files. */
      readonly media: readonly string[];
      readonly optOut: InboundText["optOut"];
    }
  | { readonly kind: "wait"; readonly seconds: number }
  /** The request that the assistant waits for has ended. */
  | { readonly kind: "outcome"; readonly outcome: RequestOutcome }
  /** An identity check has a result: a person was looked up, or a PIN or a code was compared. */
  | { readonly kind: "found"; readonly outcome: IdentityResult }
  /** A notification arrives. */
  | NoticeEvent;

export interface NoticeEvent {
  readonly kind: "notice";
  readonly text: string;
  /** URLs of the pictures. */
  readonly media: readonly string[];
  /** The list that the notice is for; null if it is for none. */
  readonly list: string | null;
  readonly topic: string | null;
}

/** A result that the preceding event should have. */
export type ChatExpectation = ExpectedText | ExpectedRequest;

/** The contact gets a text. */
export interface ExpectedText {
  readonly kind: "said";
  readonly text: string;
  /** URLs of the pictures. */
  readonly media: readonly string[];
}

/** The assistant makes a request. */
export interface ExpectedRequest extends Pick<AssistantRequest, "method" | "url" | "body"> {
  readonly kind: "asked";
}

/** States explicitly that the preceding event caused nothing. */
export interface NothingEntry {
  readonly kind: "nothing";
}

/** An empty line, or a line that begins with `#`. */
export interface RemarkEntry {
  readonly kind: "remark";
  readonly line: string;
}

/** An entry with its place in a file. */
export interface PlacedEntry {
  readonly entry: ChatEntry;
  /** The number of its first line, counted from 1. */
  readonly line: number;
  /** Its lines as written in the file. */
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

/** @returns the heading of a kind, or null if it is missing */
export function findHeading<Kind extends ChatHeading["kind"]>(
  entries: readonly ChatEntry[],
  kind: Kind,
): Extract<ChatHeading, { kind: Kind }> | null {
  return entries.find((entry): entry is Extract<ChatHeading, { kind: Kind }> => entry.kind === kind) ?? null;
}
