import type { ConsentEntry } from "../../consent/ledger.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import type { DecisionContext, TurnContext, TurnOutcome } from "../model/context.ts";
import type { Part, SenderState, Turn } from "../model/state.ts";
import { turnStartedAt } from "../model/turn.ts";
import { logRequestStart } from "../reply/request-log.ts";
import { clearComparedGuess } from "../rules/identity-check.ts";
import { rememberReply } from "../rules/send-limits.ts";

export interface TurnDecision {
  readonly state: SenderState;
  /** As it is to be stored: new, or with the parts that it has got. */
  readonly turn: Turn;
  /** Why what the assistant had asked could not answer; left out: it has, or it was not asked. */
  readonly failed?: string | undefined;
  /** What the text has changed of the sender's consent; left out: nothing. */
  readonly entry?: ConsentEntry | null;
}

/** @param later when it happened, where that is after the turn's text came in */
export function makeDecision(state: SenderState, turn: Turn, outcome: TurnOutcome, later: number | null): TurnDecision {
  const { line, conversation, contents, whenUnknown, answeredBy, handover, failed, confirms, notes } = outcome;
  const extra = { ...(later === null ? {} : { at: later }), ...(confirms === undefined ? {} : { confirms }) };
  const parts = contents.map((content): Part => ({ ...content, ...extra, delivery: { status: "pending" } }));
  return {
    state: {
      ...state,
      lines: { ...state.lines, [turn.number]: rememberReply(line, turn.id, outcome, later ?? turnStartedAt(turn)) },
    },
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
  world: DecisionContext,
): TurnContext {
  const line = state.lines[number];
  if (line === undefined) throw new RangeError(`there is no line with ${number}`);
  return { phone: state.phone, line, turn, world, person: world.person?.(line) ?? null };
}

/** What the end of something means for the turn that waited for it; null: nobody waits any more. */
export type ResumeTurn = (state: SenderState, turn: Turn, world: DecisionContext) => TurnDecision | null;
