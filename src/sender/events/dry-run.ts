import type { RequestOutcome } from "../../contract/assistant.ts";
import type { World } from "../model/context.ts";
import type { LinkedText } from "../model/inbound-text.ts";
import type { Rest, SenderState, Turn } from "../model/state.ts";
import { inquiryIn } from "../rules/identity-check.ts";
import { type Decision } from "./decision.ts";
import { identified } from "./identity-checked.ts";
import { answered } from "./request-ended.ts";
import { hear } from "./text-received.ts";
import { proceed } from "./time-passed.ts";
import { due } from "./timeouts.ts";

/** A conversation that nobody has: what an assistant would say to it. Nothing of it is stored or sent. */
export interface Rehearsal {
  /** Null before the first text. */
  readonly state: SenderState | null;
  /** The turn of the last text; null before the first. */
  readonly turn: Turn | null;
}

export const NOT_BEGUN: Rehearsal = { state: null, turn: null };

/** A text comes in. */
export function rehearse({ state }: Rehearsal, text: LinkedText, world: World): Rehearsal {
  return hear(state, text, world);
}

/** @returns what the conversation waits for, or null where it is over */
export function restIn({ state, turn }: Rehearsal): Rest | null {
  const conversation = state?.lines[turn?.number ?? ""]?.conversation;
  return conversation?.status === "open" ? conversation.rest : null;
}

/** The request that it waits for has ended, after "one moment" perhaps. */
export function afterRequest(before: Rehearsal, outcome: RequestOutcome, world: World): Rehearsal {
  const { state, turn } = afterTime(before, world);
  const rest = restIn({ state, turn });
  if (state === null || turn === null || rest?.kind !== "request") return { state, turn };
  const asked = { number: turn.number, turn: turn.id, id: rest.id };
  return answered(state, asked, outcome, turn, world) ?? { state, turn };
}

/** It wants to know who the person is: in a rehearsal nobody is there. */
export function afterLooking(before: Rehearsal, world: World): Rehearsal {
  const { state, turn } = before;
  const inquiry = state === null ? null : inquiryIn(state);
  if (state === null || turn === null || inquiry === null) return before;
  const asked = { number: inquiry.number, turn: turn.id, id: inquiry.id };
  return identified(state, asked, { kind: "nobody" }, turn, world) ?? before;
}

/** Does all that time has made due. */
export function afterTime(rehearsal: Rehearsal, world: World): Rehearsal {
  let now: Rehearsal | Decision = rehearsal;
  for (;;) {
    const { state, turn }: Rehearsal = now;
    const next = state === null ? null : due(state, world.now);
    // No notice comes in a rehearsal.
    if (state === null || turn === null || next === null || next.kind === "notice") return now;
    now = proceed(state, next, turn, world);
  }
}
