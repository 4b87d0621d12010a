import { WAITING_NOTICES_PER_LINE } from "../../core/limits/notify.ts";
import { getNoticeKind, type Notice, type NoticeRecord } from "../../notify/notice.ts";
import { nextUtcMidnight } from "../../send-limits/held-back.ts";
import { dropWaitingParts, formatCapReason, isUnsent, isWaiting, type PartAction } from "../delivery/part-lifecycle.ts";
import type { Line, NoticeTurn, SenderState, Turn } from "../model/state.ts";
import { addWaitingNotice } from "../rules/notice-backlog.ts";

/** A notice's turn that is not sent to the end, as it is to be stored. */
export interface WithheldNotice {
  readonly turn: NoticeTurn;
  /** What has become of the notice; null: it was told in part, and stays so, and so does the state. */
  readonly record: NoticeRecord | null;
  readonly state: SenderState;
}

/** A notice's turn of which Twilio has taken nothing for certain, and of which nothing is on its way. */
type UnsentNoticeTurn = NoticeTurn & { readonly asked: Notice };

/**
 * The Meter does not let a turn's parts pass.
 * @param over whose cap is against it
 * @returns the turn of a notice that nobody has got anything of: it waits until the caps begin anew, or expires; null where it is no such turn
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
 * Is the time over in which a notice may be said? What is on its way to Twilio is not concerned, nor what its topic has said later.
 * @returns its turn, of which nothing more is sent; null where its time is not over, or nothing of it waits
 */
export function withholdIfOverdue(state: SenderState, turn: Turn, now: number): WithheldNotice | null {
  if (turn.kind !== "notice" || turn.term === undefined || turn.term.until > now) return null;
  const next = turn.parts.find(({ delivery }) => isUnsent(delivery));
  if (next === undefined || next.at !== undefined || !isWaiting(next.delivery.status)) return null;
  const { resumes } = turn.term;
  if (!isUnsentNoticeTurn(turn)) return { turn: stopTurn(turn, "its time was over", now), record: null, state };
  if (resumes !== null) return postponeNotice(state, turn, "the person's night had begun", resumes, now);
  return { ...withdrawTurn(state, turn, "it had expired", now), record: { outcome: "refused", reason: "expired" } };
}

/** @returns the turn without the notice as it was asked for, once something of it has gone out, or failed */
export function clearOriginalNotice(turn: Turn): Turn {
  if (turn.kind !== "notice" || turn.asked === undefined) return turn;
  if (turn.parts.every(({ delivery }) => isUnsent(delivery))) return turn;
  const { asked: _, ...told } = turn;
  return told;
}

/** @returns the turn, of which the rest may be sent at any time */
export function clearNoticeTerm(turn: Turn): Turn {
  if (turn.kind !== "notice") return turn;
  const { term: _, ...free } = turn;
  return free;
}

function isUnsentNoticeTurn(turn: Turn): turn is UnsentNoticeTurn {
  const isNotice = turn.kind === "notice" && turn.asked !== undefined;
  return isNotice && turn.parts.every(({ delivery }) => isWaiting(delivery.status));
}

/** The notice waits once more, its expiry as it was; when its turn comes again, all that it needs is asked again. */
function postponeNotice(
  state: SenderState,
  turn: UnsentNoticeTurn,
  why: string,
  notBefore: number,
  now: number,
): WithheldNotice {
  const { asked } = turn;
  const waiting = state.lines[turn.number]?.notices ?? [];
  if (waiting.length >= WAITING_NOTICES_PER_LINE)
    return { ...withdrawTurn(state, turn, why, now), record: { outcome: "refused", reason: "too-many" } };
  const { id, expiresAt } = asked;
  const until = new Date(Math.min(notBefore, expiresAt)).toISOString();
  const after = withLine(state, turn, (line) =>
    addWaitingNotice(closeUnheardConversation(line, turn, now), {
      id,
      kind: getNoticeKind(asked),
      expiresAt,
      notBefore,
    }),
  );
  return {
    turn: stopTurn(turn, `${why}: the notice waits until ${until}`, now),
    record: { outcome: "queued", notice: asked },
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
    state: withLine(state, turn, (line) => closeUnheardConversation(line, turn, now)),
  };
}

/** What waits of the turn is dropped, and the transcript says why. */
function stopTurn(turn: NoticeTurn, why: string, now: number): NoticeTurn {
  const isWhole = turn.parts.every(({ delivery }) => isWaiting(delivery.status));
  const note = `${isWhole ? "Not sent" : "Not sent to the end"}: ${why}.`;
  const { asked: _, ...rest } = turn;
  const { parts } = dropWaitingParts(turn, why, now);
  return { ...rest, parts, notes: [...turn.notes, note] };
}

/** The conversation that nobody has heard the beginning of is over; where the person has texted since, it is theirs. */
function closeUnheardConversation(line: Line, { id }: Turn, now: number): Line {
  const { conversation } = line;
  if (conversation.status !== "open" || conversation.id !== String(id) || conversation.turn !== id) return line;
  return { ...line, conversation: { status: "closed", id: conversation.id, at: now, reason: "ended" } };
}

function withLine(state: SenderState, { number }: Turn, become: (line: Line) => Line): SenderState {
  const line = state.lines[number];
  return line === undefined ? state : { ...state, lines: { ...state.lines, [number]: become(line) } };
}
