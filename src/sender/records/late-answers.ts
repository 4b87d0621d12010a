import { findCallbackWait } from "../events/request-ended.ts";
import { type WaitRef } from "../model/context.ts";
import type { SenderState, Turn } from "../model/state.ts";
import { getTurnSid } from "../model/turn.ts";
import { createDecisionContext, type LoadedConfiguration } from "./due-runner.ts";

/** Who may bring answers to a turn: whether it waits for them, and the name of the secret that they may be signed with (null: none). */
export interface LateAnswerWait {
  readonly isAwaited: boolean;
  readonly signature: string | null;
}

/** Where turns are kept. */
interface TurnReader {
  state(): SenderState | null;
  listEarlierTurns(id: number, limit: number): readonly Turn[];
}

/** Who brings an answer to an older turn is not told that it comes too late. */
const LATE_ANSWER_TURNS = 20;

/** @param sid of the turn's text @returns null where there is no such turn */
export function findLateAnswerWait(
  shelf: TurnReader,
  known: LoadedConfiguration,
  sid: string,
  now: number,
): LateAnswerWait | null {
  const state = shelf.state();
  if (state === null) return null;
  const asked = findCallbackWait(state, sid);
  const conversation = asked === null ? undefined : state.lines[asked.number]?.conversation;
  if (asked !== null && conversation?.status === "open") {
    const { findApplication: answering } = createDecisionContext(known, state.phone, state.origin, now);
    return { isAwaited: true, signature: answering(conversation, asked.number)?.signature ?? null };
  }
  const turn = shelf.listEarlierTurns(state.nextTurn, LATE_ANSWER_TURNS).find((each) => getTurnSid(each) === sid);
  if (turn === undefined) return null;
  const application = turn.answeredBy?.application ?? "";
  return { isAwaited: false, signature: known.snapshot.findApplication(application)?.signature ?? null };
}

/** @returns where answers belong that somebody brings to the turn of a text, or null where it waits for none (any more) */
export function findWaitRef(shelf: Pick<TurnReader, "state">, sid: string): WaitRef | null {
  const state = shelf.state();
  return state === null ? null : findCallbackWait(state, sid);
}
