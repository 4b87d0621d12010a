/** Of one person's texts: about as fast as anybody taps through a menu, and nobody keeps that up for an hour. */
export const ANSWERS_PER_MINUTE_DEFAULT = 30;
export const ANSWERS_PER_HOUR_DEFAULT = 200;
export const ANSWERS_PER_PERIOD_MAXIMUM = 1_000_000;

/** Who texts too fast hears of it once in so long. */
export const RATE_LIMIT_REPLY_MILLISECONDS = 3_600_000;

/** Exchanges of a line that are compared with the next text: a loop of more than half of them is not seen. */
export const LOOP_EXCHANGES_COMPARED = 8;

/** After so long without a text what was said before is no evidence of a robot. */
export const LOOP_MEMORY_MILLISECONDS = 10 * 60_000;

/** A robot answers at once, or after a minute at the most; who repeats a long text later means it. */
export const LOOP_REPLY_MILLISECONDS = 60_000;

/** The Meter answers within milliseconds; a text is not kept waiting for it. */
export const METER_WAIT_MILLISECONDS = 3_000;

/** What is held back of a sender is told to D1 at most once in so long. */
export const HELD_BACK_SYNC_MILLISECONDS = 10_000;

/** How long it is kept what was held back. */
export const HELD_BACK_DAYS = 90;

/** Of the senders of a day and kind, the latest that the API names. */
export const HELD_BACK_SENDERS = 5;
