import type { WaitingNotice } from "../../notify/notice.ts";
import { type SubscriptionRequest, unsubscribeAll } from "../../notify/subscriptions.ts";
import { closeIfIdle } from "../model/line.ts";
import type { Conversation, Line } from "../model/state.ts";

/** @returns the first notice of the line that has expired, or whose turn has come; null where none is */
export function nextDueNotice(line: Line, now: number): { readonly id: string; readonly isExpired: boolean } | null {
  const { notices = [] } = line;
  const expired = notices.find(({ expiresAt }) => expiresAt <= now);
  if (expired !== undefined) return { id: expired.id, isExpired: true };
  const next = notices.find((each) => mayBeginNotice(line, each, now));
  return next === undefined ? null : { id: next.id, isExpired: false };
}

/** @returns when time makes a notice of the line due, its expiry if nothing else; null where none waits */
export function noticeDueAt(line: Line): number | null {
  if (line.notices === undefined) return null;
  const moments = line.notices.map(({ kind, expiresAt, notBefore = 0 }) =>
    mayBeginNotice(line, { kind }, 0) ? Math.min(notBefore, expiresAt) : expiresAt,
  );
  return moments.length === 0 ? null : Math.min(...moments);
}

/**
 * Answers come before notices: a simple one waits until whoever has texted has been answered. An actionable one begins a conversation, so it
 * waits until there is none. None is told in the person's night.
 */
export function mayBeginNotice(
  { conversation, waiting = [] }: Line,
  { kind, notBefore = 0 }: Pick<WaitingNotice, "kind" | "notBefore">,
  now: number,
): boolean {
  if (waiting.length > 0 || notBefore > now) return false;
  const after = closeIfIdle(conversation, now);
  return after.status !== "open" || (kind === "simple" && !isAnswerPending(after));
}

/** Somebody is making an answer. A pause is none: it may last for days. */
function isAnswerPending(conversation: Conversation): boolean {
  if (conversation.status !== "open") return false;
  const { kind } = conversation.rest;
  return kind === "request" || kind === "callback" || kind === "file";
}

/** @returns the line on which a notice waits, behind those that wait already */
export function addWaitingNotice(line: Line, waiting: WaitingNotice): Line {
  const { notices = [] } = line;
  return { ...line, notices: [...notices.filter(({ id }) => id !== waiting.id), waiting] };
}

/** @returns the line without a notice that waited on it */
export function dropWaitingNotice(line: Line, id: string): Line {
  const { notices = [], ...rest } = line;
  const left = notices.filter((each) => each.id !== id);
  return left.length === 0 ? rest : { ...rest, notices: left };
}

/** Who has opted out gets nothing of what waits, is asked nothing about lists, and none stays on. */
export function clearAfterOptOut(line: Line, wish: Omit<SubscriptionRequest, "to">): Line {
  const { notices: _, listQuestion: __, ...rest } = line;
  return unsubscribeAll(rest, wish);
}
