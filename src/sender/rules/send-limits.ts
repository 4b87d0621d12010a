import { isAllowed } from "../../send-limits/countries.ts";
import { withHeldBack } from "../../send-limits/held.ts";
import { heardOn, saidOn } from "../../send-limits/loop.ts";
import { paced } from "../../send-limits/rate.ts";
import type { HeldBackKind } from "../../send-limits/rules.ts";
import type { Outcome, Scene } from "../model/context.ts";
import type { Line, SenderState, Turn } from "../model/state.ts";
import { textIn } from "../model/turn.ts";
import { automated } from "../reply/automated-messages.ts";

/** Why a text is not answered. */
export interface Held {
  readonly kind: HeldBackKind;
  /** For the journal. */
  readonly note: string;
  /** What is said all the same, once; null: nothing. */
  readonly told: Outcome | null;
}

/** A text has met the brakes. */
export interface Braked {
  readonly state: SenderState;
  readonly scene: Scene;
  /** Null: it may be answered. */
  readonly held: Held | null;
}

const NOTES = {
  rate: "Not answered: the sender texts faster than the number's rate limit.",
  loop: "Not answered: the sender looks like a robot.",
  country: "Not answered: the account does not text to the sender's country.",
} as const;

/**
 * A text meets the brakes of its number. To a country that is not allowed nothing is said; else words of consent are always heard and answered, and are
 * no evidence of anything.
 * @param isConsent whether it is one of those
 */
export function braked(state: SenderState, scene: Scene, isConsent: boolean): Braked {
  const { line, turn, world, phone } = scene;
  const brakes = world.brakes?.(turn.number);
  const free = { state, scene, held: null };
  if (brakes === undefined) return free;
  if (!isAllowed(phone, brakes.countries))
    return hold(state, scene, { kind: "country", note: NOTES.country, told: null });
  if (isConsent || line.consent.status === "withdrawn") return free;
  const guarded = brakes.guardsLoops ? heardOn(line.talk, turn.id, textIn(turn), world.now) : null;
  const heard = guarded === null ? scene : { ...scene, line: { ...line, talk: guarded.talk } };
  if (guarded?.isHeld === true) return hold(state, heard, { kind: "loop", note: NOTES.loop, told: null });
  if (brakes.rate === null) return { ...free, scene: heard };
  const { pacing, isHeld, isToldNow } = paced(state.pacing, brakes.rate, world.now);
  const after = { ...state, pacing };
  if (!isHeld) return { state: after, scene: heard, held: null };
  const told = isToldNow ? automated(heard, "tooFast") : null;
  return hold(after, heard, { kind: "rate", note: NOTES.rate, told });
}

function hold(state: SenderState, scene: Scene, held: Held): Braked {
  const { turn, world } = scene;
  const counted = withHeldBack(state.heldBack, turn.number, held.kind, world.now);
  return { state: { ...state, heldBack: counted }, scene, held };
}

/** What a brake holds back is heard, and does what it does, in silence. */
export function inSilence<Decision extends { readonly turn: Turn }>(decision: Decision, held: Held | null): Decision {
  if (held === null) return decision;
  const { turn } = decision;
  const parts = held.told === null ? [] : turn.parts;
  return { ...decision, turn: { ...turn, parts, notes: [held.note, ...turn.notes] } };
}

/** What is said is remembered, to know it again when somebody sends it back. */
export function withSaid(line: Line, turn: number, { contents }: Outcome, at: number): Line {
  if (line.talk === undefined || contents.length === 0) return line;
  return {
    ...line,
    talk: saidOn(
      line.talk,
      turn,
      contents.map(({ text }) => text),
      at,
    ),
  };
}
