import {
  BATCH_CHECK_DELAYS_SECONDS,
  BATCH_RETRY_DELAYS_MINUTES,
  RECIPIENTS_PER_BATCH,
} from "../core/limits/broadcasts.ts";
import type { PhoneNumber } from "../core/phone.ts";

/** Some recipients of a broadcast, who are texted by one message of the queue. Its life; moments in milliseconds since 1970. */
export type Batch = {
  readonly broadcast: string;
  /** Counts from 1 in each broadcast. */
  readonly id: number;
} & (
  | {
      readonly kind: "waiting";
      /** Nobody of it is texted before. */
      readonly due: number;
      readonly phones: readonly PhoneNumber[];
      /** How often texting them has failed. */
      readonly tries: number;
    }
  /** A message for it is in the queue, or somebody texts them. Whoever has not told by `due` has died: it waits again. */
  | {
      readonly kind: "out";
      readonly due: number;
      readonly phones: readonly PhoneNumber[];
      readonly tries: number;
      /** Somebody texts them. */
      readonly begun?: true;
    }
  /** They have been texted, and it is looked again what has become of it. */
  | {
      readonly kind: "watched";
      readonly due: number;
      /** Whose text is sent, and not known to have arrived. */
      readonly sent: readonly PhoneNumber[];
      /** For whom it waits: somebody makes an answer for them, or the notice begins a topic, or it is their night. */
      readonly queued: readonly PhoneNumber[];
      readonly looks: number;
    }
  /** Their broadcast is cancelled: what may wait for them at their Sender is called off there. */
  | { readonly kind: "recalled"; readonly due: number; readonly phones: readonly PhoneNumber[] }
  /** Texting them has failed too often; an operator can try once more. */
  | {
      readonly kind: "dead";
      readonly due: null;
      readonly phones: readonly PhoneNumber[];
      readonly reason: string;
      readonly at: number;
    }
);

export type BatchOfKind<Kind extends Batch["kind"]> = Extract<Batch, { kind: Kind }>;

/** How many people it is about. */
export function countRecipients(lot: Batch): number {
  return lot.kind === "watched" ? lot.sent.length + lot.queued.length : lot.phones.length;
}

/** @returns the lot as it can be given out again, where that was no try */
export function returnBatch({ broadcast, id, phones, tries }: BatchOfKind<"out">, now: number): BatchOfKind<"waiting"> {
  return { broadcast, id, kind: "waiting", due: now, phones, tries };
}

/**
 * @param minute how long the first retries wait together, in milliseconds; 0: nobody waits any more
 * @returns the lot for another try, each later than the one before, or given up
 */
export function retryBatch(
  { broadcast, id, tries }: BatchOfKind<"out">,
  phones: readonly PhoneNumber[],
  reason: string,
  minute: number,
  now: number,
): Batch {
  const wait = BATCH_RETRY_DELAYS_MINUTES[tries];
  return wait === undefined
    ? { broadcast, id, kind: "dead", due: null, phones, reason, at: now }
    : { broadcast, id, kind: "waiting", due: now + wait * minute, phones, tries: tries + 1 };
}

/** @returns when the texts of a lot are looked after for the n-th time; null: not any more. @param first seconds until the first look */
export function nextCheckAt(looks: number, firstMilliseconds: number, now: number): number | null {
  if (looks === 0) return now + firstMilliseconds;
  const seconds = BATCH_CHECK_DELAYS_SECONDS[looks - 1];
  return seconds === undefined ? null : now + seconds * 1_000;
}

/**
 * Packs recipients into lots.
 * @param room the lot that is not full yet, of those that are due at the same moment; null: there is none
 * @param size of a full lot
 * @returns what each lot holds afterwards: that one first, if there is one
 */
export function packBatches(
  room: readonly PhoneNumber[] | null,
  phones: readonly PhoneNumber[],
  size: number,
): readonly (readonly PhoneNumber[])[] {
  const all = [...(room ?? []), ...phones];
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}

/**
 * @param pace segments a second
 * @param segments of one recipient's text
 * @returns how many recipients are in a lot: whoever texts them is done within the time that one message of the queue may take
 */
export function calculateBatchSize(pace: number, segments: number, windowMilliseconds: number): number {
  const carried = Math.floor((pace * windowMilliseconds) / 1_000 / segments);
  return Math.min(Math.max(carried, 1), RECIPIENTS_PER_BATCH);
}
