import type { ReadyAccount, Snapshot } from "../../configuration/snapshot.ts";
import { MEDIA_TIMEOUT_MILLISECONDS } from "../../core/limits/media.ts";
import { type Fetched, fetchMedium } from "../../media/client.ts";
import { folderOf, handOut, keyOf } from "../../media/links.ts";
import { type Keeping as Kept, keepMedium } from "../../media/store.ts";
import type { InboundText } from "../../twilio/inbound.ts";
import { filed } from "../events/media-settled.ts";
import type { LinkedText } from "../model/inbound-text.ts";
import type { SenderState } from "../model/state.ts";
import { sidOf } from "../model/turn.ts";
import type { Copies, CopyOutcome, CopyTask } from "../records/media-copies.ts";
import type { Errand, ErrandHost } from "./errand.ts";

/** A medium, and the account in whose name it is fetched; null where there is none that could be used. */
export interface KeepingTask extends CopyTask {
  readonly account: ReadyAccount | null;
  /** Null where the configuration could not be had. */
  readonly snapshot: Snapshot | null;
}

type Place = Pick<Env, "MEDIA" | "MASTER_KEY">;

/** @returns the text with URLs of the copies that will be made of its media, where there is a place for them */
export async function withLinks({ MEDIA, MASTER_KEY }: Place, text: InboundText, origin: string): Promise<LinkedText> {
  if (MEDIA === undefined || text.media.length === 0) return text;
  const links = await handOut(MASTER_KEY, origin, text, Date.now());
  return { ...text, media: text.media.map((medium, index) => ({ ...medium, link: links[index] ?? medium.url })) };
}

/** Fetches the media of a Sender's texts from Twilio and keeps them in R2. Doing it twice gives the same file under the same key. */
export class Keeping implements Errand<KeepingTask> {
  readonly failure = "media-failed";
  /** Each of two tokens is tried for so long at most, and R2 is quick. */
  readonly patience = 3 * MEDIA_TIMEOUT_MILLISECONDS;
  readonly #copies: Copies;
  readonly #place: Place;
  readonly #host: ErrandHost;

  constructor(copies: Copies, place: Place, host: ErrandHost) {
    this.#copies = copies;
    this.#place = place;
    this.#host = host;
  }

  dueAt(state: SenderState): number | null {
    return this.#copies.dueAt(state);
  }

  isTroubled(state: SenderState, now: number): boolean {
    return this.#copies.isTroubled(state, now);
  }

  take(snapshot: Snapshot | null, now: number): KeepingTask | null {
    if (snapshot === null) this.#copies.pause(now);
    const task = this.#copies.next(now);
    const account = snapshot?.accounts.get(task?.turn.account ?? "") ?? null;
    return task === null ? null : { ...task, account, snapshot };
  }

  async do(task: KeepingTask): Promise<void> {
    const outcome = await this.#copy(task);
    const { turn, index, snapshot } = task;
    const record = () => this.#copies.settle(turn.id, index, outcome, { now: Date.now(), chance: Math.random() });
    await this.#host.resume({ turn: turn.id, snapshot, decide: filed, record });
  }

  async #copy({ turn, index, url, account }: KeepingTask): Promise<CopyOutcome> {
    const { MEDIA, MASTER_KEY } = this.#place;
    if (MEDIA === undefined) return { kind: "homeless" };
    if (account === null) return passing(`account ${turn.account} is not usable`);
    const key = keyOf(await folderOf(MASTER_KEY, this.#host.state()?.phone ?? ""), sidOf(turn), index);
    return outcomeOf(key, await fetchMedium(account, url, (response) => keepMedium(MEDIA, key, response)));
  }
}

function outcomeOf(key: string, fetched: Fetched<Kept>): CopyOutcome {
  if (fetched.kind !== "done") return fetched;
  const { value } = fetched;
  switch (value.kind) {
    case "kept":
      return { ...value, key };
    case "refused":
      return value;
    case "failed":
      return passing(value.reason);
  }
}

function passing(reason: string): CopyOutcome {
  return { kind: "passing", reason, retryAfterMilliseconds: null };
}
