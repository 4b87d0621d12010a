/** Parts of one turn; a longer reply is cut, with a note in the transcript. */
export const PARTS_PER_TURN = 10;

/**
 * How often the alarm checks whether an assistant's request is still in flight; if it was lost with its object, it is
 * repeated.
 */
export const REQUEST_RECHECK_MILLISECONDS = 15_000;

/** A request without a result after this time, including all retries, has failed. */
export const REQUEST_DEADLINE_MILLISECONDS = 10 * 60_000;

/** Requests that a turn logs: a topic may make many of them for one text. */
export const LOGGED_REQUESTS_PER_TURN = 50;

/**
 * A longer request with its response is not logged: the log is read and written with the turn, and topics use a few
 * fields of a response.
 */
export const LOGGED_REQUEST_CHARACTERS = 4_000;

/** Twilio's message list may lag behind its create call; after this time it shows the message. */
export const SETTLE_AFTER_MILLISECONDS = 60_000;

/**
 * Carriers may reorder messages that are sent at once: the next part waits this long for Twilio's report on the one
 * before.
 */
export const PART_WAIT_MILLISECONDS = 5_000;

/** Look-ups at Twilio of a part in doubt before its status becomes `unknown`. */
export const SETTLE_TRIES = 10;

/** A Sender that is this late has lost its alarm, or its object cannot start. */
export const OVERDUE_AFTER_MILLISECONDS = 2 * 60_000;

/** Objects that one sweep wakes; the next sweep, five minutes later, continues. */
export const OBJECTS_PER_SWEEP = 200;

/** Attempts to send a part that Twilio has certainly not accepted. */
export const SEND_TRIES = 10;

/** A longer Retry-After is ignored: everything else for the contact waits behind the part. */
export const RETRY_AFTER_CEILING_MILLISECONDS = 5 * 60_000;

/** Retry interval while an account's credentials or the configuration are unavailable … */
export const ACCOUNT_RETRY_MILLISECONDS = 30_000;

/** … and the age of a text at which its answer is abandoned. */
export const UNSENT_ANSWER_MILLISECONDS = 24 * 3_600_000;

export const RETRY_BASE_MILLISECONDS = 1_000;

export const RETRY_CEILING_MILLISECONDS = 60_000;
