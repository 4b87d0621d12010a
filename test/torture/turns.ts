import type { SentText, TranscriptMessage } from "./evidence.ts";
import { answersLater, isConfirmed } from "./setup.ts";
import { answerTo, START, START_TOLD, STOP, STOP_TOLD, tokenOf } from "./words.ts";

/** Twilio's answer where the person has opted out. */
const OPTED_OUT = 21_610;

/** A text of a transcript, with what stands below it and what should. */
export interface JudgedTurn {
  readonly heard: TranscriptMessage;
  readonly said: readonly TranscriptMessage[];
  /** What must stand below it: nothing after STOP. */
  readonly answers: readonly string[];
  /** Those of `said` that need not have reached Twilio: dropped by STOP, or refused by Twilio because of it. */
  readonly excused: readonly TranscriptMessage[];
}

/**
 * Reads a transcript as the rules of STOP have it. STOP ends the conversation, and nothing is answered until START; so it is after Twilio has refused a
 * part because of an opt-out of which we have not heard yet, only that the conversation then goes on after START.
 * Where Parley answers STOP and START itself, the first STOP and every START get their confirmation. What waits for an assistant that takes its time, when
 * the person is opted out, is not answered any more.
 */
export function judgedTurns(
  messages: readonly TranscriptMessage[],
  texts: readonly SentText[],
  number: string,
): readonly JudgedTurn[] {
  const heard = messages.filter(({ direction }) => direction === "in");
  const below = Map.groupBy(
    messages.filter(({ direction }) => direction === "out"),
    ({ id }) => id.split(".")[0] ?? "",
  );
  const refusals = messages.filter(isRefused).map(({ at }) => Date.parse(at));
  const lastStop = heard.findLastIndex(({ text }) => text === STOP);
  const hasStopped = texts.some(({ body }) => body === STOP);
  const line = new ReadLine(refusals, isConfirmed(number));
  const isAnswered = ({ id }: TranscriptMessage): boolean => below.has(id);
  return heard.map((one, index) => {
    const said = below.get(one.id) ?? [];
    const isWithdrawnLater = index < lastStop || refusals.some((at) => at >= Date.parse(one.at));
    const isExcused = (part: TranscriptMessage, place: number): boolean =>
      isRefused(part)
        ? hasStopped
        : part.status === "dropped" && isWithdrawnLater && said.slice(place).every(({ sid }) => sid === null);
    const isSilenced =
      answersLater(number) && !isAnswered(one) && wasWithdrawn(heard.slice(index), refusals, isAnswered);
    return { heard: one, said, answers: line.hear(one, isAnswered(one), isSilenced), excused: said.filter(isExcused) };
  });
}

/**
 * Texts are answered one after the other: was the first of these opted out of before one after it was answered?
 * @param heard from the text in question on
 */
function wasWithdrawn(
  heard: readonly TranscriptMessage[],
  refusals: readonly number[],
  isAnswered: (text: TranscriptMessage) => boolean,
): boolean {
  const [first] = heard;
  const from = Date.parse(first?.at ?? "");
  const stop = heard.findIndex(({ text }) => text === STOP);
  const until = heard.findIndex(isAnswered);
  if (stop !== -1 && (until === -1 || stop < until)) return true;
  const untilAt = until === -1 ? Number.POSITIVE_INFINITY : Date.parse(heard[until]?.at ?? "");
  return refusals.some((at) => at >= from && at <= untilAt);
}

/** The answers that must have reached Twilio. */
export function dueAnswers({ said, answers, excused }: JudgedTurn): readonly string[] {
  return answers.filter((answer, index) => {
    const part = said[index];
    return part?.text !== answer || !excused.includes(part);
  });
}

/** The tokens of texts that came while the person was opted out. */
export function silentTokens(turns: readonly JudgedTurn[]): ReadonlySet<string> {
  return new Set(turns.filter(({ answers }) => answers.length === 0).flatMap(({ heard }) => tokenOf(heard.text) ?? []));
}

/** Twilio has refused it because the person has opted out. */
export function isRefused({ status, error }: TranscriptMessage): boolean {
  return status === "failed" && error?.code === OPTED_OUT;
}

/** What is open between a person and a number, while the transcript is read. */
class ReadLine {
  /** When Twilio refused a part; milliseconds. */
  readonly #refusals: readonly number[];
  readonly #confirms: boolean;
  #stopped = false;
  #wordAt = Number.NEGATIVE_INFINITY;
  #before: string | null = null;

  constructor(refusals: readonly number[], confirms: boolean) {
    this.#refusals = refusals;
    this.#confirms = confirms;
  }

  /**
   * @param isAnswered it was: what decides where it came in the same millisecond as a refusal
   * @param isSilenced it waited when the person was opted out, and the assistant has not heard it
   */
  hear({ text, at }: TranscriptMessage, isAnswered: boolean, isSilenced: boolean): readonly string[] {
    const now = Date.parse(at);
    if (text === STOP || text === START) {
      const isNew = !this.#stopped || text === START;
      this.#stopped = text === STOP;
      this.#wordAt = now;
      if (text === STOP) this.#before = null;
      return this.#confirms && isNew ? [text === STOP ? STOP_TOLD : START_TOLD] : [];
    }
    if (this.#stopped || isSilenced || this.#wasRefused(now, isAnswered)) return [];
    const answers = answerTo(text, this.#before);
    this.#before = text;
    return answers;
  }

  #wasRefused(now: number, isAnswered: boolean): boolean {
    return this.#refusals.some((at) => (isAnswered ? at > this.#wordAt && at < now : at >= this.#wordAt && at <= now));
  }
}
