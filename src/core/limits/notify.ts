/** A list's title fits on one line of a text. */
export const LIST_TITLE_CHARACTERS = 60;

/** A longer menu of lists cannot be read on a phone. */
export const LISTS_PER_NUMBER = 20;

/**
 * Subscription changes of a contact on a number that are not in D1 yet: it may be down for long, and they are read
 * with the state.
 */
export const PENDING_SUBSCRIPTION_CHANGES = 200;

/** Subscription changes in one write to D1: two statements each. */
export const SUBSCRIPTION_CHANGES_PER_SYNC = 50;

/** A later answer to "which one?" means something else. */
export const LIST_QUESTION_MILLISECONDS = 3_600_000;

/** ServiceNow's default: an actionable notice that waits longer is not sent. */
export const NOTICE_SECONDS_DEFAULT = 8 * 3_600;

export const NOTICE_SECONDS_MAXIMUM = 72 * 3_600;

/** Notices that wait on one line; combine more than this into fewer. */
export const WAITING_NOTICES_PER_LINE = 20;

/** Recipients of one notification; use a broadcast for more. One request of the Worker may make 1,000 others. */
export const RECIPIENTS_PER_NOTIFICATION = 100;

/** How long the outcome of a notification and its Idempotency-Key are kept. */
export const NOTIFICATION_KEPT_MILLISECONDS = 90 * 24 * 3_600_000;
