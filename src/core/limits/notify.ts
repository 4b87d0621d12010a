/** A list's title stands in one line of a text. */
export const LIST_TITLE_CHARACTERS = 60;

/** A longer menu of lists cannot be read on a phone. */
export const LISTS_PER_NUMBER = 20;

/** Changes of a sender's subscriptions on a number that D1 has not heard of: it may be away for long, and the state is read with them. */
export const PENDING_SUBSCRIPTION_CHANGES = 200;

/** What one write tells D1 of a sender's changes: two statements for each. */
export const SUBSCRIPTION_CHANGES_PER_SYNC = 50;

/** Who has been asked "which one?" and answers later than this means something else. */
export const LIST_QUESTION_MILLISECONDS = 3_600_000;

/** As ServiceNow's: an actionable notice that waits longer is not said. */
export const NOTICE_SECONDS_DEFAULT = 8 * 3_600;

export const NOTICE_SECONDS_MAXIMUM = 72 * 3_600;

/** Notices that wait on one line; who has more to say should say it in fewer. */
export const WAITING_NOTICES_PER_LINE = 20;

/** What one request notifies; more people are a broadcast. A request of the Worker's may make 1,000 others. */
export const RECIPIENTS_PER_NOTIFICATION = 100;

/** What a notification's outcome, and its Idempotency-Key, are kept for. */
export const NOTIFICATION_KEPT_MILLISECONDS = 90 * 24 * 3_600_000;
