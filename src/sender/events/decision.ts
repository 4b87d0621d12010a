import type { ConsentEntry } from "../../consent/ledger.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import type { DecisionContext, TurnContext, TurnOutcome } from "../model/context.ts";
import { withLine } from "../model/line.ts";
import type { Part, SenderState, Turn } from "../model/state.ts";
import { turnStartedAt } from "../model/turn.ts";
import { logRequestStart } from "../reply/request-log.ts";
import { clearComparedGuess } from "../rules/identity-check.ts";
import { rememberReply } from "../rules/send-limits.ts";

/** The result of an event: the state and the turn to store. */
export interface TurnDecision {
  readonly state: SenderState;
  /** A new turn, or an existing one with more parts. */
  readonly turn: Turn;
  /** Why the remote assistant could not answer. Absent if it did, or was not called. */
  readonly failed?: string | undefined;
  /** The new entry of the consent ledger. Null or absent if the consent is as before. */
  readonly entry?: ConsentEntry | null;
}

/** @param later when the event happened; null if that is when the turn began */
export function makeDecision(state: SenderState, turn: Turn, outcome: TurnOutcome, later: number | null): TurnDecision {
  const { line, conversation, contents, whenUnknown, answeredBy, handover, failed, confirms, notes } = outcome;
  const extra = { ...(later === null ? {} : { at: later }), ...(confirms === undefined ? {} : { confirms }) };
  const parts = contents.map((content): Part => ({ ...content, ...extra, delivery: { status: "pending" } }));
  return {
    state: withLine(state, turn.number, rememberReply(line, turn.id, outcome, later ?? turnStartedAt(turn))),
    turn: {
      ...logRequestStart(clearComparedGuess(turn, line), state.lines[turn.number]?.conversation, line.conversation),
      conversation,
      parts: [...turn.parts, ...parts],
      whenUnknown: whenUnknown ?? turn.whenUnknown,
      ...(answeredBy === undefined ? {} : { answeredBy }),
      ...(handover === undefined ? {} : { handover }),
      notes: [...turn.notes, ...notes],
    },
    failed,
  };
}

export function createTurnContext(
  state: SenderState,
  number: PhoneNumber,
  turn: Turn,
  context: DecisionContext,
): TurnContext {
  const line = state.lines[number];
  if (line === undefined) throw new RangeError(`the contact has no line with ${number}`);
  return { phone: state.phone, line, turn, context, person: context.person?.(line) ?? null };
}

/** Decides how a turn continues when its wait has ended. Returns null if the conversation does not wait any more. */
export type ResumeTurn = (state: SenderState, turn: Turn, context: DecisionContext) => TurnDecision | null;
