import { type CarrierWord, twilioWord } from "../../consent/carrier.ts";
import type { Outcome, Scene } from "../model/context.ts";
import type { LinkedText } from "../model/inbound-text.ts";
import { heardOfLists } from "./list-replies.ts";
import type { ConsentWord } from "./opt-out.ts";

/**
 * A list that is named beside STOP is nobody else's business, and START may be both. STOP alone is the carrier's, and whatever else is as good
 * as that is no answer to a question about lists.
 * @returns what the text asks of our lists, or null where it asks nothing of them
 */
export function aboutLists(scene: Scene, { text, optOut }: LinkedText, said: ConsentWord | null): Outcome | null {
  if (optOut === "stop" || optOut === "help" || twilioWord(text) === "stop") return null;
  return heardOfLists(scene, said === null || said.word === "start");
}

/** What a turn notes of a word of consent. */
export function noteOf(word: CarrierWord, isAnswered: boolean): string {
  return isAnswered ? `Answered by the carrier: ${word.toUpperCase()}.` : `Taken for ${word.toUpperCase()}.`;
}

/** The oldest of the texts that wait are heard. */
export function withoutWaiting(scene: Scene, served: number): Scene {
  const { waiting = [], ...line } = scene.line;
  const rest = waiting.slice(served);
  return { ...scene, line: rest.length === 0 ? line : { ...line, waiting: rest } };
}
