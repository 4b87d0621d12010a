import { isCountryAllowed } from "../../send-limits/allowed-countries.ts";
import { countHeldBack } from "../../send-limits/held-back.ts";
import { detectLoop, rememberAnswer } from "../../send-limits/loop-guard.ts";
import type { HeldBackKind } from "../../send-limits/number-limits.ts";
import { countAnswer } from "../../send-limits/rate-limit.ts";
import type { TurnContext, TurnOutcome } from "../model/context.ts";
import type { Line, SenderState, Turn } from "../model/state.ts";
import { getTurnText } from "../model/turn.ts";
import { sendAutomatedMessage } from "../reply/automated-messages.ts";

/** Why a text is not answered. */
export interface LimitHit {
  readonly kind: HeldBackKind;
  /** For the journal. */
  readonly note: string;
  /** What is said all the same, once; null: nothing. */
  readonly reply: TurnOutcome | null;
}

/** A text has met the brakes. */
export interface LimitCheck {
  readonly state: SenderState;
  readonly scene: TurnContext;
  /** Null: it may be answered. */
  readonly held: LimitHit | null;
}

const LIMIT_NOTES = {
  rate: "Not answered: the sender texts faster than the number's rate limit.",
  loop: "Not answered: the sender looks like a robot.",
  country: "Not answered: the account does not text to the sender's country.",
} as const;

/**
 * A text meets the brakes of its number. To a country that is not allowed nothing is said; else words of consent are always heard and answered, and are
 * no evidence of anything.
 * @param isConsent whether it is one of those
 */
export function applySendLimits(state: SenderState, scene: TurnContext, isConsent: boolean): LimitCheck {
  const { line, turn, world, phone } = scene;
  const brakes = world.sendLimits?.(turn.number);
  const free = { state, scene, held: null };
  if (brakes === undefined) return free;
  if (!isCountryAllowed(phone, brakes.countries))
    return holdBackReply(state, scene, { kind: "country", note: LIMIT_NOTES.country, reply: null });
  if (isConsent || line.consent.status === "withdrawn") return free;
  const guarded = brakes.hasLoopGuard ? detectLoop(line.talk, turn.id, getTurnText(turn), world.now) : null;
  const heard = guarded === null ? scene : { ...scene, line: { ...line, talk: guarded.talk } };
  if (guarded?.isHeld === true)
    return holdBackReply(state, heard, { kind: "loop", note: LIMIT_NOTES.loop, reply: null });
  if (brakes.rateLimit === null) return { ...free, scene: heard };
  const { pacing, isOverLimit: isHeld, isReplyDue: isToldNow } = countAnswer(state.pacing, brakes.rateLimit, world.now);
  const after = { ...state, pacing };
  if (!isHeld) return { state: after, scene: heard, held: null };
  const told = isToldNow ? sendAutomatedMessage(heard, "tooFast") : null;
  return holdBackReply(after, heard, { kind: "rate", note: LIMIT_NOTES.rate, reply: told });
}

function holdBackReply(state: SenderState, scene: TurnContext, held: LimitHit): LimitCheck {
  const { turn, world } = scene;
  const counted = countHeldBack(state.heldBack, turn.number, held.kind, world.now);
  return { state: { ...state, heldBack: counted }, scene, held };
}

/** What a brake holds back is heard, and does what it does, in silence. */
export function muteIfLimited<Decision extends { readonly turn: Turn }>(
  decision: Decision,
  held: LimitHit | null,
): Decision {
  if (held === null) return decision;
  const { turn } = decision;
  const parts = held.reply === null ? [] : turn.parts;
  return { ...decision, turn: { ...turn, parts, notes: [held.note, ...turn.notes] } };
}

/** What is said is remembered, to know it again when somebody sends it back. */
export function rememberReply(line: Line, turn: number, { contents }: TurnOutcome, at: number): Line {
  if (line.talk === undefined || contents.length === 0) return line;
  return {
    ...line,
    talk: rememberAnswer(
      line.talk,
      turn,
      contents.map(({ text }) => text),
      at,
    ),
  };
}
