/** ServiceNow's: so many wrong PINs and codes … */
export const IDENTITY_TRIES = 3;

/** … within so long lock a person, until an admin unlocks them. */
export const IDENTITY_TRIES_WINDOW_MILLISECONDS = 24 * 3_600_000;

/** A PIN, a code or a page that was asked for is waited for so long. */
export const IDENTITY_CHECK_MILLISECONDS = 10 * 60_000;

/** Who answers a question for their PIN so often with something else does not want to, or has none. */
export const IDENTITY_STRAY_TEXTS = 3;

/** Whoever has just been locked may have sent more guesses: what looks like one is still masked for so long, and not answered. */
export const IDENTITY_MASK_MILLISECONDS = 60_000;

/** How often the alarm looks whether a guess is still being compared. */
export const IDENTITY_RECHECK_MILLISECONDS = 15_000;

/** Before a look-up or a comparison that failed is made again. */
export const IDENTITY_RETRY_MILLISECONDS = 5_000;

/** Who gives a PIN or a code on a page waits so long for what becomes of it. */
export const IDENTITY_PAGE_WAIT_MILLISECONDS = 20_000;

/** Each round of storing a guess fails only because another has been stored; after three of them there is nothing more to store. */
export const ATTEMPT_UPDATE_ROUNDS = 20;

/** A PIN and a few fields. */
export const IDENTITY_PAGE_BODY_BYTES = 4 * 1024;

/** A link that nobody has ended ends by itself. */
export const PERSON_LINK_DAYS_DEFAULT = 30;
export const PERSON_LINK_DAYS_MAXIMUM = 365;

/** Long enough to reach the person by another way, short enough not to lie about. */
export const ENROLMENT_MILLISECONDS = 24 * 3_600_000;

/** Two at work, two at home, and one to spare. */
export const PHONES_PER_PERSON = 5;

export const LANGUAGES_PER_PERSON = 10;

/** What is known of a person is stored with each line that they are linked on, and written in every turn there. */
export const ATTRIBUTES_PER_PERSON = 20;
export const ATTRIBUTE_CHARACTERS = 200;

/** Each PIN costs some hundredths of a second of CPU time, and a request has thirty seconds. */
export const PERSONS_PER_IMPORT = 200;

/** What one sweep tells senders of persons that have changed, at most. */
export const PERSON_CHANGES_PER_SWEEP = 200;
