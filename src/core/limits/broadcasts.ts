/** Recipients of one Cloudflare queue message: with a hundred, each recipient costs 0.03 queue operations. */
export const RECIPIENTS_PER_BATCH = 100;

/** Sending a batch takes this long at most; the runtime gives a consumer 15 minutes. */
export const BATCH_SEND_MILLISECONDS = 120_000;

/** Batches are assigned this long before the earlier ones end, so that the queue's latency leaves no gap. */
export const BATCHES_AHEAD_MILLISECONDS = 15_000;
export const BATCHES_AHEAD_MINIMUM = 2;
export const BATCHES_AHEAD_MAXIMUM = 50;

/** Recipients that are read from D1 at a time. */
export const AUDIENCE_ROWS_PER_READ = 500;

/**
 * Minutes before each retry of recipients whose Sender could not be reached. A batch that fails once more becomes a
 * dead letter.
 */
export const BATCH_RETRY_DELAYS_MINUTES: readonly number[] = [0.1, 0.5, 2, 10];

/** Seconds between the checks of a batch, until all its texts have been delivered or have failed. */
export const BATCH_CHECK_DELAYS_SECONDS: readonly number[] = [300, 3_600, 6 * 3_600, 24 * 3_600, 48 * 3_600];

/** Batches that are checked at the same time. */
export const BATCHES_PER_CHECK = 10;

/** A consumer that sends a batch asks this often whether it may go on. */
export const BATCH_STATUS_POLL_MILLISECONDS = 2_000;

/** Recipients whose Senders a consumer calls at the same time. */
export const RECIPIENTS_AT_ONCE = 10;

/** Dead batches that are read at a time when all of them are retried. */
export const DEAD_BATCHES_PER_READ = 20;

/** Broadcasts of one number, including those that have ended. */
export const BROADCASTS_PER_NUMBER = 500;

/** Retry delay after an unexpected failure, and while D1 or the queue is unavailable. */
export const BROADCAST_RETRY_MILLISECONDS = 5_000;

/** Share of a number's rate that broadcasts may use. */
export const BULK_RATE_SHARE = 0.8;
