import type { DecisionContext } from "../model/context.ts";
import type { SenderState, Turn } from "../model/state.ts";
import { getTurnMedia } from "../model/turn.ts";
import { createFileEvent } from "../reply/assistant-files.ts";
import { replyToEvent } from "../reply/assistant-reply.ts";
import { createTurnContext, makeDecision, type TurnDecision } from "./decision.ts";

/**
 * Something has become of a copy of a turn's media.
 * @param turn as it is stored now
 * @returns null where nobody waits for it, or for this one
 */
export function resumeAfterMedia(state: SenderState, turn: Turn, world: DecisionContext): TurnDecision | null {
  const conversation = state.lines[turn.number]?.conversation;
  if (conversation?.status !== "open" || conversation.turn !== turn.id || conversation.rest.kind !== "file")
    return null;
  const { index } = conversation.rest;
  if (getTurnMedia(turn)[index]?.copy?.status === "waiting") return null;
  return makeDecision(
    state,
    turn,
    replyToEvent(createTurnContext(state, turn.number, turn, world), createFileEvent(turn, index)),
    world.now,
  );
}
