import type { ConfigurationSnapshot, ReadyAccount } from "../../configuration/snapshot.ts";
import { MEDIA_TIMEOUT_MILLISECONDS } from "../../core/limits/media.ts";
import { fetchMediaFile, type MediaFetchResult } from "../../media/client.ts";
import { createMediaUrls, deriveFolder, toMediaKey } from "../../media/links.ts";
import { type MediaStoreResult, storeMediaFile } from "../../media/store.ts";
import type { InboundText } from "../../twilio/inbound-text.ts";
import { resumeAfterMedia } from "../events/media-settled.ts";
import type { LinkedText } from "../model/inbound-text.ts";
import type { SenderState } from "../model/state.ts";
import { getTurnSid } from "../model/turn.ts";
import type { CopyOutcome, DueMedium, MediaCopies } from "../records/media-copies.ts";
import type { Errand, ErrandHost } from "./errand.ts";

/** A medium, and the account that fetches it; null if the account is not usable. */
export interface CopyMediaTask extends DueMedium {
  readonly account: ReadyAccount | null;
  /** Null if the configuration is not available. */
  readonly snapshot: ConfigurationSnapshot | null;
}

type MediaEnv = Pick<Env, "MEDIA" | "MASTER_KEY">;

/** Adds the URLs of the copies that Parley will make of the media, if there is a bucket. */
export async function addMediaLinks(
  { MEDIA, MASTER_KEY }: MediaEnv,
  text: InboundText,
  origin: string,
): Promise<LinkedText> {
  if (MEDIA === undefined || text.media.length === 0) return text;
  const links = await createMediaUrls(MASTER_KEY, origin, text, Date.now());
  return { ...text, media: text.media.map((medium, index) => ({ ...medium, link: links[index] ?? medium.url })) };
}

/** Copies the media of a contact's texts from Twilio to R2. Copying twice gives the same file under the same key. */
export class CopyMediaErrand implements Errand<CopyMediaTask> {
  readonly failureEvent = "media-copy-failed";
  /** Enough for a try with each of two tokens, and for R2. */
  readonly timeoutMilliseconds = 3 * MEDIA_TIMEOUT_MILLISECONDS;
  readonly #copies: MediaCopies;
  readonly #mediaEnv: MediaEnv;
  readonly #host: ErrandHost;

  constructor(copies: MediaCopies, mediaEnv: MediaEnv, host: ErrandHost) {
    this.#copies = copies;
    this.#mediaEnv = mediaEnv;
    this.#host = host;
  }

  dueAt(state: SenderState): number | null {
    return this.#copies.nextMediumAt(state);
  }

  isTroubled(state: SenderState, now: number): boolean {
    return this.#copies.isTroubled(state, now);
  }

  takeTask(snapshot: ConfigurationSnapshot | null, now: number): CopyMediaTask | null {
    if (snapshot === null) this.#copies.pauseCopying(now);
    const task = this.#copies.nextDueMedium(now);
    const account = snapshot?.accounts.get(task?.turn.account ?? "") ?? null;
    return task === null ? null : { ...task, account, snapshot };
  }

  async performTask(task: CopyMediaTask): Promise<void> {
    const outcome = await this.#copyMedium(task);
    const { turn, index, snapshot } = task;
    const record = () => this.#copies.settleCopy(turn.id, index, outcome, { now: Date.now(), chance: Math.random() });
    await this.#host.resumeTurn({ turn: turn.id, snapshot, decide: resumeAfterMedia, record });
  }

  async #copyMedium({ turn, index, url, account }: CopyMediaTask): Promise<CopyOutcome> {
    const { MEDIA, MASTER_KEY } = this.#mediaEnv;
    if (MEDIA === undefined) return { kind: "homeless" };
    if (account === null) return createPassingOutcome(`account ${turn.account} is not usable`);
    const key = toMediaKey(await deriveFolder(MASTER_KEY, this.#host.state()?.phone ?? ""), getTurnSid(turn), index);
    return toCopyOutcome(key, await fetchMediaFile(account, url, (response) => storeMediaFile(MEDIA, key, response)));
  }
}

function toCopyOutcome(key: string, fetched: MediaFetchResult<MediaStoreResult>): CopyOutcome {
  if (fetched.kind !== "done") return fetched;
  const { value } = fetched;
  switch (value.kind) {
    case "kept":
      return { ...value, key };
    case "refused":
      return value;
    case "failed":
      return createPassingOutcome(value.reason);
  }
}

function createPassingOutcome(reason: string): CopyOutcome {
  return { kind: "passing", reason, retryAfterMilliseconds: null };
}
