import { resolveOptOutHandler } from "../../consent/carrier-keywords.ts";
import type { DecisionContext, TurnContext, TurnOutcome } from "../model/context.ts";
import { createTextTurn, type LinkedText } from "../model/inbound-text.ts";
import { closeIfIdle } from "../model/line.ts";
import type { SenderState } from "../model/state.ts";
import { createLine, createSenderState, getTurnSid, getTurnText } from "../model/turn.ts";
import { keepSilent, sendAutomatedMessage } from "../reply/automated-messages.ts";
import { maskSecretText } from "../rules/identity-check.ts";
import { replyToListText } from "../rules/list-replies.ts";
import {
  applyConsentChange,
  type ConsentKeyword,
  closeAfterOptOut,
  formatConsentNote,
  joinMessagingService as joinedTo,
  readConsentKeyword,
} from "../rules/opt-out.ts";
import { applySendLimits, muteIfLimited } from "../rules/send-limits.ts";
import { answerText } from "./answer-text.ts";
import { makeDecision, type TurnDecision } from "./decision.ts";

/** A text has come in, for the first time: decides the state after it, and the turn with the parts that answer it. */
export function receiveText(before: SenderState | null, text: LinkedText, world: DecisionContext): TurnDecision {
  const state = { ...(before ?? createSenderState(text.from)), origin: world.origin };
  const known = joinedTo(state.lines[text.to] ?? createLine(text.accountSid), text.service, state.lines);
  const conversation = closeIfIdle(known.conversation, world.now);
  const line = { ...known, account: text.accountSid, conversation };
  const said = readConsentKeyword(
    text,
    line.consent,
    world.optOutHandler?.(text.to) ?? resolveOptOutHandler({ number: text.to }),
  );
  const kept = said === null ? maskSecretText(line, text.to, text.text, text.guess ?? null, world) : null;
  const turn = createTextTurn(state.nextTurn, { ...text, ...kept }, world.now);
  const came = { phone: state.phone, line, turn, world, person: world.person?.(line) ?? null };
  const { state: after, scene, held } = applySendLimits({ ...state, nextTurn: turn.id + 1 }, came, said !== null);
  const listed = replyToListText(scene, text, said);
  if (said === null || said.word === "help" || (listed !== null && said.word !== "start")) {
    const replyToText = () => (said?.word === "help" ? replyToHelp(scene, said) : answerText(scene));
    const outcome = listed ?? (held === null ? replyToText() : (held.reply ?? keepSilent(scene, scene.line)));
    return muteIfLimited(makeDecision(after, turn, outcome, null), held);
  }
  const consenting = { ...after, lines: { ...after.lines, [text.to]: listed?.line ?? scene.line } };
  return muteIfLimited(changeConsent(consenting, scene, said, listed), held);
}

/**
 * The sender opts out or in. Where Twilio has answered, what is left to do is to remember, and to end the conversation at a STOP; elsewhere they
 * are told, once: who has opted out already hears nothing.
 * @param listed what the same word has done to a list
 */
function changeConsent(
  state: SenderState,
  scene: TurnContext,
  { word, by, answered: isAnswered }: ConsentKeyword,
  listed: TurnOutcome | null,
): TurnDecision {
  const { turn, world } = scene;
  const { now } = world;
  const status = word === "stop" ? "withdrawn" : "given";
  const blocked = word === "stop" && isAnswered;
  const statement = { status, by, at: now, text: getTurnText(turn), blocked } as const;
  const { state: after, entry } = applyConsentChange(state, turn.number, statement, now, (line) =>
    closeAfterOptOut(line, now, by, getTurnSid(turn)),
  );
  const line = after.lines[turn.number] ?? scene.line;
  const note = formatConsentNote(word, isAnswered);
  const isTold = !isAnswered && (entry !== null || word === "start");
  const told =
    listed !== null ? listed : isTold ? sendAutomatedMessage(scene, word === "stop" ? "optedOut" : "optedIn") : null;
  const outcome = { ...(told ?? keepSilent(scene, line)), line, notes: [note, ...(told?.notes ?? [])] };
  return { ...makeDecision(after, turn, word === "stop" ? { ...outcome, confirms: true } : outcome, null), entry };
}

/** HELP, where nobody else answers it: what the conversation asks stays open. Where the message is switched off, the assistant hears it. */
function replyToHelp(scene: TurnContext, { answered: isAnswered }: ConsentKeyword): TurnOutcome {
  if (isAnswered) return keepSilent(scene, scene.line, formatConsentNote("help", true));
  const told = sendAutomatedMessage(scene, "helpInfo");
  return told === null ? answerText(scene) : { ...told, notes: [formatConsentNote("help", false), ...told.notes] };
}
