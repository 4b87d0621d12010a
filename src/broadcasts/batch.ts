import {
  BATCH_CHECK_DELAYS_SECONDS,
  BATCH_RETRY_DELAYS_MINUTES,
  RECIPIENTS_PER_BATCH,
} from "../core/limits/broadcasts.ts";
import type { PhoneNumber } from "../core/phone.ts";

/**
 * Up to 100 recipients of a broadcast, sent by one message of the Cloudflare queue. Times are milliseconds since 1970.
 */
export type Batch = {
  readonly broadcast: string;
  /** Counts from 1 in each broadcast. */
  readonly id: number;
} & (
  | {
      readonly kind: "waiting";
      /** The recipients must not be texted before this time. */
      readonly due: number;
      readonly phones: readonly PhoneNumber[];
      /** The number of failed tries. */
      readonly tries: number;
    }
  /**
   * In flight: its message is in the queue, or a consumer texts the recipients. Without a report by `due` it waits
   * again.
   */
  | {
      readonly kind: "out";
      readonly due: number;
      readonly phones: readonly PhoneNumber[];
      readonly tries: number;
      /** A consumer has started. */
      readonly begun?: true;
    }
  /** All recipients were handed their notice; the deliveries are checked again at `due`. */
  | {
      readonly kind: "watched";
      readonly due: number;
      /** Recipients whose text was sent, but is not known to have been delivered or failed. */
      readonly sent: readonly PhoneNumber[];
      /**
       * Recipients whose notice waits at their Sender: for an answer, for the end of a conversation or for quiet hours.
       */
      readonly queued: readonly PhoneNumber[];
      /** The number of checks so far. */
      readonly looks: number;
    }
  /** The broadcast is cancelled: notices that may be queued at the Senders are withdrawn. */
  | { readonly kind: "recalled"; readonly due: number; readonly phones: readonly PhoneNumber[] }
  /** A dead letter: all tries have failed; an operator can retry it. */
  | {
      readonly kind: "dead";
      readonly due: null;
      readonly phones: readonly PhoneNumber[];
      readonly reason: string;
      readonly at: number;
    }
);

export type BatchOfKind<Kind extends Batch["kind"]> = Extract<Batch, { kind: Kind }>;

export function countRecipients(batch: Batch): number {
  return batch.kind === "watched" ? batch.sent.length + batch.queued.length : batch.phones.length;
}

/** Returns a batch in flight to the waiting ones, without counting a failed try. */
export function returnBatch({ broadcast, id, phones, tries }: BatchOfKind<"out">, due: number): BatchOfKind<"waiting"> {
  return { broadcast, id, kind: "waiting", due, phones, tries };
}

/**
 * Counts a failed try and schedules the next with backoff.
 * @param phones the recipients to retry
 * @param minute the length of a minute of the retry delays, in milliseconds; 0: retry at once
 * @returns a waiting batch, or a dead one after the last try
 */
export function retryBatch(
  { broadcast, id, tries }: BatchOfKind<"out">,
  phones: readonly PhoneNumber[],
  reason: string,
  minute: number,
  now: number,
): Batch {
  const delayMinutes = BATCH_RETRY_DELAYS_MINUTES[tries];
  return delayMinutes === undefined
    ? { broadcast, id, kind: "dead", due: null, phones, reason, at: now }
    : { broadcast, id, kind: "waiting", due: now + delayMinutes * minute, phones, tries: tries + 1 };
}

/**
 * @param checks the number of checks so far
 * @param firstMilliseconds the delay before the first check
 * @returns when the deliveries of a batch are checked next; null after the last check
 */
export function nextCheckAt(checks: number, firstMilliseconds: number, now: number): number | null {
  if (checks === 0) return now + firstMilliseconds;
  const seconds = BATCH_CHECK_DELAYS_SECONDS[checks - 1];
  return seconds === undefined ? null : now + seconds * 1_000;
}

/**
 * Packs recipients into batches.
 * @param openPhones the recipients of a batch with the same due time that is not full yet; null if there is none
 * @param size the size of a full batch
 * @returns the recipients of each batch, beginning with the open one if there is one
 */
export function packBatches(
  openPhones: readonly PhoneNumber[] | null,
  phones: readonly PhoneNumber[],
  size: number,
): readonly (readonly PhoneNumber[])[] {
  const all = [...(openPhones ?? []), ...phones];
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

/**
 * @param bulkRate segments a second
 * @param segments the segments of one recipient's text
 * @param windowMilliseconds the time in which a consumer must be able to text a whole batch
 * @returns the number of recipients of a full batch
 */
export function calculateBatchSize(bulkRate: number, segments: number, windowMilliseconds: number): number {
  const recipients = Math.floor((bulkRate * windowMilliseconds) / 1_000 / segments);
  return Math.min(Math.max(recipients, 1), RECIPIENTS_PER_BATCH);
}
