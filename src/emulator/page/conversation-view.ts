import type { EmulatedMessage } from "../contract.ts";
import { type PageState, toConversationKey } from "./page-state.ts";

/**
 * The direction of a message from the phone's point of view: `out` was sent by this phone (inbound for Twilio), `in`
 * was received by it. Tests select bubbles by it (`data-direction`).
 */
export type MessageDirection = "in" | "out";

/** An entry of the number picker: one of the operator's numbers, or a removed one that has texted the phone. */
export interface PhonePeer {
  readonly number: string;
  /** The operator's name for the number; empty if the name only repeats the number. */
  readonly name: string;
  readonly unread: number;
}

/** A message with its layout: `time` above it if it starts a group, `first` and `last` in a run from one side. */
export interface PlacedMessage {
  readonly message: EmulatedMessage;
  readonly direction: MessageDirection;
  readonly time: number | null;
  readonly first: boolean;
  readonly last: boolean;
}

/** Silence after which the time is shown again. */
const GROUP_GAP_MS = 15 * 60_000;
/** Maximum gap between bubbles of one run. */
const RUN_GAP_MS = 2 * 60_000;

export const toDirection = (message: EmulatedMessage): MessageDirection =>
  message.direction === "inbound" ? "out" : "in";

export const toPhoneNumber = (message: EmulatedMessage): string =>
  message.direction === "inbound" ? message.from : message.to;

export const toPeerNumber = (message: EmulatedMessage): string =>
  message.direction === "inbound" ? message.to : message.from;

/** Tells whether the text is visible on the phone. */
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
 * Finds the number that a phone texts: the picked one, otherwise the one that it texted last, otherwise the first.
 * Received texts never change it, so that the conversation does not switch while the reader types.
 */
export function findTarget(state: PageState, phone: string): string | null {
  const picked = state.layout.targets[phone];
  if (picked !== undefined && listPeers(state, phone).some((peer) => peer.number === picked)) return picked;
  const lastSent = state.messages.findLast((message) => message.direction === "inbound" && message.from === phone);
  return lastSent?.to ?? state.numbers[0]?.phoneNumber ?? null;
}

export function listPeers(state: PageState, phone: string): readonly PhonePeer[] {
  const names = new Map(state.numbers.map((number) => [number.phoneNumber, number.friendlyName]));
  for (const message of state.messages) {
    if (toPhoneNumber(message) === phone && !names.has(toPeerNumber(message))) names.set(toPeerNumber(message), "");
  }
  return Array.from(names, ([number, friendlyName]) => ({
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

/** Counts a phone's unread texts from all numbers. */
export function countPhoneUnread(state: PageState, phone: string): number {
  return listPeers(state, phone).reduce((sum, peer) => sum + peer.unread, 0);
}

/** Adds times between groups, and joins consecutive messages of one side into runs. */
export function placeMessages(messages: readonly EmulatedMessage[]): readonly PlacedMessage[] {
  return messages.map((message, index) => {
    const before = messages[index - 1];
    const after = messages[index + 1];
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
