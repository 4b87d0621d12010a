import type { PhoneNumber } from "../../core/phone.ts";
import { isAwaitingGuess } from "../../identity/identity-check.ts";
import type { WaitingNotice } from "../../notify/notice.ts";
import type { Conversation, Line, OpenConversation, SenderState } from "./state.ts";

/** @returns the state of a contact that has never texted. @param phone the contact's */
export function createSenderState(phone: PhoneNumber): SenderState {
  return { version: 2, phone, nextTurn: 1, firstUnsent: 1, origin: "", lines: {} };
}

/** @returns a line without consent, conversation or subscriptions. @param account the SID of the number's account */
export function createLine(account: string): Line {
  return { account, consent: { status: "unstated" }, conversation: { status: "none" } };
}

/** Stores a line, which may be new, in the state. */
export function withLine(state: SenderState, number: PhoneNumber, line: Line): SenderState {
  return { ...state, lines: { ...state.lines, [number]: line } };
}

/** Changes one line of the state. @returns the same state if the line does not exist */
export function updateLine(state: SenderState, number: PhoneNumber, change: (line: Line) => Line): SenderState {
  const line = state.lines[number];
  return line === undefined ? state : withLine(state, number, change(line));
}

/** Changes all lines of the state. @returns the same state if `change` returned every line as it was */
export function updateLines(state: SenderState, change: (line: Line) => Line): SenderState {
  const changed = Object.entries(state.lines).flatMap(([number, line]) => {
    const after = change(line);
    return after === line ? [] : [[number, after] as const];
  });
  return changed.length === 0 ? state : { ...state, lines: { ...state.lines, ...Object.fromEntries(changed) } };
}

/** @returns what an opt-out or opt-in covers: the number's Messaging Service, or the number alone */
export function getConsentScope(number: PhoneNumber, { service }: Line): string {
  return service ?? number;
}

/** Returns whether the contact has opted out of texts from a number. */
export function isWithdrawn(state: SenderState, number: PhoneNumber): boolean {
  return state.lines[number]?.consent.status === "withdrawn";
}

export function getOpenConversation({ conversation }: Line): OpenConversation | null {
  return conversation.status === "open" ? conversation : null;
}

/** Returns whether an open conversation waits for anything but the contact. Texts that arrive meanwhile wait too. */
export function isBusy(conversation: Conversation): boolean {
  if (conversation.status !== "open") return false;
  const { rest: wait } = conversation;
  return wait.kind === "link" ? !isAwaitingGuess(wait.linking) : wait.kind !== "text";
}

type ClosingReason = Extract<Conversation, { status: "closed" }>["reason"];

/** @param at milliseconds since 1970 */
export function closeConversation({ id }: OpenConversation, reason: ClosingReason, at: number): Conversation {
  return { status: "closed", id, at, reason };
}

/** @returns the conversation, closed if its idle time is over */
export function closeIfIdle(conversation: Conversation, now: number): Conversation {
  if (conversation.status !== "open" || isBusy(conversation) || conversation.idleAt > now) return conversation;
  return closeConversation(conversation, "idle", conversation.idleAt);
}

/** Takes the oldest waiting texts off a line. @param count how many */
export function dropWaitingTexts({ waiting = [], ...line }: Line, count: number): Line {
  const left = waiting.slice(count);
  return left.length === 0 ? line : { ...line, waiting: left };
}

/** Queues a notice behind those that wait already. */
export function addWaitingNotice(line: Line, waiting: WaitingNotice): Line {
  const { notices = [] } = line;
  return { ...line, notices: [...notices.filter(({ id }) => id !== waiting.id), waiting] };
}

export function dropWaitingNotice({ notices = [], ...line }: Line, id: string): Line {
  const left = notices.filter((each) => each.id !== id);
  return left.length === 0 ? line : { ...line, notices: left };
}

/** Forgets Parley's question about a list: the next text answers something else. */
export function withoutListQuestion(line: Line): Line {
  const { listQuestion: _, ...rest } = line;
  return rest;
}

/** Makes the contact a guest again. */
export function withoutPersonLink(line: Line): Line {
  const { link: _, ...rest } = line;
  return rest;
}
