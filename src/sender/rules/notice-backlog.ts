import type { WaitingNotice } from "../../notify/notice.ts";
import { closeIfIdle } from "../model/line.ts";
import type { Conversation, Line } from "../model/state.ts";

/** @returns the first notice of the line that has expired or may begin; null if there is no such notice */
export function nextDueNotice(line: Line, now: number): { readonly id: string; readonly isExpired: boolean } | null {
  const { notices = [] } = line;
  const expired = notices.find(({ expiresAt }) => expiresAt <= now);
  if (expired !== undefined) return { id: expired.id, isExpired: true };
  const next = notices.find((each) => mayBeginNotice(line, each, now));
  return next === undefined ? null : { id: next.id, isExpired: false };
}

/** @returns when time alone makes a notice of the line due, at the latest its expiry; null if no notice waits */
export function noticeDueAt(line: Line): number | null {
  if (line.notices === undefined) return null;
  const moments = line.notices.map(({ kind, expiresAt, notBefore = 0 }) =>
    mayBeginNotice(line, { kind }, 0) ? Math.min(notBefore, expiresAt) : expiresAt,
  );
  return moments.length === 0 ? null : Math.min(...moments);
}

/**
 * Answers come before notices: a simple notice waits until all texts are answered. An actionable notice begins a
 * conversation, so it also waits until the open one is over. No notice begins during the contact's quiet hours.
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

/** Returns whether an answer is being made. A pause does not count, since it may last for days. */
function isAnswerPending(conversation: Conversation): boolean {
  if (conversation.status !== "open") return false;
  const { kind } = conversation.rest;
  return kind === "request" || kind === "callback" || kind === "file";
}
