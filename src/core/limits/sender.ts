/** What one turn may send; a topic that says more is cut, and the journal says so. */
export const PARTS_PER_TURN = 10;

/** How often the alarm looks whether the request of an assistant is still being made; where it died with its object, it is made again. */
export const REQUEST_RECHECK_MILLISECONDS = 15_000;

/** A request that has not come to an end for so long, whatever was tried, has failed. */
export const REQUEST_DEADLINE_MILLISECONDS = 10 * 60_000;

/** A turn remembers so many of its assistant's requests: a topic may ask again and again without a text. */
export const LOGGED_REQUESTS_PER_TURN = 50;

/** A request with its answer that is longer is not kept: the turn is read and written with it, and topics use a few fields of an answer. */
export const LOGGED_REQUEST_CHARACTERS = 4_000;

/** Twilio's list may lag behind its create; after this long it shows what was taken. */
export const SETTLE_AFTER_MILLISECONDS = 60_000;

/** Carriers may deliver out of order what is sent at once: the next part of an answer waits so long for Twilio's report on the one before. */
export const PART_WAIT_MILLISECONDS = 5_000;

/** How often Twilio is asked about a part in doubt before it is shown as `unknown`. */
export const SETTLE_TRIES = 10;

/** A sender in trouble that is so late has lost its alarm, or its object cannot start. */
export const OVERDUE_AFTER_MILLISECONDS = 2 * 60_000;

/** What one sweep wakes at most; the next one, five minutes later, goes on. */
export const OBJECTS_PER_SWEEP = 200;

/** How often a part that Twilio has certainly not taken is sent again. */
export const SEND_TRIES = 10;

/** A longer Retry-After is not believed: everything else for the person waits behind the part. */
export const RETRY_AFTER_CEILING_MILLISECONDS = 5 * 60_000;

/** While an account's credentials or the configuration cannot be had, how often that is tried again … */
export const ACCOUNT_RETRY_MILLISECONDS = 30_000;

/** … and how old a text may become before its answer is given up. */
export const UNSENT_ANSWER_MILLISECONDS = 24 * 3_600_000;

export const RETRY_BASE_MILLISECONDS = 1_000;

export const RETRY_CEILING_MILLISECONDS = 60_000;
