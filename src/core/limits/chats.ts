/** A longer conversation is exported in part; conversations on a phone rarely have a hundred turns. */
export const CHAT_TURNS = 1_000;

/** Events in a played conversation before its next line; more means a topic that loops. */
export const CHAT_EVENTS_PER_LINE = 10_000;

/** The longest `wait` in a chat file; anything due has happened by then. */
export const CHAT_WAIT_SECONDS = 366 * 24 * 3_600;

/**
 * Masking tries to keep runs of up to this many words, among the first words of a text: labels and keywords are
 * short.
 */
export const MASK_KEPT_WORDS = 6;
export const MASK_WORDS = 30;
