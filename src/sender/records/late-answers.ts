import { findCallbackWait } from "../events/request-ended.ts";
import { type WaitRef } from "../model/context.ts";
import { getTurnSid } from "../model/turn.ts";
import { createDecisionContext, type LoadedConfiguration } from "./due-runner.ts";
import type { TurnStore } from "./turn-store.ts";

/**
 * Whether a turn waits for the answers of a callback, and the name of the secret that signs them; null if they need no
 * signature.
 */
export interface LateAnswerWait {
  readonly isAwaited: boolean;
  readonly signature: string | null;
}

/** A callback to one of these latest turns learns that it is late; to an older one, that the turn does not exist. */
const LATE_ANSWER_TURNS = 20;

/** @param sid of the turn's text @returns null if the turn does not exist */
export function findLateAnswerWait(
  store: Pick<TurnStore, "state" | "listEarlierTurns">,
  configuration: LoadedConfiguration,
  sid: string,
  now: number,
): LateAnswerWait | null {
  const state = store.state();
  if (state === null) return null;
  const waitRef = findCallbackWait(state, sid);
  const conversation = waitRef === null ? undefined : state.lines[waitRef.number]?.conversation;
  if (waitRef !== null && conversation?.status === "open") {
    const { findApplication } = createDecisionContext(configuration, state.phone, state.origin, now);
    return { isAwaited: true, signature: findApplication(conversation, waitRef.number)?.signature ?? null };
  }
  const turn = store.listEarlierTurns(state.nextTurn, LATE_ANSWER_TURNS).find((each) => getTurnSid(each) === sid);
  if (turn === undefined) return null;
  const application = turn.answeredBy?.application ?? "";
  return { isAwaited: false, signature: configuration.snapshot.findApplication(application)?.signature ?? null };
}

/**
 * @param sid of the turn's text
 * @returns the wait that a callback to the turn ends, or null if the turn waits for no callback (any more)
 */
export function findWaitRef(store: Pick<TurnStore, "state">, sid: string): WaitRef | null {
  const state = store.state();
  return state === null ? null : findCallbackWait(state, sid);
}
