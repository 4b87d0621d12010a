import type { TurnContext, TurnOutcome } from "../model/context.ts";
import { isBusy, withoutListQuestion } from "../model/line.ts";
import type { Turn } from "../model/state.ts";
import { getTurnMedia, getTurnText } from "../model/turn.ts";
import { toInboundFile } from "../reply/assistant-files.ts";
import { replyDuringPause, replyToEvent } from "../reply/assistant-reply.ts";
import { keepSilent, refuseUninvitedText, replyOutOfHours } from "../reply/automated-messages.ts";
import { findIdentityCheck, receiveGuess } from "../rules/identity-check.ts";

/** The note of a text after an opt-out. */
const OPTED_OUT_NOTE = "Not answered: the contact has opted out.";

/** The notes of texts after an opt-out, as this release and older ones stored them. */
export const OPTED_OUT_NOTES: readonly string[] = [OPTED_OUT_NOTE, "Not answered: the sender has opted out."];

/** The note of a masked text that came too late for its identity check. Assistants never get masked texts. */
export const LATE_GUESS_NOTE = "Not answered: the text arrived during an identity check that has ended.";

/**
 * Passes a text to the identity check or the assistant of its line, or lets it wait if the assistant is busy.
 * @param joined turns whose texts get one answer together with this one, oldest first
 */
export function answerText(turnContext: TurnContext, joined: readonly Turn[] = []): TurnOutcome {
  const { turn } = turnContext;
  const { conversation, consent, waiting = [] } = turnContext.line;
  if (consent.status === "withdrawn") return keepSilent(turnContext, turnContext.line, OPTED_OUT_NOTE);
  const identityCheck = isBusy(conversation) ? null : findIdentityCheck(turnContext.line);
  if (identityCheck !== null) return receiveGuess(turnContext, identityCheck);
  const readable = [...joined, turn].filter((each) => each.kind === "notice" || each.heard.masked === undefined);
  if (readable.length === 0 && !isBusy(conversation)) return keepSilent(turnContext, turnContext.line, LATE_GUESS_NOTE);
  const opening = conversation.status !== "open";
  const text = readable.map(getTurnText).join("\n");
  // The turn's own media come first: the index of an awaited file counts from them.
  const media = [turn, ...joined].flatMap((each) => getTurnMedia(each).map(toInboundFile));
  const undelivered = conversation.status === "open" ? conversation.undelivered : undefined;
  const event = { kind: "text", text, media, opening, ...(undelivered === undefined ? {} : { undelivered }) } as const;
  if (isBusy(conversation))
    return (
      replyDuringPause(turnContext, event) ??
      keepSilent(turnContext, { ...turnContext.line, waiting: [...waiting, turn.id] })
    );
  const refused = opening ? (refuseUninvitedText(turnContext) ?? replyOutOfHours(turnContext)) : null;
  return refused ?? replyToEvent({ ...turnContext, line: withoutListQuestion(turnContext.line) }, event);
}
