import type { RequestOutcome } from "../../contract/assistant.ts";
import type { DecisionContext, WaitRef } from "../model/context.ts";
import type { SenderState, Turn } from "../model/state.ts";
import { replyToEvent } from "../reply/assistant-reply.ts";
import { logRequestEnd } from "../reply/request-log.ts";
import { createTurnContext, makeDecision, type TurnDecision } from "./decision.ts";

/**
 * Resumes a turn with the end of a request, or with the answers of a callback.
 * @param turn the turn that waited, as stored
 * @returns null if the conversation does not wait for it any more
 */
export function resumeAfterRequest(
  state: SenderState,
  { number, id }: WaitRef,
  outcome: RequestOutcome,
  turn: Turn,
  context: DecisionContext,
): TurnDecision | null {
  const conversation = state.lines[number]?.conversation;
  const wait = conversation?.status === "open" ? conversation.rest : null;
  if (wait === null || !("id" in wait) || wait.id !== id) return null;
  const isLogged = wait.kind === "request" && wait.request.confidential === undefined;
  const after = isLogged ? logRequestEnd(turn, outcome, context.now) : turn;
  return makeDecision(
    state,
    after,
    replyToEvent(createTurnContext(state, number, after, context), { kind: "answered", outcome }),
    context.now,
  );
}

/**
 * @param sid of the text whose turn waits
 * @returns the wait that a callback to the turn ends, or null if the turn waits for no callback
 */
export function findCallbackWait(state: SenderState, sid: string): WaitRef | null {
  for (const [number, { conversation }] of Object.entries(state.lines)) {
    if (conversation.status !== "open" || conversation.rest.kind !== "callback") continue;
    const { rest: wait, turn } = conversation;
    if (wait.id.startsWith(`${sid}-`)) return { number, turn, id: wait.id };
  }
  return null;
}
