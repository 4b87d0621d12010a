import type { EmulatorContext } from "../../src/emulator/context.ts";
import type { EmulatorEvent } from "../../src/emulator/contract.ts";
import { receivePhoneText } from "../../src/emulator/messages/inbound-texts.ts";
import { bodyOf } from "../torture/words.ts";
import { NUMBER, TEXT } from "./setup.ts";

/** What happens while an answer is waited for. */
export type Stretch = "calm" | "broadcast" | "kill";

const EVERY_MILLISECONDS = 1_000;

/** What Twilio has taken of the broadcast, and how long people who text meanwhile wait for their answers. */
export class Watch {
  readonly #context: EmulatorContext;
  /** By phone: when Twilio took each message of the broadcast; milliseconds since 1970. */
  readonly taken = new Map<string, number[]>();
  /** Milliseconds from the text to the answer's coming to Twilio. */
  readonly waits: Readonly<Record<Stretch, number[]>> = { calm: [], broadcast: [], kill: [] };
  readonly #seen = new Set<string>();
  readonly #waiting = new Map<string, { readonly at: number; readonly stretch: Stretch }>();
  #stretch: Stretch = "calm";
  #texted = 0;
  #talks = true;
  #wake: (() => void) | null = null;

  constructor(context: EmulatorContext) {
    this.#context = context;
    context.events.addListener(this.#hear);
  }

  /** Recipients whose text Twilio has. */
  get texted(): number {
    return this.#texted;
  }

  begin(stretch: Stretch): void {
    this.#stretch = stretch;
  }

  /** Each texts once a second, or when the answer has come, if that takes longer. */
  talk(phones: readonly string[]): void {
    for (const [index, phone] of phones.entries()) void this.#live(phone, index / phones.length);
  }

  stop(): void {
    this.#talks = false;
  }

  /** Until so many recipients have been texted. */
  async untilTexted(count: number): Promise<void> {
    while (this.#texted < count) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  async #live(phone: string, share: number): Promise<void> {
    await this.#context.pause(share * EVERY_MILLISECONDS);
    for (let text = 1; this.#talks && !this.#context.abortSignal.aborted; text += 1) {
      const to = this.#context.store.findNumber(NUMBER);
      if (to === undefined) throw new Error(`${NUMBER} is not set up`);
      this.#waiting.set(phone, { at: performance.now(), stretch: this.#stretch });
      await receivePhoneText(this.#context, {
        from: phone,
        to,
        body: bodyOf(1, `t${phone.slice(-1)}${text}`),
        media: [],
      }).webhookDone;
      await this.#context.pause(EVERY_MILLISECONDS);
      while (this.#waiting.has(phone) && this.#talks && !this.#context.abortSignal.aborted)
        await this.#context.pause(50);
    }
  }

  readonly #hear = (event: EmulatorEvent): void => {
    if (event.kind !== "message") return;
    const { direction, sid, to, body } = event.message;
    if (direction !== "outbound-api" || this.#seen.has(sid)) return;
    this.#seen.add(sid);
    if (body === TEXT) this.#take(to);
    else this.#answered(to);
  };

  #take(phone: string): void {
    const known = this.taken.get(phone);
    if (known === undefined) {
      this.taken.set(phone, [Date.now()]);
      this.#texted += 1;
      this.#wake?.();
    } else known.push(Date.now());
  }

  #answered(phone: string): void {
    const waiting = this.#waiting.get(phone);
    if (waiting === undefined) return;
    this.#waiting.delete(phone);
    // One that began in one stretch and ended in another says nothing of either.
    if (waiting.stretch === this.#stretch) this.waits[this.#stretch].push(performance.now() - waiting.at);
  }
}
