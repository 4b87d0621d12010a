import type { DecisionContext } from "../model/context.ts";
import { withoutWaiting } from "../model/line.ts";
import type { SenderState, Turn } from "../model/state.ts";
import { createFileEvent } from "../reply/assistant-files.ts";
import { replyToEvent } from "../reply/assistant-reply.ts";
import { endIdleConversation, sendOneMoment } from "../reply/automated-messages.ts";
import { expireIdentityCheck } from "../rules/identity-check.ts";
import { answerText } from "./answer-text.ts";
import { createTurnContext, makeDecision, type TurnDecision } from "./decision.ts";
import type { DueTurnEvent } from "./timeouts.ts";

/** Does what is due. @param turn the turn that `due` names, as stored @param joined the others, oldest first */
export function handleDueEvent(
  state: SenderState,
  next: DueTurnEvent,
  turn: Turn,
  world: DecisionContext,
  joined: readonly Turn[] = [],
): TurnDecision {
  const scene = createTurnContext(state, next.number, turn, world);
  const { conversation } = scene.line;
  if (next.kind === "waiting") {
    const waited = { ...turn, waitedUntil: world.now };
    const freed = withoutWaiting({ ...scene, turn: waited }, joined.length + 1);
    return makeDecision(state, waited, answerText(freed, joined), world.now);
  }
  if (conversation.status !== "open") return { state, turn };
  switch (next.kind) {
    case "idle":
      return makeDecision(state, turn, endIdleConversation(scene, conversation), world.now);
    case "silent": {
      const times = conversation.rest.kind === "text" ? conversation.rest.silences + 1 : 1;
      return makeDecision(state, turn, replyToEvent(scene, { kind: "silent", times }), world.now);
    }
    case "paused":
      return makeDecision(state, turn, replyToEvent(scene, { kind: "paused" }), world.now);
    case "file": {
      const index = conversation.rest.kind === "file" ? conversation.rest.index : 0;
      return makeDecision(state, turn, replyToEvent(scene, createFileEvent(turn, index)), world.now);
    }
    case "overdue": {
      const outcome = { kind: "failed", reason: "no answer came in time" } as const;
      return makeDecision(state, turn, replyToEvent(scene, { kind: "answered", outcome }), world.now);
    }
    case "unlinked":
      return makeDecision(state, turn, expireIdentityCheck(scene, conversation), world.now);
    case "moment":
      return makeDecision(state, turn, sendOneMoment(scene, conversation), world.now);
  }
}
