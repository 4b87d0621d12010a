import type { Outcome, Scene } from "../model/context.ts";
import { isBusy } from "../model/line.ts";
import type { Turn } from "../model/state.ts";
import { mediaIn, textIn } from "../model/turn.ts";
import { fileOf } from "../reply/assistant-files.ts";
import { interruption, reply } from "../reply/assistant-reply.ts";
import { outOfHours, silence, uninvited } from "../reply/automated-messages.ts";
import { hearGuess, linkingOn } from "../rules/identity-check.ts";
import { withoutListQuestion } from "../rules/list-replies.ts";

/** A turn's note: nothing may be said after STOP. */
export const OPTED_OUT = "Not answered: the sender has opted out.";

/** A turn's note: what was typed is masked, and nobody is to hear a mask. */
export const TOO_LATE = "Not answered: it came while a PIN or a code was asked, and none is asked any more.";

/** @param joined turns whose texts are answered with this one's, oldest first */
export function answer(scene: Scene, joined: readonly Turn[] = []): Outcome {
  const { turn } = scene;
  const { conversation, consent, waiting = [] } = scene.line;
  if (consent.status === "withdrawn") return silence(scene, scene.line, OPTED_OUT);
  const linking = isBusy(conversation) ? null : linkingOn(scene.line);
  if (linking !== null) return hearGuess(scene, linking);
  const readable = [...joined, turn].filter((each) => each.kind === "notice" || each.heard.masked === undefined);
  if (readable.length === 0 && !isBusy(conversation)) return silence(scene, scene.line, TOO_LATE);
  const opening = conversation.status !== "open";
  const text = readable.map(textIn).join("\n");
  // What the turn itself has brought comes first: a file that is waited for is one of its own.
  const media = [turn, ...joined].flatMap((each) => mediaIn(each).map(fileOf));
  const undelivered = conversation.status === "open" ? conversation.undelivered : undefined;
  const event = { kind: "text", text, media, opening, ...(undelivered === undefined ? {} : { undelivered }) } as const;
  if (isBusy(conversation))
    return interruption(scene, event) ?? silence(scene, { ...scene.line, waiting: [...waiting, turn.id] });
  const refused = opening ? (uninvited(scene) ?? outOfHours(scene)) : null;
  return refused ?? reply({ ...scene, line: withoutListQuestion(scene.line) }, event);
}
