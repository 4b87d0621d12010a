import type { World } from "../model/context.ts";
import type { SenderState, Turn } from "../model/state.ts";
import { mediaIn } from "../model/turn.ts";
import { fileEvent } from "../reply/assistant-files.ts";
import { reply } from "../reply/assistant-reply.ts";
import { type Decision, decided, sceneOf } from "./decision.ts";

/**
 * Something has become of a copy of a turn's media.
 * @param turn as it is stored now
 * @returns null where nobody waits for it, or for this one
 */
export function filed(state: SenderState, turn: Turn, world: World): Decision | null {
  const conversation = state.lines[turn.number]?.conversation;
  if (conversation?.status !== "open" || conversation.turn !== turn.id || conversation.rest.kind !== "file")
    return null;
  const { index } = conversation.rest;
  if (mediaIn(turn)[index]?.copy?.status === "waiting") return null;
  return decided(state, turn, reply(sceneOf(state, turn.number, turn, world), fileEvent(turn, index)), world.now);
}
