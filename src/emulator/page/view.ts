import type { EmulatedMessage } from "../contract.ts";
import { conversationKey, type State } from "./store.ts";

/**
 * Directions as the phone's owner sees them: `out` went out from this phone (Twilio calls it inbound), `in` came in to it.
 * Tests find bubbles by these words (`data-direction`).
 */
export type Direction = "in" | "out";

/** A line of the picker: one of the operator's numbers, or one that texted and is gone. */
export interface Peer {
  readonly number: string;
  /** What the operator calls it; empty where that says no more than the number. */
  readonly name: string;
  readonly unread: number;
}

/** A bubble with its place: `time` above it when it opens a group, `first` and `last` of a run from one side. */
export interface Placed {
  readonly message: EmulatedMessage;
  readonly direction: Direction;
  readonly time: number | null;
  readonly first: boolean;
  readonly last: boolean;
}

/** Silence after which the time is written again. */
const GROUP_GAP_MS = 15 * 60_000;
/** Bubbles of one side this close together hang together. */
const RUN_GAP_MS = 2 * 60_000;

export const directionOf = (message: EmulatedMessage): Direction => (message.direction === "inbound" ? "out" : "in");

export const phoneOf = (message: EmulatedMessage): string =>
  message.direction === "inbound" ? message.from : message.to;

export const peerOf = (message: EmulatedMessage): string =>
  message.direction === "inbound" ? message.to : message.from;

/** Has the text got as far as the phone's screen? */
export function isOnPhone(message: EmulatedMessage): boolean {
  return message.direction === "inbound" || message.status === "sent" || message.status === "delivered";
}

export function conversation(
  messages: readonly EmulatedMessage[],
  phone: string,
  number: string,
): readonly EmulatedMessage[] {
  return messages.filter((message) => phoneOf(message) === phone && peerOf(message) === number);
}

/**
 * The number that a phone texts to: the picked one, otherwise the one that its owner texted last, otherwise the first. What
 * comes in never turns the page under somebody's hands.
 */
export function targetOf(state: State, phone: string): string | null {
  const picked = state.layout.targets[phone];
  if (picked !== undefined && peers(state, phone).some((peer) => peer.number === picked)) return picked;
  const own = state.messages.findLast((message) => message.direction === "inbound" && message.from === phone);
  return own?.to ?? state.numbers[0]?.phoneNumber ?? null;
}

export function peers(state: State, phone: string): readonly Peer[] {
  const known = new Map(state.numbers.map((number) => [number.phoneNumber, number.friendlyName]));
  for (const message of state.messages) {
    if (phoneOf(message) === phone && !known.has(peerOf(message))) known.set(peerOf(message), "");
  }
  return Array.from(known, ([number, friendlyName]) => ({
    number,
    name: digits(friendlyName) === digits(number) ? "" : friendlyName,
    unread: unread(state, phone, number),
  }));
}

export function unread(state: State, phone: string, number: string): number {
  const seen = state.layout.seen[conversationKey(phone, number)] ?? 0;
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
export function unreadOf(state: State, phone: string): number {
  return peers(state, phone).reduce((sum, peer) => sum + peer.unread, 0);
}

/** Puts times between groups and joins what one side said in one breath. */
export function place(messages: readonly EmulatedMessage[]): readonly Placed[] {
  return messages.map((message, at) => {
    const before = messages[at - 1];
    const after = messages[at + 1];
    return {
      message,
      direction: directionOf(message),
      time: before === undefined || message.createdAt - before.createdAt > GROUP_GAP_MS ? message.createdAt : null,
      first: before === undefined || !together(before, message),
      last: after === undefined || !together(message, after),
    };
  });
}

function together(earlier: EmulatedMessage, later: EmulatedMessage): boolean {
  return directionOf(earlier) === directionOf(later) && later.createdAt - earlier.createdAt <= RUN_GAP_MS;
}

const digits = (text: string): string => text.replace(/[^\p{L}\d]/gu, "");
