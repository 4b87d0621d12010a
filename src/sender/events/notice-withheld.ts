import { WAITING_NOTICES_PER_LINE } from "../../core/limits/notify.ts";
import { getNoticeKind, type Notice, type NoticeRecord } from "../../notify/notice.ts";
import { nextUtcMidnight } from "../../send-limits/held-back.ts";
import { dropWaitingParts, formatCapReason, isUnsent, isWaiting, type PartAction } from "../delivery/part-lifecycle.ts";
import { addWaitingNotice, closeConversation, updateLine } from "../model/line.ts";
import type { Line, NoticeTurn, SenderState, Turn } from "../model/state.ts";

/** A notice that is not sent, or only in part, to be stored. */
export interface WithheldNotice {
  readonly turn: NoticeTurn;
  /** The new record of the notice. Null if the notice was sent in part: its record and the state stay. */
  readonly record: NoticeRecord | null;
  readonly state: SenderState;
}

/** A notice's turn of which no part was sent and no part is in flight. */
type UnsentNoticeTurn = NoticeTurn & { readonly asked: Notice };

/**
 * Postpones a notice that exceeds a daily cap until the caps start anew.
 * @param over whose cap is reached
 * @returns null unless the turn is a notice's, and nothing of it was sent
 */
export function withholdForCap(
  state: SenderState,
  turn: Turn,
  { index }: PartAction,
  over: string,
  now: number,
): WithheldNotice | null {
  return index === 0 && isUnsentNoticeTurn(turn)
    ? postponeNotice(state, turn, formatCapReason(over), nextUtcMidnight(now), now)
    : null;
}

/**
 * Stops a notice whose sending time is over. Parts in flight and later answers of its topic are not affected.
 * @returns null unless the time of a notice is over and a part of it waits
 */
export function withholdIfOverdue(state: SenderState, turn: Turn, now: number): WithheldNotice | null {
  if (turn.kind !== "notice" || turn.term === undefined || turn.term.until > now) return null;
  const next = turn.parts.find(({ delivery }) => isUnsent(delivery));
  if (next === undefined || next.at !== undefined || !isWaiting(next.delivery.status)) return null;
  const { resumes } = turn.term;
  if (!isUnsentNoticeTurn(turn)) return { turn: stopTurn(turn, "its sending time was over", now), record: null, state };
  if (resumes !== null) return postponeNotice(state, turn, "the contact's quiet hours had begun", resumes, now);
  return {
    ...withdrawTurn(state, turn, "the notice had expired", now),
    record: { outcome: "refused", reason: "expired" },
  };
}

/**
 * Forgets the original notice once a part of its turn was sent or failed: from then on the notice cannot wait again.
 */
export function clearOriginalNotice(turn: Turn): Turn {
  if (turn.kind !== "notice" || turn.asked === undefined) return turn;
  if (turn.parts.every(({ delivery }) => isUnsent(delivery))) return turn;
  const { asked: _, ...begun } = turn;
  return begun;
}

/** Lets the rest of a notice's turn be sent at any time. */
export function clearNoticeTerm(turn: Turn): Turn {
  if (turn.kind !== "notice") return turn;
  const { term: _, ...unlimited } = turn;
  return unlimited;
}

function isUnsentNoticeTurn(turn: Turn): turn is UnsentNoticeTurn {
  const isNotice = turn.kind === "notice" && turn.asked !== undefined;
  return isNotice && turn.parts.every(({ delivery }) => isWaiting(delivery.status));
}

/** Lets the notice wait again, with its original expiry. When its turn comes, it is decided anew. */
function postponeNotice(
  state: SenderState,
  turn: UnsentNoticeTurn,
  why: string,
  notBefore: number,
  now: number,
): WithheldNotice {
  const { asked: notice } = turn;
  const waiting = state.lines[turn.number]?.notices ?? [];
  if (waiting.length >= WAITING_NOTICES_PER_LINE)
    return { ...withdrawTurn(state, turn, why, now), record: { outcome: "refused", reason: "too-many" } };
  const { id, expiresAt } = notice;
  const until = new Date(Math.min(notBefore, expiresAt)).toISOString();
  const waitingNotice = { id, kind: getNoticeKind(notice), expiresAt, notBefore };
  const after = updateLine(state, turn.number, (line) =>
    addWaitingNotice(closeUnheardConversation(line, turn, now), waitingNotice),
  );
  return {
    turn: stopTurn(turn, `${why}: the notice waits until ${until}`, now),
    record: { outcome: "queued", notice },
    state: after,
  };
}

function withdrawTurn(
  state: SenderState,
  turn: UnsentNoticeTurn,
  why: string,
  now: number,
): Omit<WithheldNotice, "record"> {
  return {
    turn: stopTurn(turn, why, now),
    state: updateLine(state, turn.number, (line) => closeUnheardConversation(line, turn, now)),
  };
}

/** Drops the waiting parts of a turn, with a note for the transcript. */
function stopTurn(turn: NoticeTurn, why: string, now: number): NoticeTurn {
  const isWhole = turn.parts.every(({ delivery }) => isWaiting(delivery.status));
  const note = `${isWhole ? "Not sent" : "Only sent in part"}: ${why}.`;
  const { asked: _, ...begun } = turn;
  const { parts } = dropWaitingParts(turn, why, now);
  return { ...begun, parts, notes: [...turn.notes, note] };
}

/**
 * Closes the conversation that a notice opened and the contact never saw. If the contact has texted since, it stays
 * open.
 */
function closeUnheardConversation(line: Line, { id }: Turn, now: number): Line {
  const { conversation } = line;
  if (conversation.status !== "open" || conversation.id !== String(id) || conversation.turn !== id) return line;
  return { ...line, conversation: closeConversation(conversation, "ended", now) };
}
