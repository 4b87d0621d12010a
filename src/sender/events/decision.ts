import type { ConsentEntry } from "../../consent/ledger.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import type { Outcome, Scene, World } from "../model/context.ts";
import type { Part, SenderState, Turn } from "../model/state.ts";
import { beganAt } from "../model/turn.ts";
import { withAsked } from "../reply/request-log.ts";
import { withoutGuess } from "../rules/identity-check.ts";
import { withSaid } from "../rules/send-limits.ts";

export interface Decision {
  readonly state: SenderState;
  /** As it is to be stored: new, or with the parts that it has got. */
  readonly turn: Turn;
  /** Why what the assistant had asked could not answer; left out: it has, or it was not asked. */
  readonly failed?: string | undefined;
  /** What the text has changed of the sender's consent; left out: nothing. */
  readonly entry?: ConsentEntry | null;
}

/** @param later when it happened, where that is after the turn's text came in */
export function decided(state: SenderState, turn: Turn, outcome: Outcome, later: number | null): Decision {
  const { line, conversation, contents, whenUnknown, answeredBy, handover, failed, confirms, notes } = outcome;
  const extra = { ...(later === null ? {} : { at: later }), ...(confirms === undefined ? {} : { confirms }) };
  const parts = contents.map((content): Part => ({ ...content, ...extra, delivery: { status: "pending" } }));
  return {
    state: {
      ...state,
      lines: { ...state.lines, [turn.number]: withSaid(line, turn.id, outcome, later ?? beganAt(turn)) },
    },
    turn: {
      ...withAsked(withoutGuess(turn, line), state.lines[turn.number]?.conversation, line.conversation),
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

export function sceneOf(state: SenderState, number: PhoneNumber, turn: Turn, world: World): Scene {
  const line = state.lines[number];
  if (line === undefined) throw new RangeError(`there is no line with ${number}`);
  return { phone: state.phone, line, turn, world, person: world.person?.(line) ?? null };
}

/** What the end of something means for the turn that waited for it; null: nobody waits any more. */
export type Ending = (state: SenderState, turn: Turn, world: World) => Decision | null;
