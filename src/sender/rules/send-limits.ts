import { isCountryAllowed } from "../../send-limits/allowed-countries.ts";
import { countHeldBack } from "../../send-limits/held-back.ts";
import { detectLoop, rememberAnswer } from "../../send-limits/loop-guard.ts";
import type { HeldBackKind } from "../../send-limits/number-limits.ts";
import { countAnswer } from "../../send-limits/rate-limit.ts";
import type { TurnContext, TurnOutcome } from "../model/context.ts";
import type { Line, SenderState, Turn } from "../model/state.ts";
import { getTurnText } from "../model/turn.ts";
import { sendAutomatedMessage } from "../reply/automated-messages.ts";

/** A text at the beginning of its turn. */
export interface TextArrival {
  readonly state: SenderState;
  readonly turnContext: TurnContext;
}

/** The limit that keeps a text from being answered. */
export interface LimitHit {
  readonly kind: HeldBackKind;
  /** For the transcript. */
  readonly note: string;
  /** The automated message that tells the contact, sent once; null for silence. */
  readonly reply: TurnOutcome | null;
}

/** A text after the check of the number's limits. */
export interface LimitCheck extends TextArrival {
  /** Null if the text may be answered. */
  readonly limit: LimitHit | null;
}

const LIMIT_NOTES = {
  rate: "Not answered: the contact texts faster than the number's rate limit.",
  loop: "Not answered: the contact seems to be a robot.",
  country: "Not answered: the account sends no texts to the contact's country.",
} as const;

/**
 * Checks a text against the limits of its number. No text to a forbidden country is answered. STOP, START and HELP pass
 * all other limits and are not counted.
 * @param isConsent whether the text is such a keyword
 */
export function applySendLimits(arrival: TextArrival, isConsent: boolean): LimitCheck {
  const { state, turnContext } = arrival;
  const { line, turn, context, phone } = turnContext;
  const limits = context.sendLimits?.(turn.number);
  if (limits === undefined) return { ...arrival, limit: null };
  if (!isCountryAllowed(phone, limits.countries))
    return holdBackReply(arrival, { kind: "country", note: LIMIT_NOTES.country, reply: null });
  if (isConsent || line.consent.status === "withdrawn") return { ...arrival, limit: null };
  const guarded = limits.hasLoopGuard ? detectLoop(line.talk, turn.id, getTurnText(turn), context.now) : null;
  const remembered =
    guarded === null ? arrival : { state, turnContext: { ...turnContext, line: { ...line, talk: guarded.talk } } };
  if (guarded?.isHeld === true) return holdBackReply(remembered, { kind: "loop", note: LIMIT_NOTES.loop, reply: null });
  if (limits.rateLimit === null) return { ...remembered, limit: null };
  const { pacing, isOverLimit, isReplyDue } = countAnswer(state.pacing, limits.rateLimit, context.now);
  const counted = { ...remembered, state: { ...state, pacing } };
  if (!isOverLimit) return { ...counted, limit: null };
  const reply = isReplyDue ? sendAutomatedMessage(counted.turnContext, "tooFast") : null;
  return holdBackReply(counted, { kind: "rate", note: LIMIT_NOTES.rate, reply });
}

function holdBackReply({ state, turnContext }: TextArrival, limit: LimitHit): LimitCheck {
  const { turn, context } = turnContext;
  const heldBack = countHeldBack(state.heldBack, turn.number, limit.kind, context.now);
  return { state: { ...state, heldBack }, turnContext, limit };
}

/** Removes the reply to a text that hit a limit. Everything else that the text caused stays. */
export function muteIfLimited<Decision extends { readonly turn: Turn }>(
  decision: Decision,
  limit: LimitHit | null,
): Decision {
  if (limit === null) return decision;
  const { turn } = decision;
  const parts = limit.reply === null ? [] : turn.parts;
  return { ...decision, turn: { ...turn, parts, notes: [limit.note, ...turn.notes] } };
}

/** Lets the loop guard remember a reply, to recognise it when the contact's side sends it back. */
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
