import {
  LOOP_EXCHANGES_COMPARED,
  LOOP_MEMORY_MILLISECONDS,
  LOOP_REPLY_MILLISECONDS,
} from "../core/limits/send-limits.ts";
import { toPlainDigits } from "../core/plain-digits.ts";

/** What a line remembers of its latest texts and answers, to know a robot by. Times are milliseconds since 1970. */
export interface LoopMemory {
  /** How much speaks for a robot. */
  readonly suspicion: number;
  readonly textAt: number;
  /** When something was last said; null: nothing was. */
  readonly saidAt: number | null;
  /** The latest, newest last. */
  readonly exchanges: readonly LoopExchange[];
  /** The latest text was a robot's, and got no answer. */
  readonly isHeld?: true;
}

/** A turn's text and the messages that answered it, each as a short mark: equal texts have equal marks. */
interface LoopExchange {
  readonly turn: number;
  readonly heard: number;
  readonly said: readonly number[];
}

/** At which it is one: after three long texts that were said before, four that nobody can have typed, or five that go round in the smallest circle. */
const ROBOT_SUSPICION = 60;
const SUSPICION_POINTS = { again: 20, typed: 15, same: 12, circle: 15 } as const;

/** What a text takes away that speaks for a person: a long one that took its time, a short one, and one that differs from what was not answered. */
const SUSPICION_RELIEF = { typed: 30, short: 5, ended: 30 } as const;

/** The keyword of a menu, or "more", is shorter, and may be said again and again. */
const LONG_CHARACTERS = 20;

/** Nobody has so long a text ready before they have read what it answers. */
const TYPED_CHARACTERS = 40;

/** Nobody types so many characters a second, or reads, thinks and dictates so many. */
const TYPED_PER_SECOND = 7;
const ANSWERED_PER_SECOND = 12;

/** Of the messages of an answer, those that are compared. */
const MESSAGES_COMPARED = 4;

/**
 * A text has come in: is it a robot's?
 *  - **again**: a long text that was said before, by either side, and comes within a minute of our answer. Its digits do not count.
 *  - **typed**: a long text that nobody can have typed since we answered, nor since the text before.
 *  - **same**, **circle**: the text goes round in a circle of one or two, and so do its answers: whoever goes on like that learns nothing.
 *
 * A text that is none of these is answered, whatever came before it, and so is one after ten minutes of silence.
 */
export function detectLoop(
  before: LoopMemory | undefined,
  turn: number,
  text: string,
  now: number,
): { readonly talk: LoopMemory; readonly isHeld: boolean } {
  const known = before === undefined || now - before.textAt > LOOP_MEMORY_MILLISECONDS ? EMPTY_MEMORY : before;
  const heard = hashText(text);
  const points = scoreRobotEvidence(known, heard, text, now);
  const suspicion = points > 0 ? known.suspicion + points : known.suspicion - scoreHumanEvidence(known, text, now);
  const isHeld = points > 0 && (known.isHeld === true || suspicion >= ROBOT_SUSPICION);
  const talk = {
    suspicion: Math.min(ROBOT_SUSPICION, Math.max(0, suspicion)),
    textAt: now,
    saidAt: known.saidAt,
    exchanges: [...known.exchanges, { turn, heard, said: [] }].slice(-LOOP_EXCHANGES_COMPARED),
  };
  return { talk: isHeld ? { ...talk, isHeld } : talk, isHeld };
}

const EMPTY_MEMORY: LoopMemory = { suspicion: 0, textAt: 0, saidAt: null, exchanges: [] };

/** Something was said in a turn, after other things perhaps. */
export function rememberAnswer(talk: LoopMemory, turn: number, messages: readonly string[], now: number): LoopMemory {
  const exchanges = talk.exchanges.map((exchange) =>
    exchange.turn === turn
      ? { ...exchange, said: [...exchange.said, ...messages.map(hashText)].slice(0, MESSAGES_COMPARED) }
      : exchange,
  );
  return { ...talk, saidAt: now, exchanges };
}

/** @returns how much a text speaks for a robot */
function scoreRobotEvidence(talk: LoopMemory, heard: number, text: string, now: number): number {
  const { exchanges, textAt, saidAt } = talk;
  const isHeld = talk.isHeld === true;
  const isPrompt = isHeld || (saidAt !== null && now - saidAt <= LOOP_REPLY_MILLISECONDS);
  const isKnown = exchanges.some((exchange) => exchange.heard === heard || exchange.said.includes(heard));
  if (isKnown && isPrompt && text.length >= LONG_CHARACTERS) return SUSPICION_POINTS.again;
  if (isRepeatingCircle(1, exchanges, heard, isHeld)) return SUSPICION_POINTS.same;
  if (isRepeatingCircle(2, exchanges, heard, isHeld)) return SUSPICION_POINTS.circle;
  if (text.length < TYPED_CHARACTERS || isTypeable(text, now - textAt, TYPED_PER_SECOND)) return 0;
  return saidAt !== null && (isHeld || !isTypeable(text, now - saidAt, ANSWERED_PER_SECOND))
    ? SUSPICION_POINTS.typed
    : 0;
}

/** @param circle of so many exchanges @param isHeld nothing is said any more, so that the texts alone are compared */
function isRepeatingCircle(circle: 1 | 2, exchanges: readonly LoopExchange[], heard: number, isHeld: boolean): boolean {
  const last = exchanges.at(-1);
  const [before, earlier] = [exchanges.at(-circle), exchanges.at(-1 - circle)];
  if (last === undefined || before?.heard !== heard) return false;
  if (isHeld) return true;
  return last.said.length > 0 && earlier?.heard === last.heard && hasSameMarks(last.said, earlier.said);
}

function hasSameMarks(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((mark, index) => mark === other[index]);
}

/** @returns how much a text that is no evidence speaks for a person */
function scoreHumanEvidence({ isHeld, textAt }: LoopMemory, text: string, now: number): number {
  if (isHeld === true) return SUSPICION_RELIEF.ended;
  if (!isTypeable(text, now - textAt, TYPED_PER_SECOND)) return 0;
  return text.length >= TYPED_CHARACTERS ? SUSPICION_RELIEF.typed : SUSPICION_RELIEF.short;
}

function isTypeable(text: string, milliseconds: number, perSecond: number): boolean {
  return (milliseconds / 1_000) * perSecond >= text.length;
}

/**
 * FNV-1a of a text as it is compared: without case and spaces, and of a long one without its digits, which are times, or the numbers of tickets. Nothing
 * can be read in it; two different texts in four billion are taken for the same.
 */
function hashText(text: string): number {
  const plain = toPlainDigits(text.normalize("NFKC")).toLowerCase().replace(/\s+/gu, "");
  const compared = text.length >= LONG_CHARACTERS ? plain.replace(/\d+/gu, "0") : plain;
  let mark = 0x81_1c_9d_c5;
  for (let index = 0; index < compared.length; index += 1)
    mark = Math.imul(mark ^ compared.charCodeAt(index), 0x01_00_01_93);
  return mark >>> 0;
}
