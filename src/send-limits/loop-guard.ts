import {
  LOOP_EXCHANGES_COMPARED,
  LOOP_MEMORY_MILLISECONDS,
  LOOP_REPLY_MILLISECONDS,
} from "../core/limits/send-limits.ts";
import { toPlainDigits } from "../core/plain-digits.ts";

/**
 * A line's memory of its latest texts and answers, to detect a loop with a robot. Times are milliseconds since 1970.
 */
export interface LoopMemory {
  /** The evidence for a robot so far, in points. */
  readonly suspicion: number;
  readonly textAt: number;
  /** When the last answer was sent; null: none was. */
  readonly saidAt: number | null;
  /** The latest exchanges, newest last. */
  readonly exchanges: readonly LoopExchange[];
  /** The latest text was taken for a robot's and got no answer. */
  readonly isHeld?: true;
}

/** A turn's text and the messages that answered it, each as a 32-bit hash. */
interface LoopExchange {
  readonly turn: number;
  readonly heard: number;
  readonly said: readonly number[];
}

/**
 * The points that make a robot: three repeated long texts, four that were too fast to be typed, or five in a circle of
 * one.
 */
const ROBOT_SUSPICION = 60;
const SUSPICION_POINTS = { again: 20, typed: 15, same: 12, circle: 15 } as const;

/**
 * Points subtracted for a text that indicates a human: a long one typed slowly, a short one, one that ends a detected
 * loop.
 */
const SUSPICION_RELIEF = { typed: 30, short: 5, ended: 30 } as const;

/** Shorter texts, such as a menu's keywords or "more", may be repeated. */
const LONG_CHARACTERS = 20;

/** Texts of this length are too long to be prepared before the answer has been read. */
const TYPED_CHARACTERS = 40;

/**
 * Humans stay below these rates: for typing since the text before, and for reading, thinking and dictating since the
 * answer.
 */
const TYPED_PER_SECOND = 7;
const ANSWERED_PER_SECOND = 12;

/** The number of an answer's messages that are compared. */
const MESSAGES_COMPARED = 4;

/**
 * Decides whether an inbound text is part of a loop with a robot. The evidence:
 *  - **again**: a long text that either side sent before, within a minute of the answer. Its digits are ignored.
 *  - **typed**: a long text that arrived faster after the answer and the text before than a human can type.
 *  - **same**, **circle**: texts repeat in a circle of one or two, and so do the answers.
 *
 * A text without any such evidence is always answered, and so is the first text after ten minutes of silence.
 */
export function detectLoop(
  before: LoopMemory | undefined,
  turn: number,
  text: string,
  now: number,
): { readonly talk: LoopMemory; readonly isHeld: boolean } {
  const memory = before === undefined || now - before.textAt > LOOP_MEMORY_MILLISECONDS ? EMPTY_MEMORY : before;
  const hash = hashText(text);
  const points = scoreRobotEvidence(memory, hash, text, now);
  const suspicion = points > 0 ? memory.suspicion + points : memory.suspicion - scoreHumanEvidence(memory, text, now);
  const isHeld = points > 0 && (memory.isHeld === true || suspicion >= ROBOT_SUSPICION);
  const talk = {
    suspicion: Math.min(ROBOT_SUSPICION, Math.max(0, suspicion)),
    textAt: now,
    saidAt: memory.saidAt,
    exchanges: [...memory.exchanges, { turn, heard: hash, said: [] }].slice(-LOOP_EXCHANGES_COMPARED),
  };
  return { talk: isHeld ? { ...talk, isHeld } : talk, isHeld };
}

const EMPTY_MEMORY: LoopMemory = { suspicion: 0, textAt: 0, saidAt: null, exchanges: [] };

/** Adds messages to the answer of a turn. */
export function rememberAnswer(memory: LoopMemory, turn: number, messages: readonly string[], now: number): LoopMemory {
  const exchanges = memory.exchanges.map((exchange) =>
    exchange.turn === turn
      ? { ...exchange, said: [...exchange.said, ...messages.map(hashText)].slice(0, MESSAGES_COMPARED) }
      : exchange,
  );
  return { ...memory, saidAt: now, exchanges };
}

/** @returns the points that a text adds to the suspicion */
function scoreRobotEvidence(memory: LoopMemory, hash: number, text: string, now: number): number {
  const { exchanges, textAt, saidAt } = memory;
  const isHeld = memory.isHeld === true;
  const isPromptReply = isHeld || (saidAt !== null && now - saidAt <= LOOP_REPLY_MILLISECONDS);
  const isRepeated = exchanges.some((exchange) => exchange.heard === hash || exchange.said.includes(hash));
  if (isRepeated && isPromptReply && text.length >= LONG_CHARACTERS) return SUSPICION_POINTS.again;
  if (isRepeatingCircle(1, exchanges, hash, isHeld)) return SUSPICION_POINTS.same;
  if (isRepeatingCircle(2, exchanges, hash, isHeld)) return SUSPICION_POINTS.circle;
  if (text.length < TYPED_CHARACTERS || isTypeable(text, now - textAt, TYPED_PER_SECOND)) return 0;
  return saidAt !== null && (isHeld || !isTypeable(text, now - saidAt, ANSWERED_PER_SECOND))
    ? SUSPICION_POINTS.typed
    : 0;
}

/**
 * @param circle the number of exchanges in the circle
 * @param isHeld whether answers have stopped, so that only the texts are compared
 */
function isRepeatingCircle(circle: 1 | 2, exchanges: readonly LoopExchange[], hash: number, isHeld: boolean): boolean {
  const last = exchanges.at(-1);
  const [before, earlier] = [exchanges.at(-circle), exchanges.at(-1 - circle)];
  if (last === undefined || before?.heard !== hash) return false;
  if (isHeld) return true;
  return last.said.length > 0 && earlier?.heard === last.heard && hasSameHashes(last.said, earlier.said);
}

function hasSameHashes(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((hash, index) => hash === other[index]);
}

/** @returns the points that a text without evidence for a robot takes from the suspicion */
function scoreHumanEvidence({ isHeld, textAt }: LoopMemory, text: string, now: number): number {
  if (isHeld === true) return SUSPICION_RELIEF.ended;
  if (!isTypeable(text, now - textAt, TYPED_PER_SECOND)) return 0;
  return text.length >= TYPED_CHARACTERS ? SUSPICION_RELIEF.typed : SUSPICION_RELIEF.short;
}

function isTypeable(text: string, milliseconds: number, perSecond: number): boolean {
  return (milliseconds / 1_000) * perSecond >= text.length;
}

/**
 * Hashes a text for comparison (FNV-1a, 32 bits), ignoring case and spaces, and in long texts also digits, which are
 * often times or ticket numbers. The text cannot be recovered from the hash; different texts collide once in four
 * billion.
 */
function hashText(text: string): number {
  const plain = toPlainDigits(text.normalize("NFKC")).toLowerCase().replace(/\s+/gu, "");
  const compared = text.length >= LONG_CHARACTERS ? plain.replace(/\d+/gu, "0") : plain;
  let hash = 0x81_1c_9d_c5;
  for (let index = 0; index < compared.length; index += 1)
    hash = Math.imul(hash ^ compared.charCodeAt(index), 0x01_00_01_93);
  return hash >>> 0;
}
