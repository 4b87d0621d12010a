import type { RequestOutcome } from "../../contract/assistant.ts";
import type { DecisionContext, WaitRef } from "../model/context.ts";
import type { SenderState, Turn } from "../model/state.ts";
import { replyToEvent } from "../reply/assistant-reply.ts";
import { logRequestEnd } from "../reply/request-log.ts";
import { createTurnContext, makeDecision, type TurnDecision } from "./decision.ts";

/**
 * A request of the assistant's has ended, or the answers that it waited for have come.
 * @param turn the turn that it belongs to, as stored
 * @returns null where nobody waits for it any more
 */
export function resumeAfterRequest(
  state: SenderState,
  asked: WaitRef,
  outcome: RequestOutcome,
  turn: Turn,
  world: DecisionContext,
): TurnDecision | null {
  const conversation = state.lines[asked.number]?.conversation;
  const rest = conversation?.status === "open" ? conversation.rest : null;
  if (rest === null || !("id" in rest) || rest.id !== asked.id) return null;
  const isKept = rest.kind === "request" && rest.request.confidential === undefined;
  const after = isKept ? logRequestEnd(turn, outcome, world.now) : turn;
  return makeDecision(
    state,
    after,
    replyToEvent(createTurnContext(state, asked.number, after, world), { kind: "answered", outcome }),
    world.now,
  );
}

/** @returns where answers belong that somebody brings to the turn of a text, or null where it waits for none (any more) */
export function findCallbackWait(state: SenderState, sid: string): WaitRef | null {
  for (const [number, { conversation }] of Object.entries(state.lines)) {
    if (conversation.status !== "open" || conversation.rest.kind !== "callback") continue;
    const { rest, turn } = conversation;
    if (rest.id.startsWith(`${sid}-`)) return { number, turn, id: rest.id };
  }
  return null;
}
