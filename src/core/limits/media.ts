/**
 * MMS have 5 MB at most, Twilio's other channels 16 MB. An isolate has 128 MB, and only a file of unstated size is
 * held in memory.
 */
export const MEDIA_BYTES = 16 * 1024 * 1024;

/** Timeout of one attempt to fetch a file, including its last byte. */
export const MEDIA_TIMEOUT_MILLISECONDS = 30_000;

/** Twilio redirects once, to the storage of the file. */
export const MEDIA_REDIRECTS = 3;

/** A file that could not be fetched within this time after its text is lost; an outage at Twilio is over by then. */
export const MEDIA_WAIT_MILLISECONDS = 6 * 3_600_000;

/** The longest delay between two attempts to fetch a file. */
export const MEDIA_RETRY_CEILING_MILLISECONDS = 10 * 60_000;

/** Texts of one contact whose media are being fetched at the same time; the state lists them. */
export const MEDIA_TURNS_WAITING = 100;

/** A signed URL of a file: long enough to read a transcript, or for Twilio to fetch the file. */
export const MEDIA_LINK_SECONDS = 3_600;

/**
 * A signed URL that an assistant gets and may keep in a variable: a conversation may stay at one step for a week, and
 * the operator's system needs some days to copy what it wants to keep.
 */
export const ASSISTANT_MEDIA_LINK_SECONDS = 14 * 24 * 3_600;

/** The contact is waiting: after this time an assistant gets the text, even if the copy is not finished yet. */
export const ASSISTANT_FILE_WAIT_MILLISECONDS = 30_000;

/** Retry-After for a request to such a URL before the file has been copied. */
export const MEDIA_RETRY_AFTER_SECONDS = 5;
