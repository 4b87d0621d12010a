import type { TurnContext, TurnOutcome } from "../model/context.ts";
import { isBusy } from "../model/line.ts";
import type { Turn } from "../model/state.ts";
import { getTurnMedia, getTurnText } from "../model/turn.ts";
import { toInboundFile } from "../reply/assistant-files.ts";
import { replyDuringPause, replyToEvent } from "../reply/assistant-reply.ts";
import { keepSilent, refuseUninvitedText, replyOutOfHours } from "../reply/automated-messages.ts";
import { findIdentityCheck, receiveGuess } from "../rules/identity-check.ts";
import { withoutListQuestion } from "../rules/list-replies.ts";

/** A turn's note: nothing may be said after STOP. */
export const OPTED_OUT_NOTE = "Not answered: the sender has opted out.";

/** A turn's note: what was typed is masked, and nobody is to hear a mask. */
export const LATE_GUESS_NOTE = "Not answered: it came while a PIN or a code was asked, and none is asked any more.";

/** @param joined turns whose texts are answered with this one's, oldest first */
export function answerText(scene: TurnContext, joined: readonly Turn[] = []): TurnOutcome {
  const { turn } = scene;
  const { conversation, consent, waiting = [] } = scene.line;
  if (consent.status === "withdrawn") return keepSilent(scene, scene.line, OPTED_OUT_NOTE);
  const linking = isBusy(conversation) ? null : findIdentityCheck(scene.line);
  if (linking !== null) return receiveGuess(scene, linking);
  const readable = [...joined, turn].filter((each) => each.kind === "notice" || each.heard.masked === undefined);
  if (readable.length === 0 && !isBusy(conversation)) return keepSilent(scene, scene.line, LATE_GUESS_NOTE);
  const opening = conversation.status !== "open";
  const text = readable.map(getTurnText).join("\n");
  // What the turn itself has brought comes first: a file that is waited for is one of its own.
  const media = [turn, ...joined].flatMap((each) => getTurnMedia(each).map(toInboundFile));
  const undelivered = conversation.status === "open" ? conversation.undelivered : undefined;
  const event = { kind: "text", text, media, opening, ...(undelivered === undefined ? {} : { undelivered }) } as const;
  if (isBusy(conversation))
    return replyDuringPause(scene, event) ?? keepSilent(scene, { ...scene.line, waiting: [...waiting, turn.id] });
  const refused = opening ? (refuseUninvitedText(scene) ?? replyOutOfHours(scene)) : null;
  return refused ?? replyToEvent({ ...scene, line: withoutListQuestion(scene.line) }, event);
}
