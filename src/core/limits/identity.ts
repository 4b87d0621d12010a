/** ServiceNow's limit: this many wrong PINs and codes … */
export const IDENTITY_TRIES = 3;

/** … within this time lock a person, until an admin unlocks them. */
export const IDENTITY_TRIES_WINDOW_MILLISECONDS = 24 * 3_600_000;

/** How long an identity check waits for a PIN, a code or a page. */
export const IDENTITY_CHECK_MILLISECONDS = 10 * 60_000;

/** A contact that answers this often with something other than a PIN does not want to give one, or has none. */
export const IDENTITY_STRAY_TEXTS = 3;

/**
 * A contact that has just been locked may have sent more guesses: for this long, texts that look like a guess are
 * still masked, and not answered.
 */
export const IDENTITY_MASK_MILLISECONDS = 60_000;

/** How often the alarm checks whether a comparison is still running. */
export const IDENTITY_RECHECK_MILLISECONDS = 15_000;

/** Delay before a failed look-up or comparison is retried. */
export const IDENTITY_RETRY_MILLISECONDS = 5_000;

/** A page waits this long for the result of a PIN or a code. */
export const IDENTITY_PAGE_WAIT_MILLISECONDS = 20_000;

/**
 * An attempt is stored with optimistic locking: each round fails only if another attempt was stored, and after three
 * of those the person is locked.
 */
export const ATTEMPT_UPDATE_ROUNDS = 20;

/** A PIN and a few form fields. */
export const IDENTITY_PAGE_BODY_BYTES = 4 * 1024;

/** A link between a contact and a person expires after this time. */
export const PERSON_LINK_DAYS_DEFAULT = 30;
export const PERSON_LINK_DAYS_MAXIMUM = 365;

/** Long enough to reach the person by other means, short enough not to be left lying around. */
export const ENROLMENT_MILLISECONDS = 24 * 3_600_000;

/** Two at work, two at home, and one to spare. */
export const PHONES_PER_PERSON = 5;

export const LANGUAGES_PER_PERSON = 10;

/** The attributes of a person are stored with each line that they are linked on, and written in every turn there. */
export const ATTRIBUTES_PER_PERSON = 20;
export const ATTRIBUTE_CHARACTERS = 200;

/** Each PIN costs some hundredths of a second of CPU time, and a request has thirty seconds. */
export const PERSONS_PER_IMPORT = 200;

/** Changed persons that one sweep reports to their Senders. */
export const PERSON_CHANGES_PER_SWEEP = 200;
