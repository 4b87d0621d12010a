import { guardOf } from "../../consent/carrier.ts";
import type { Outcome, Scene, World } from "../model/context.ts";
import { type LinkedText, newTurn } from "../model/inbound-text.ts";
import { afterIdle } from "../model/line.ts";
import type { SenderState } from "../model/state.ts";
import { newLine, newSender, sidOf, textIn } from "../model/turn.ts";
import { automated, silence } from "../reply/automated-messages.ts";
import { heardWhileLinking } from "../rules/identity-check.ts";
import { aboutLists } from "../rules/list-replies.ts";
import { type ConsentWord, consentWord, joined as joinedTo, noteOf, stated, stopped } from "../rules/opt-out.ts";
import { braked, inSilence } from "../rules/send-limits.ts";
import { answer } from "./answer-text.ts";
import { type Decision, decided } from "./decision.ts";

/** A text has come in, for the first time: decides the state after it, and the turn with the parts that answer it. */
export function hear(before: SenderState | null, text: LinkedText, world: World): Decision {
  const state = { ...(before ?? newSender(text.from)), origin: world.origin };
  const known = joinedTo(state.lines[text.to] ?? newLine(text.accountSid), text.service, state.lines);
  const conversation = afterIdle(known.conversation, world.now);
  const line = { ...known, account: text.accountSid, conversation };
  const said = consentWord(text, line.consent, world.guard?.(text.to) ?? guardOf({ number: text.to }));
  const kept = said === null ? heardWhileLinking(line, text.to, text.text, text.guess ?? null, world) : null;
  const turn = newTurn(state.nextTurn, { ...text, ...kept }, world.now);
  const came = { phone: state.phone, line, turn, world, person: world.person?.(line) ?? null };
  const { state: after, scene, held } = braked({ ...state, nextTurn: turn.id + 1 }, came, said !== null);
  const listed = aboutLists(scene, text, said);
  if (said === null || said.word === "help" || (listed !== null && said.word !== "start")) {
    const heard = () => (said?.word === "help" ? helped(scene, said) : answer(scene));
    const outcome = listed ?? (held === null ? heard() : (held.told ?? silence(scene, scene.line)));
    return inSilence(decided(after, turn, outcome, null), held);
  }
  const consenting = { ...after, lines: { ...after.lines, [text.to]: listed?.line ?? scene.line } };
  return inSilence(consented(consenting, scene, said, listed), held);
}

/**
 * The sender opts out or in. Where Twilio has answered, what is left to do is to remember, and to end the conversation at a STOP; elsewhere they
 * are told, once: who has opted out already hears nothing.
 * @param listed what the same word has done to a list
 */
function consented(
  state: SenderState,
  scene: Scene,
  { word, by, answered: isAnswered }: ConsentWord,
  listed: Outcome | null,
): Decision {
  const { turn, world } = scene;
  const { now } = world;
  const status = word === "stop" ? "withdrawn" : "given";
  const blocked = word === "stop" && isAnswered;
  const statement = { status, by, at: now, text: textIn(turn), blocked } as const;
  const { state: after, entry } = stated(state, turn.number, statement, now, (line) =>
    stopped(line, now, by, sidOf(turn)),
  );
  const line = after.lines[turn.number] ?? scene.line;
  const note = noteOf(word, isAnswered);
  const isTold = !isAnswered && (entry !== null || word === "start");
  const told = listed !== null ? listed : isTold ? automated(scene, word === "stop" ? "optedOut" : "optedIn") : null;
  const outcome = { ...(told ?? silence(scene, line)), line, notes: [note, ...(told?.notes ?? [])] };
  return { ...decided(after, turn, word === "stop" ? { ...outcome, confirms: true } : outcome, null), entry };
}

/** HELP, where nobody else answers it: what the conversation asks stays open. Where the message is switched off, the assistant hears it. */
function helped(scene: Scene, { answered: isAnswered }: ConsentWord): Outcome {
  if (isAnswered) return silence(scene, scene.line, noteOf("help", true));
  const told = automated(scene, "helpInfo");
  return told === null ? answer(scene) : { ...told, notes: [noteOf("help", false), ...told.notes] };
}
