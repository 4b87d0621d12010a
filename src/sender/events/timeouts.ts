import type { PhoneNumber } from "../../core/phone.ts";
import { findEarlierTime } from "../../core/time-limits.ts";
import { closeIfIdle, isBusy, updateLines } from "../model/line.ts";
import type { Conversation, Line, SenderState } from "../model/state.ts";
import { nextDueNotice, noticeDueAt } from "../rules/notice-backlog.ts";

/**
 * Closes idle conversations that end without a message. Everything else that time makes due needs the configuration:
 * `handleDueEvent` does it.
 * @returns the same state if nothing changes
 */
export function closeIdleConversations(state: SenderState, now: number): SenderState {
  return updateLines(state, (line) => {
    const { conversation } = line;
    if (conversation.status !== "open" || conversation.farewell) return line;
    const after = closeIfIdle(conversation, now);
    return after === conversation ? line : { ...line, conversation: after };
  });
}

/** An event that is due on a line. */
export type DueEvent =
  /** A waiting notice may begin, or has expired. */
  | { readonly kind: "notice"; readonly number: PhoneNumber; readonly id: string; readonly isExpired: boolean }
  | DueTurnEvent;

/** An event that is due in the turn of an open conversation. */
export type DueTurnEvent =
  | {
      readonly kind: "idle" | "silent" | "paused" | "file" | "moment" | "overdue" | "unlinked";
      readonly number: PhoneNumber;
      readonly turn: number;
    }
  /** The assistant is ready for a waiting text; the texts of `joined`, oldest first, get the same answer. */
  | {
      readonly kind: "waiting";
      readonly number: PhoneNumber;
      readonly turn: number;
      readonly joined: readonly number[];
    };

/** @returns the next event that is due; null if nothing is due */
export function nextDueEvent(state: SenderState, now: number): DueEvent | null {
  for (const [number, line] of Object.entries(state.lines)) {
    const found =
      findWaitingText(number, line) ?? findDueWait(number, line.conversation, now) ?? findDueNotice(number, line, now);
    if (found !== null) return found;
  }
  return null;
}

function findDueNotice(number: PhoneNumber, line: Line, now: number): DueEvent | null {
  const notice = nextDueNotice(line, now);
  return notice === null ? null : { kind: "notice", number, ...notice };
}

function findWaitingText(number: PhoneNumber, { conversation, waiting = [] }: Line): DueEvent | null {
  const [first] = waiting;
  if (first === undefined || isBusy(conversation)) return null;
  // Each guess at a PIN is compared alone.
  const joins = conversation.status === "open" && conversation.joins === true && conversation.rest.kind !== "link";
  return {
    kind: "waiting",
    number,
    turn: (joins ? waiting.at(-1) : undefined) ?? first,
    joined: joins ? waiting.slice(0, -1) : [],
  };
}

function findDueWait(number: PhoneNumber, conversation: Conversation, now: number): DueEvent | null {
  if (conversation.status !== "open") return null;
  const { rest: wait, turn, idleAt } = conversation;
  if (wait.kind === "text") {
    if (idleAt <= now) return { kind: "idle", number, turn };
    return wait.silentAt !== null && wait.silentAt <= now ? { kind: "silent", number, turn } : null;
  }
  if (wait.kind === "pause" && wait.until <= now) return { kind: "paused", number, turn };
  if (wait.kind === "file" && wait.until <= now) return { kind: "file", number, turn };
  if (wait.kind === "callback" && wait.until <= now) return { kind: "overdue", number, turn };
  if (wait.kind === "link" && wait.until <= now) return { kind: "unlinked", number, turn };
  return wait.momentAt !== undefined && wait.momentAt <= now ? { kind: "moment", number, turn } : null;
}

/** @returns when time makes the next event due, or null if nothing waits for time */
export function nextDueAt(state: SenderState): number | null {
  let first: number | null = null;
  for (const line of Object.values(state.lines))
    first = findEarlierTime(first, findEarlierTime(noticeDueAt(line), nextLineDueAt(line)));
  return first;
}

function nextLineDueAt({ conversation, waiting = [] }: Line): number | null {
  if (waiting.length > 0 && !isBusy(conversation)) return 0;
  if (conversation.status !== "open") return null;
  const { rest: wait, idleAt } = conversation;
  if (wait.kind === "text") return Math.min(idleAt, wait.silentAt ?? idleAt);
  const { momentAt = null } = wait;
  return wait.kind === "request" ? momentAt : findEarlierTime(wait.until, momentAt);
}
