/** What is longer is exported in part; a conversation on a phone rarely has a hundred turns. */
export const CHAT_TURNS = 1_000;

/** What may happen in a played conversation before the next line of it; more is a topic that goes in circles. */
export const CHAT_EVENTS_PER_LINE = 10_000;

/** The longest `wait` of a conversation as text, in seconds: whatever is due has happened by then. */
export const CHAT_WAIT_SECONDS = 366 * 24 * 3_600;

/** Masking tries to keep runs of so many words, among the first words of a text: labels and keywords are short. */
export const MASK_KEPT_WORDS = 6;
export const MASK_WORDS = 30;
