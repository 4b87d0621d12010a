import type { EmulatedMessage } from "../contract.ts";
import { type PageState, toConversationKey } from "./page-state.ts";

/**
 * Directions as the phone's owner sees them: `out` went out from this phone (Twilio calls it inbound), `in` came in to it.
 * Tests find bubbles by these words (`data-direction`).
 */
export type MessageDirection = "in" | "out";

/** A line of the picker: one of the operator's numbers, or one that texted and is gone. */
export interface PhonePeer {
  readonly number: string;
  /** What the operator calls it; empty where that says no more than the number. */
  readonly name: string;
  readonly unread: number;
}

/** A bubble with its place: `time` above it when it opens a group, `first` and `last` of a run from one side. */
export interface PlacedMessage {
  readonly message: EmulatedMessage;
  readonly direction: MessageDirection;
  readonly time: number | null;
  readonly first: boolean;
  readonly last: boolean;
}

/** Silence after which the time is written again. */
const GROUP_GAP_MS = 15 * 60_000;
/** Bubbles of one side this close together hang together. */
const RUN_GAP_MS = 2 * 60_000;

export const toDirection = (message: EmulatedMessage): MessageDirection =>
  message.direction === "inbound" ? "out" : "in";

export const toPhoneNumber = (message: EmulatedMessage): string =>
  message.direction === "inbound" ? message.from : message.to;

export const toPeerNumber = (message: EmulatedMessage): string =>
  message.direction === "inbound" ? message.to : message.from;

/** Has the text got as far as the phone's screen? */
export function isOnPhone(message: EmulatedMessage): boolean {
  return message.direction === "inbound" || message.status === "sent" || message.status === "delivered";
}

export function selectConversation(
  messages: readonly EmulatedMessage[],
  phone: string,
  number: string,
): readonly EmulatedMessage[] {
  return messages.filter((message) => toPhoneNumber(message) === phone && toPeerNumber(message) === number);
}

/**
 * The number that a phone texts to: the picked one, otherwise the one that its owner texted last, otherwise the first. What
 * comes in never turns the page under somebody's hands.
 */
export function findTarget(state: PageState, phone: string): string | null {
  const picked = state.layout.targets[phone];
  if (picked !== undefined && listPeers(state, phone).some((peer) => peer.number === picked)) return picked;
  const own = state.messages.findLast((message) => message.direction === "inbound" && message.from === phone);
  return own?.to ?? state.numbers[0]?.phoneNumber ?? null;
}

export function listPeers(state: PageState, phone: string): readonly PhonePeer[] {
  const known = new Map(state.numbers.map((number) => [number.phoneNumber, number.friendlyName]));
  for (const message of state.messages) {
    if (toPhoneNumber(message) === phone && !known.has(toPeerNumber(message))) known.set(toPeerNumber(message), "");
  }
  return Array.from(known, ([number, friendlyName]) => ({
    number,
    name: removePunctuation(friendlyName) === removePunctuation(number) ? "" : friendlyName,
    unread: countUnread(state, phone, number),
  }));
}

export function countUnread(state: PageState, phone: string, number: string): number {
  const seen = state.layout.seen[toConversationKey(phone, number)] ?? 0;
  return state.messages.filter(
    (message) =>
      message.direction !== "inbound" &&
      message.to === phone &&
      message.from === number &&
      message.createdAt > seen &&
      isOnPhone(message),
  ).length;
}

/** Unread texts of a whole phone, from all numbers. */
export function countPhoneUnread(state: PageState, phone: string): number {
  return listPeers(state, phone).reduce((sum, peer) => sum + peer.unread, 0);
}

/** Puts times between groups and joins what one side said in one breath. */
export function placeMessages(messages: readonly EmulatedMessage[]): readonly PlacedMessage[] {
  return messages.map((message, at) => {
    const before = messages[at - 1];
    const after = messages[at + 1];
    return {
      message,
      direction: toDirection(message),
      time: before === undefined || message.createdAt - before.createdAt > GROUP_GAP_MS ? message.createdAt : null,
      first: before === undefined || !isSameRun(before, message),
      last: after === undefined || !isSameRun(message, after),
    };
  });
}

function isSameRun(earlier: EmulatedMessage, later: EmulatedMessage): boolean {
  return toDirection(earlier) === toDirection(later) && later.createdAt - earlier.createdAt <= RUN_GAP_MS;
}

const removePunctuation = (text: string): string => text.replace(/[^\p{L}\d]/gu, "");
