import { resolveOptOutHandler } from "../../consent/carrier-keywords.ts";
import type { DecisionContext, TurnOutcome } from "../model/context.ts";
import { createTextTurn, type LinkedText } from "../model/inbound-text.ts";
import { closeIfIdle, createLine, createSenderState, withLine } from "../model/line.ts";
import type { Line, SenderState } from "../model/state.ts";
import { getTurnSid, getTurnText } from "../model/turn.ts";
import { keepSilent, sendAutomatedMessage } from "../reply/automated-messages.ts";
import { maskSecretText } from "../rules/identity-check.ts";
import { replyToListText } from "../rules/list-replies.ts";
import {
  applyConsentChange,
  type ConsentKeyword,
  closeAfterOptOut,
  formatConsentNote,
  joinMessagingService,
  readConsentKeyword,
} from "../rules/opt-out.ts";
import { applySendLimits, type LimitCheck, muteIfLimited, type TextArrival } from "../rules/send-limits.ts";
import { answerText } from "./answer-text.ts";
import { makeDecision, type TurnDecision } from "./decision.ts";

/**
 * Decides on an inbound text that is no duplicate: the state after it, and a turn with the parts that answer it. The
 * policies apply in this order: the keyword is read before an identity check masks the text, and a list command or STOP
 * takes effect even if a limit mutes the reply.
 */
export function receiveText(before: SenderState | null, text: LinkedText, context: DecisionContext): TurnDecision {
  const state = { ...(before ?? createSenderState(text.from)), origin: context.origin };
  const line = openLine(state, text, context.now);
  const keyword = readKeyword(text, line, context);
  const arrival = applySendLimits(openTurn(state, line, text, keyword, context), keyword !== null);
  const listReply = replyToListText(arrival.turnContext, text, keyword);
  const decision = changesConsent(keyword, listReply)
    ? changeConsent(arrival, keyword, listReply)
    : decideReply(
        arrival,
        listReply ?? replyAtLimit(arrival) ?? replyToHelp(arrival, keyword) ?? answerText(arrival.turnContext),
      );
  return muteIfLimited(decision, arrival.limit);
}

/** Prepares the line for a text: within its Messaging Service, the conversation closed if its idle time is over. */
function openLine(state: SenderState, { to, accountSid, service }: LinkedText, now: number): Line {
  const line = joinMessagingService(state.lines[to] ?? createLine(accountSid), service, state.lines);
  return { ...line, account: accountSid, conversation: closeIfIdle(line.conversation, now) };
}

function readKeyword(text: LinkedText, { consent }: Line, { optOutHandler }: DecisionContext): ConsentKeyword | null {
  const handler = optOutHandler?.(text.to) ?? resolveOptOutHandler({ number: text.to });
  return readConsentKeyword(text, consent, handler);
}

/** Begins the turn of a text. A keyword is never masked. */
function openTurn(
  state: SenderState,
  line: Line,
  text: LinkedText,
  keyword: ConsentKeyword | null,
  context: DecisionContext,
): TextArrival {
  const masked = keyword === null ? maskSecretText(line, text.to, text.text, text.guess ?? null, context) : null;
  const turn = createTextTurn(state.nextTurn, { ...text, ...masked }, context.now);
  const person = context.person?.(line) ?? null;
  return {
    state: { ...state, nextTurn: turn.id + 1 },
    turnContext: { phone: state.phone, line, turn, context, person },
  };
}

type ConsentChangeKeyword = ConsentKeyword & { readonly word: "stop" | "start" };

/**
 * Returns whether a keyword opts in or out. `STOP news` only concerns the list; a bare START may answer a list question
 * and still opt in.
 */
function changesConsent(
  keyword: ConsentKeyword | null,
  listReply: TurnOutcome | null,
): keyword is ConsentChangeKeyword {
  if (keyword === null || keyword.word === "help") return false;
  return listReply === null || keyword.word === "start";
}

/**
 * Opts the contact in or out. If the carrier answers the keyword, Parley only records it, and closes the conversation
 * after STOP. Otherwise Parley confirms it, a repeated STOP only once.
 * @param listReply the reply to the same text about a list
 */
function changeConsent(
  { state, turnContext }: TextArrival,
  { word, by, answered: isAnswered }: ConsentChangeKeyword,
  listReply: TurnOutcome | null,
): TurnDecision {
  const { turn, context } = turnContext;
  const { now } = context;
  const isStop = word === "stop";
  const change = {
    status: isStop ? "withdrawn" : "given",
    by,
    at: now,
    text: getTurnText(turn),
    blocked: isStop && isAnswered,
  } as const;
  const { state: after, entry } = applyConsentChange(
    withLine(state, turn.number, listReply?.line ?? turnContext.line),
    turn.number,
    change,
    now,
    (line) => closeAfterOptOut(line, now, by, getTurnSid(turn)),
  );
  const line = after.lines[turn.number] ?? turnContext.line;
  const isConfirmed = !isAnswered && (entry !== null || word === "start");
  const reply = listReply ?? (isConfirmed ? sendAutomatedMessage(turnContext, isStop ? "optedOut" : "optedIn") : null);
  const notes = [formatConsentNote(word, isAnswered), ...(reply?.notes ?? [])];
  const outcome = { ...(reply ?? keepSilent(turnContext, line)), line, notes };
  return { ...makeDecision(after, turn, isStop ? { ...outcome, confirms: true } : outcome, null), entry };
}

function decideReply({ state, turnContext }: TextArrival, outcome: TurnOutcome): TurnDecision {
  return makeDecision(state, turnContext.turn, outcome, null);
}

/** @returns the message that a limit allows, or silence; null if the text hit no limit */
function replyAtLimit({ limit, turnContext }: LimitCheck): TurnOutcome | null {
  return limit === null ? null : (limit.reply ?? keepSilent(turnContext, turnContext.line));
}

/**
 * Answers HELP, unless the carrier does. An open question of the conversation stays open.
 * @returns null if the text is not HELP, or the message is switched off and the assistant gets the text
 */
function replyToHelp({ turnContext }: TextArrival, keyword: ConsentKeyword | null): TurnOutcome | null {
  if (keyword?.word !== "help") return null;
  const note = formatConsentNote("help", keyword.answered);
  if (keyword.answered) return keepSilent(turnContext, turnContext.line, note);
  const reply = sendAutomatedMessage(turnContext, "helpInfo");
  return reply === null ? null : { ...reply, notes: [note, ...reply.notes] };
}
