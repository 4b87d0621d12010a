import type { DecisionContext } from "../model/context.ts";
import type { SenderState, Turn } from "../model/state.ts";
import { getTurnMedia } from "../model/turn.ts";
import { createFileEvent } from "../reply/assistant-files.ts";
import { replyToEvent } from "../reply/assistant-reply.ts";
import { createTurnContext, makeDecision, type TurnDecision } from "./decision.ts";

/**
 * Resumes a turn whose assistant waits for a file, once the copy of the file is made or given up.
 * @param turn as stored, with the result
 * @returns null if the conversation does not wait for this file
 */
export function resumeAfterMedia(state: SenderState, turn: Turn, context: DecisionContext): TurnDecision | null {
  const conversation = state.lines[turn.number]?.conversation;
  if (conversation?.status !== "open" || conversation.turn !== turn.id || conversation.rest.kind !== "file")
    return null;
  const { index } = conversation.rest;
  if (getTurnMedia(turn)[index]?.copy?.status === "waiting") return null;
  return makeDecision(
    state,
    turn,
    replyToEvent(createTurnContext(state, turn.number, turn, context), createFileEvent(turn, index)),
    context.now,
  );
}
