/** Texts of one contact: about as fast as a menu can be tapped through, which no contact keeps up for an hour. */
export const ANSWERS_PER_MINUTE_DEFAULT = 30;
export const ANSWERS_PER_HOUR_DEFAULT = 200;
export const ANSWERS_PER_PERIOD_MAXIMUM = 1_000_000;

/** A contact that texts too fast is told so once in this time. */
export const RATE_LIMIT_REPLY_MILLISECONDS = 3_600_000;

/** Exchanges of a line that are compared with the next text: a loop longer than half of them is not detected. */
export const LOOP_EXCHANGES_COMPARED = 8;

/** After this long without a text, earlier exchanges are no evidence of a robot. */
export const LOOP_MEMORY_MILLISECONDS = 10 * 60_000;

/** A robot replies at once, or within a minute; a contact that repeats a long text later means it. */
export const LOOP_REPLY_MILLISECONDS = 60_000;

/** The Meter replies within milliseconds; a text does not wait longer for it. */
export const METER_WAIT_MILLISECONDS = 3_000;

/** The counts of a contact's held-back texts are written to D1 once in this time at most. */
export const HELD_BACK_SYNC_MILLISECONDS = 10_000;

/** How long these counts are kept. */
export const HELD_BACK_DAYS = 90;

/** The latest contacts that the API names for a day and kind. */
export const HELD_BACK_SENDERS = 5;
