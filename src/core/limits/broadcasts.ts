/** Of a broadcast that one message of the queue is for: with a hundred, a recipient costs 0.03 operations of the queue. */
export const RECIPIENTS_PER_BATCH = 100;

/** One lot is texted in this time at most; the runtime gives a consumer 15 minutes. */
export const BATCH_SEND_MILLISECONDS = 120_000;

/** Lots that are given out before the earlier ones are texted, so that the queue's delay makes no gap. */
export const BATCHES_AHEAD_MILLISECONDS = 15_000;
export const BATCHES_AHEAD_MINIMUM = 2;
export const BATCHES_AHEAD_MAXIMUM = 50;

/** Recipients of a broadcast that D1 is asked for at a time. */
export const AUDIENCE_ROWS_PER_READ = 500;

/** Whoever's Sender could not be asked is tried again after so many times a minute; a lot that has failed once more than that is given up. */
export const BATCH_RETRY_DELAYS_MINUTES: readonly number[] = [0.1, 0.5, 2, 10];

/** A lot is looked at again so many seconds after the look before, until all its texts have arrived or failed. */
export const BATCH_CHECK_DELAYS_SECONDS: readonly number[] = [300, 3_600, 6 * 3_600, 24 * 3_600, 48 * 3_600];

/** Lots that are looked at, at a time. */
export const BATCHES_PER_CHECK = 10;

/** Whoever texts a lot asks so often whether it still may. */
export const BATCH_STATUS_POLL_MILLISECONDS = 2_000;

/** Recipients of a broadcast whose Senders are asked at a time, by whoever texts a lot. */
export const RECIPIENTS_AT_ONCE = 10;

/** Dead lots that are read at a time when all of them are tried again. */
export const DEAD_BATCHES_PER_READ = 20;

/** Broadcasts of one number, the ended ones too. */
export const BROADCASTS_PER_NUMBER = 500;

/** After a failure that nobody foresaw, and while D1 or the queue cannot be had, broadcasts go on so much later. */
export const BROADCAST_RETRY_MILLISECONDS = 5_000;

/** Of that, broadcasts take this share at most. */
export const BULK_RATE_SHARE = 0.8;
