import type { PhoneNumber } from "../../core/phone.ts";
import { findEarlierTime } from "../../core/time-limits.ts";
import { closeIfIdle, isBusy } from "../model/line.ts";
import type { Conversation, Line, SenderState } from "../model/state.ts";
import { nextDueNotice, noticeDueAt } from "../rules/notice-backlog.ts";

/**
 * Time has passed: conversations whose idle time is over, and that end without a word, are closed. All else that time makes due is done by
 * `proceed`, which needs the configuration.
 * @returns the same object where nothing changes
 */
export function closeIdleConversations(state: SenderState, now: number): SenderState {
  const over = Object.entries(state.lines).flatMap(([number, line]) => {
    const { conversation } = line;
    if (conversation.status !== "open" || conversation.farewell) return [];
    const after = closeIfIdle(conversation, now);
    return after === conversation ? [] : [[number, { ...line, conversation: after }] as const];
  });
  return over.length === 0 ? state : { ...state, lines: { ...state.lines, ...Object.fromEntries(over) } };
}

/** What time, or the end of a request, has made due in a conversation. */
export type DueEvent =
  /** A notice may be told, or has waited too long. */
  | { readonly kind: "notice"; readonly number: PhoneNumber; readonly id: string; readonly isExpired: boolean }
  | DueTurnEvent;

export type DueTurnEvent =
  | {
      readonly kind: "idle" | "silent" | "paused" | "file" | "moment" | "overdue" | "unlinked";
      readonly number: PhoneNumber;
      readonly turn: number;
    }
  /** The assistant is free again, and a text waits for it; with those of `joined`, oldest first, where they get one answer. */
  | {
      readonly kind: "waiting";
      readonly number: PhoneNumber;
      readonly turn: number;
      readonly joined: readonly number[];
    };

/** @returns what is to be done now by `proceed`, one at a time; null where nothing is */
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
  // Each guess at a PIN stands for itself.
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
  const { rest, turn, idleAt } = conversation;
  if (rest.kind === "text") {
    if (idleAt <= now) return { kind: "idle", number, turn };
    return rest.silentAt !== null && rest.silentAt <= now ? { kind: "silent", number, turn } : null;
  }
  if (rest.kind === "pause" && rest.until <= now) return { kind: "paused", number, turn };
  if (rest.kind === "file" && rest.until <= now) return { kind: "file", number, turn };
  if (rest.kind === "callback" && rest.until <= now) return { kind: "overdue", number, turn };
  if (rest.kind === "link" && rest.until <= now) return { kind: "unlinked", number, turn };
  return rest.momentAt !== undefined && rest.momentAt <= now ? { kind: "moment", number, turn } : null;
}

/** @returns when time makes something due, or null where nothing waits for it */
export function nextDueAt(state: SenderState): number | null {
  let first: number | null = null;
  for (const line of Object.values(state.lines))
    first = findEarlierTime(first, findEarlierTime(noticeDueAt(line), nextLineDueAt(line)));
  return first;
}

function nextLineDueAt({ conversation, waiting = [] }: Line): number | null {
  if (waiting.length > 0 && !isBusy(conversation)) return 0;
  if (conversation.status !== "open") return null;
  const { rest, idleAt } = conversation;
  if (rest.kind === "text") return Math.min(idleAt, rest.silentAt ?? idleAt);
  const { momentAt = null } = rest;
  return rest.kind === "request" ? momentAt : findEarlierTime(rest.until, momentAt);
}
