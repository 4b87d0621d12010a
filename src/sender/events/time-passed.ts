import type { DecisionContext } from "../model/context.ts";
import { dropWaitingTexts } from "../model/line.ts";
import type { SenderState, Turn } from "../model/state.ts";
import { createFileEvent } from "../reply/assistant-files.ts";
import { replyToEvent } from "../reply/assistant-reply.ts";
import { endIdleConversation, sendOneMoment } from "../reply/automated-messages.ts";
import { expireIdentityCheck } from "../rules/identity-check.ts";
import { answerText } from "./answer-text.ts";
import { createTurnContext, makeDecision, type TurnDecision } from "./decision.ts";
import type { DueTurnEvent } from "./timeouts.ts";

/**
 * Decides on an event that time has made due.
 * @param turn the turn of the event, as stored
 * @param joined the other waiting turns that get one answer with it, oldest first
 */
export function handleDueEvent(
  state: SenderState,
  next: DueTurnEvent,
  turn: Turn,
  context: DecisionContext,
  joined: readonly Turn[] = [],
): TurnDecision {
  const turnContext = createTurnContext(state, next.number, turn, context);
  const { conversation } = turnContext.line;
  if (next.kind === "waiting") {
    const waited = { ...turn, waitedUntil: context.now };
    const line = dropWaitingTexts(turnContext.line, joined.length + 1);
    return makeDecision(state, waited, answerText({ ...turnContext, turn: waited, line }, joined), context.now);
  }
  if (conversation.status !== "open") return { state, turn };
  switch (next.kind) {
    case "idle":
      return makeDecision(state, turn, endIdleConversation(turnContext, conversation), context.now);
    case "silent": {
      const times = conversation.rest.kind === "text" ? conversation.rest.silences + 1 : 1;
      return makeDecision(state, turn, replyToEvent(turnContext, { kind: "silent", times }), context.now);
    }
    case "paused":
      return makeDecision(state, turn, replyToEvent(turnContext, { kind: "paused" }), context.now);
    case "file": {
      const index = conversation.rest.kind === "file" ? conversation.rest.index : 0;
      return makeDecision(state, turn, replyToEvent(turnContext, createFileEvent(turn, index)), context.now);
    }
    case "overdue": {
      const outcome = { kind: "failed", reason: "no answer arrived in time" } as const;
      return makeDecision(state, turn, replyToEvent(turnContext, { kind: "answered", outcome }), context.now);
    }
    case "unlinked":
      return makeDecision(state, turn, expireIdentityCheck(turnContext, conversation), context.now);
    case "moment":
      return makeDecision(state, turn, sendOneMoment(turnContext, conversation), context.now);
  }
}
