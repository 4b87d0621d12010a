import type { ReadyAccount, Snapshot } from "../configuration/snapshot.ts";
import { createMessage, listMessages } from "../twilio/client.ts";
import { formatPartId } from "../twilio/status.ts";
import type { Errand, Office } from "./errands.ts";
import { afterLookup, afterPost, type Job, partAt } from "./outbox.ts";
import type { Pace } from "./pace.ts";
import type { Delivery, SenderState, Turn } from "./state.ts";
import { contentOf, type Turns } from "./turns.ts";

/** A job, and the account in whose name it is done. */
export interface DeliveryTask {
  readonly job: Job;
  readonly account: ReadyAccount;
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
  readonly #commit: Office["commit"];

  constructor(turns: Turns, pace: Pace, state: () => SenderState | null, commit: Office["commit"]) {
    this.patience = pace.settleAfter;
    this.#turns = turns;
    this.#pace = pace;
    this.#state = state;
    this.#commit = commit;
  }

  dueAt(state: SenderState): number | null {
    return this.#turns.dueAt(state);
  }

  isTroubled(state: SenderState, now: number): boolean {
    return this.#turns.isTroubled(state, now);
  }

  take(snapshot: Snapshot | null, now: number): DeliveryTask | null {
    if (snapshot === null) this.#turns.pause(now);
    const job = this.#turns.take((sid) => snapshot?.accounts.has(sid) ?? false, now);
    const account = job === null ? undefined : snapshot?.accounts.get(job.turn.account);
    return job === null || account === undefined ? null : { job, account };
  }

  async do({ job, account }: DeliveryTask): Promise<void> {
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
        afterLookup(partAt(current, index), answer, this.#turns.knownSids(turn.id), {
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
