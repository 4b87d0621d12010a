import { callbackIn } from "../events/request-ended.ts";
import { type Asked } from "../model/context.ts";
import type { SenderState, Turn } from "../model/state.ts";
import { sidOf } from "../model/turn.ts";
import { type Known, worldIn } from "./due-runner.ts";

/** Who may bring answers to a turn: whether it waits for them, and the name of the secret that they may be signed with (null: none). */
export interface Bringing {
  readonly isAwaited: boolean;
  readonly signature: string | null;
}

/** Where turns are kept. */
interface Shelf {
  state(): SenderState | null;
  turnsUntil(id: number, limit: number): readonly Turn[];
}

/** Who brings an answer to an older turn is not told that it comes too late. */
const LATE_TURNS = 20;

/** @param sid of the turn's text @returns null where there is no such turn */
export function bringingIn(shelf: Shelf, known: Known, sid: string, now: number): Bringing | null {
  const state = shelf.state();
  if (state === null) return null;
  const asked = callbackIn(state, sid);
  const conversation = asked === null ? undefined : state.lines[asked.number]?.conversation;
  if (asked !== null && conversation?.status === "open") {
    const { answering } = worldIn(known, state.phone, state.origin, now);
    return { isAwaited: true, signature: answering(conversation, asked.number)?.signature ?? null };
  }
  const turn = shelf.turnsUntil(state.nextTurn, LATE_TURNS).find((each) => sidOf(each) === sid);
  if (turn === undefined) return null;
  const application = turn.answeredBy?.application ?? "";
  return { isAwaited: false, signature: known.snapshot.answering(application)?.signature ?? null };
}

/** @returns where answers belong that somebody brings to the turn of a text, or null where it waits for none (any more) */
export function awaitedIn(shelf: Pick<Shelf, "state">, sid: string): Asked | null {
  const state = shelf.state();
  return state === null ? null : callbackIn(state, sid);
}
