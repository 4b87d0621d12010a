import type { ReadyAccount, Snapshot } from "../../configuration/snapshot.ts";
import type { PhoneNumber } from "../../core/phone.ts";
import type { Pace } from "../../core/send-timing.ts";
import type { DailyCaps } from "../../send-limits/rules.ts";
import { createMessage, listMessages } from "../../twilio/client.ts";
import { formatPartId } from "../../twilio/status.ts";
import { afterLookup, afterPost, type Job, partAt } from "../delivery/part-lifecycle.ts";
import type { Delivery, SenderState, Turn } from "../model/state.ts";
import { contentOf, type Turns } from "../records/turn-log.ts";
import type { Metering } from "./daily-caps.ts";
import type { Errand, ErrandHost } from "./errand.ts";

/** A job, and the account in whose name it is done. */
export interface DeliveryTask {
  readonly job: Job;
  readonly account: ReadyAccount;
  /** Those of the turn's number; left out: nobody has looked, for none are asked for. */
  readonly caps?: DailyCaps | null;
}

/** What Twilio's answer makes of a part, at the moment when it is saved. */
export type Settlement = (delivery: Delivery, turn: Turn) => Delivery;

/** Sends the parts of a Sender's turns to Twilio, and asks after those that may or may not have been taken. */
export class Delivering implements Errand<DeliveryTask> {
  readonly failure = "outbox-failed";
  readonly patience: number;
  readonly #turns: Turns;
  readonly #pace: Pace;
  readonly #state: () => SenderState | null;
  readonly #commit: ErrandHost["commit"];
  readonly #metering: Metering;

  constructor(
    turns: Turns,
    pace: Pace,
    state: () => SenderState | null,
    commit: ErrandHost["commit"],
    metering: Metering,
  ) {
    this.patience = pace.settleAfter;
    this.#turns = turns;
    this.#pace = pace;
    this.#state = state;
    this.#commit = commit;
    this.#metering = metering;
  }

  dueAt(state: SenderState): number | null {
    return this.#turns.dueAt(state);
  }

  isTroubled(state: SenderState, now: number): boolean {
    return this.#turns.isTroubled(state, now);
  }

  take(snapshot: Snapshot | null, now: number): DeliveryTask | null {
    if (snapshot === null) this.#turns.pause(now);
    const capsOn = (number: PhoneNumber) => snapshot?.brakesOn(number).caps ?? null;
    const isUsable = (sid: string) => snapshot?.accounts.has(sid) ?? false;
    const job = this.#turns.take(isUsable, now, (number) => capsOn(number) !== null);
    const account = job === null ? undefined : snapshot?.accounts.get(job.turn.account);
    return job === null || account === undefined ? null : { job, account, caps: capsOn(job.turn.number) };
  }

  async do({ job, account, caps = null }: DeliveryTask): Promise<void> {
    if (job.kind === "meter") {
      const { phone } = this.#state() ?? { phone: "" };
      // The day that the Meter has counted for, where it ends meanwhile.
      const now = Date.now();
      const verdict = caps === null ? "passes" : await this.#metering.ask(job.turn, job.index, phone, caps);
      this.#commit(() => this.#turns.meter(job, verdict, now));
      return;
    }
    const settle = await this.#askTwilio(job, account);
    // The turn may have changed while Twilio was asked: a callback can be faster than the answer.
    this.#commit(() => this.#turns.settle(job.turn.id, job.index, settle, Date.now()));
  }

  /** Asks Twilio at once: between the claim and the POST nothing else may happen. */
  async #askTwilio(job: Job, account: ReadyAccount): Promise<Settlement> {
    const { turn, index } = job;
    const { phone, origin } = this.#state() ?? { phone: "", origin: "" };
    const pair = { from: turn.number, to: phone };
    if (job.kind === "look-up") {
      const answer = await listMessages(account, pair);
      return (_, current) =>
        afterLookup(partAt(current, index), answer, this.#turns.knownSids(), {
          now: Date.now(),
          pace: this.#pace,
          whenUnknown: turn.whenUnknown,
        });
    }
    const statusCallback = `${origin}/twilio/status?part=${formatPartId({ turn: turn.id, index })}`;
    const answer = await createMessage(account, { ...pair, ...contentOf(job), statusCallback });
    return (delivery) => afterPost(delivery, answer, { now: Date.now(), chance: Math.random(), pace: this.#pace });
  }
}
