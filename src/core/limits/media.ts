/** MMS bring 5 MB at most, other channels of Twilio's 16 MB. An isolate has 128 MB, and only a medium of unstated size is held in memory. */
export const MEDIA_BYTES = 16 * 1024 * 1024;

/** For one try to fetch a medium, its last byte included. */
export const MEDIA_TIMEOUT_MILLISECONDS = 30_000;

/** Twilio redirects once, to where the file lies. */
export const MEDIA_REDIRECTS = 3;

/** A medium that could not be fetched for so long after its text is lost; an outage at Twilio is over by then. */
export const MEDIA_WAIT_MILLISECONDS = 6 * 3_600_000;

/** Between two tries to fetch a medium, at most. */
export const MEDIA_RETRY_CEILING_MILLISECONDS = 10 * 60_000;

/** Texts of one person whose media are waited for at the same time; the state lists them. */
export const MEDIA_TURNS_WAITING = 100;

/** A signed URL of a medium: long enough to look at a transcript, or for Twilio to fetch it. */
export const MEDIA_LINK_SECONDS = 3_600;

/**
 * A signed URL that an assistant gets, and may keep in a variable: a conversation may stand still at one step for a week, and the operator's
 * system needs some days to take what it wants to keep.
 */
export const ASSISTANT_MEDIA_LINK_SECONDS = 14 * 24 * 3_600;

/** The person waits too: after this time an assistant goes on, though nobody knows yet what becomes of our copy. */
export const ASSISTANT_FILE_WAIT_MILLISECONDS = 30_000;

/** Who opens such a URL before we have the file is asked to come again after this time. */
export const MEDIA_RETRY_AFTER_SECONDS = 5;
