import type { EmulatorEvent, WebhookAttempt } from "../../src/emulator/contract.ts";
import { chance } from "../../src/emulator/faults/chance.ts";
import { receive } from "../../src/emulator/inbound.ts";
import type { World } from "../../src/emulator/world.ts";
import type { SentText } from "./evidence.ts";
import { NUMBERS, phoneOf } from "./setup.ts";
import { bodyOf, PART_COUNTS, readBody } from "./words.ts";

/** A person who waits for so many parts of answers is patient. */
const PATIENT_FROM_PARTS = 12;

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
  readonly #world: World;
  readonly #seed: number;
  readonly #texts = new Map<string, Text>();
  /** By phone: parts that Parley owes. */
  readonly #owed = new Map<string, number>();
  readonly #people: Promise<void>[] = [];
  #going = true;
  #lastToken = 0;

  constructor(world: World, seed: number) {
    this.#world = world;
    this.#seed = seed;
    world.events.listen(this.#hear);
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

  async #live(phone: string): Promise<void> {
    for (let step = 1; this.#going; step += 1) {
      const draw = (what: string): number => chance(this.#seed, `${phone} ${step} ${what}`);
      await this.#world.pause(100 + Math.floor(draw("think") * 900));
      if (!this.#going || (this.#owed.get(phone) ?? 0) > PATIENT_FROM_PARTS) continue;
      // Most wait until Twilio has their text; some send several at once.
      const count = draw("burst") < 0.15 ? 3 : 1;
      await Promise.all(Array.from({ length: count }, (_, index) => this.#text(phone, (what) => draw(what + index))));
    }
  }

  async #text(phone: string, draw: (what: string) => number): Promise<void> {
    const number = NUMBERS[Math.floor(draw("number") * NUMBERS.length)] ?? NUMBERS[0];
    const parts = PART_COUNTS[Math.floor(draw("parts") * PART_COUNTS.length)] ?? 1;
    const to = this.#world.store.number(number);
    if (to === undefined) throw new Error(`${number} is not set up`);
    this.#lastToken += 1;
    const body = bodyOf(parts, `t${this.#lastToken}`);
    const { message, over } = receive(this.#world, { from: phone, to, body, media: [] });
    const { sid } = message;
    this.#texts.set(sid, { sid, phone, number, body, startedAt: Number.POSITIVE_INFINITY, acceptedAt: null });
    await over;
  }

  readonly #hear = (event: EmulatorEvent): void => {
    if (event.kind === "webhook" && event.attempt.kind !== "status") this.#attempted(event.attempt);
    if (event.kind !== "message") return;
    const { direction, status, to } = event.message;
    if (direction === "outbound-api" && status === "queued") this.#owe(to, -1);
  };

  #attempted({ messageSid, at, milliseconds, status, error, answer }: WebhookAttempt): void {
    const text = this.#texts.get(messageSid);
    if (text === undefined) return;
    text.startedAt = Math.min(text.startedAt, at);
    const isAccepted = status === 200 && error === null && /<Response\s*\/>/u.test(answer);
    if (!isAccepted || text.acceptedAt !== null) return;
    text.acceptedAt = at + milliseconds;
    this.#owe(text.phone, readBody(text.body)?.parts ?? 0);
  }

  #owe(phone: string, parts: number): void {
    this.#owed.set(phone, Math.max(0, (this.#owed.get(phone) ?? 0) + parts));
  }
}
