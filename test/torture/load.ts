import type { EmulatorContext } from "../../src/emulator/context.ts";
import type { EmulatorEvent, WebhookAttempt } from "../../src/emulator/contract.ts";
import { drawChance } from "../../src/emulator/faults/seeded-chance.ts";
import { receivePhoneText } from "../../src/emulator/messages/inbound-texts.ts";
import type { SentText, TakenMessage } from "./evidence.ts";
import { NUMBERS, phoneOf } from "./setup.ts";
import { bodyOf, PART_COUNTS, readBody, START, STOP } from "./words.ts";

/** A person who waits for so many parts of answers is patient … */
const PATIENT_FROM_PARTS = 12;

/** … but does not wait for ever: some of them may have been dropped. */
const PATIENT_FOR_THOUGHTS = 30;

/** How often a text is STOP instead, how often START without a STOP, and how often START while stopped. */
const STOP_LIKELIHOOD = 0.025;
const IDLE_START_LIKELIHOOD = 0.005;
const START_LIKELIHOOD = 0.5;

/** How often a person says STOP while the answer is still coming. */
const INTERRUPT_LIKELIHOOD = 0.08;

interface Text {
  readonly sid: string;
  readonly phone: string;
  readonly number: string;
  readonly body: string;
  startedAt: number;
  acceptedAt: number | null;
}

/** People who text. What each of them does follows from the seed; when, from how Parley answers. */
export class Load {
  readonly #context: EmulatorContext;
  readonly #seed: number;
  readonly #texts = new Map<string, Text>();
  /** By phone and number: parts that Parley owes. */
  readonly #owed = new Map<string, number>();
  /** Phones and numbers between which STOP was accepted, and no START since. */
  readonly #stopped = new Set<string>();
  /** By SID, in the order in which they came. The emulator forgets its oldest messages. */
  readonly #taken = new Map<string, TakenMessage>();
  readonly #people: Promise<void>[] = [];
  #going = true;
  #lastToken = 0;

  constructor(context: EmulatorContext, seed: number) {
    this.#context = context;
    this.#seed = seed;
    context.events.addListener(this.#hear);
  }

  start(senders: number): void {
    for (let index = 0; index < senders; index += 1) this.#people.push(this.#live(phoneOf(index)));
  }

  /** Resolves when nobody texts any more. */
  async stop(): Promise<void> {
    this.#going = false;
    await Promise.all(this.#people);
  }

  get texts(): readonly SentText[] {
    return [...this.#texts.values()];
  }

  /** What Twilio took of Parley's. */
  get taken(): readonly TakenMessage[] {
    return [...this.#taken.values()];
  }

  async #live(phone: string): Promise<void> {
    let patience = PATIENT_FOR_THOUGHTS;
    for (let step = 1; this.#going; step += 1) {
      const draw = (what: string): number => drawChance(this.#seed, `${phone} ${step} ${what}`);
      await this.#context.pause(100 + Math.floor(draw("think") * 800));
      // Where the torture has failed, Twilio is at its end, and nobody pauses any more.
      if (!this.#going || this.#context.abortSignal.aborted) return;
      patience -= 1;
      if (this.#isOwedMuch(phone) && patience > 0) continue;
      if (patience <= 0) for (const number of NUMBERS) this.#owed.delete(pairOf(phone, number));
      patience = PATIENT_FOR_THOUGHTS;
      // Most wait until Twilio has their text; some send several at once.
      const count = draw("burst") < 0.15 ? 3 : 1;
      await Promise.all(Array.from({ length: count }, (_, index) => this.#text(phone, (what) => draw(what + index))));
    }
  }

  async #text(phone: string, draw: (what: string) => number): Promise<void> {
    const number = NUMBERS[Math.floor(draw("number") * NUMBERS.length)] ?? NUMBERS[0];
    const word = draw("word");
    if (this.#stopped.has(pairOf(phone, number)) && word < START_LIKELIHOOD)
      return await this.#send(phone, number, START);
    if (word < STOP_LIKELIHOOD) return await this.#send(phone, number, STOP);
    if (word < STOP_LIKELIHOOD + IDLE_START_LIKELIHOOD) return await this.#send(phone, number, START);
    const parts = PART_COUNTS[Math.floor(draw("parts") * PART_COUNTS.length)] ?? 1;
    this.#lastToken += 1;
    await this.#send(phone, number, bodyOf(parts, `t${this.#lastToken}`));
    if (parts === 1 || draw("interrupt") >= INTERRUPT_LIKELIHOOD) return;
    await this.#context.pause(Math.floor(draw("regret") * 400));
    await this.#send(phone, number, STOP);
  }

  async #send(phone: string, number: string, body: string): Promise<void> {
    const to = this.#context.store.findNumber(number);
    if (to === undefined) throw new Error(`${number} is not set up`);
    const { message, webhookDone } = receivePhoneText(this.#context, { from: phone, to, body, media: [] });
    const { sid } = message;
    this.#texts.set(sid, { sid, phone, number, body, startedAt: Number.POSITIVE_INFINITY, acceptedAt: null });
    await webhookDone;
  }

  readonly #hear = (event: EmulatorEvent): void => {
    if (event.kind === "webhook" && event.attempt.kind !== "status") this.#attempted(event.attempt);
    if (event.kind !== "message") return;
    const { direction, sid, to: phone, from: number, body, createdAt: at } = event.message;
    if (direction !== "outbound-api" || this.#taken.has(sid)) return;
    this.#taken.set(sid, { sid, phone, number, body, at });
    this.#owe(pairOf(phone, number), -1);
  };

  #attempted({ messageSid, at, milliseconds, status, error, answer }: WebhookAttempt): void {
    const text = this.#texts.get(messageSid);
    if (text === undefined) return;
    text.startedAt = Math.min(text.startedAt, at);
    const isAccepted = status === 200 && error === null && /<Response\s*\/>/u.test(answer);
    if (!isAccepted || text.acceptedAt !== null) return;
    text.acceptedAt = at + milliseconds;
    const pair = pairOf(text.phone, text.number);
    if (text.body === STOP) this.#stopped.add(pair);
    else if (text.body === START) this.#stopped.delete(pair);
    else if (!this.#stopped.has(pair)) return this.#owe(pair, readBody(text.body)?.parts ?? 0);
    this.#owed.delete(pair);
  }

  #owe(pair: string, parts: number): void {
    this.#owed.set(pair, Math.max(0, (this.#owed.get(pair) ?? 0) + parts));
  }

  #isOwedMuch(phone: string): boolean {
    const parts = NUMBERS.map((number) => this.#owed.get(pairOf(phone, number)) ?? 0);
    return parts.reduce((sum, owed) => sum + owed) > PATIENT_FROM_PARTS;
  }
}

function pairOf(phone: string, number: string): string {
  return `${phone} ${number}`;
}
