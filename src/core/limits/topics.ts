/** A topic that runs this many steps without waiting for the contact is in a loop. */
export const STEPS_PER_TURN = 100;

/**
 * A topic that makes this many requests without a wait for a text or a time is in a loop that the contact cannot
 * leave.
 */
export const REQUESTS_IN_A_ROW = 20;

/** Depth of nested topics that return. */
export const TOPIC_RETURN_DEPTH = 20;

/** Questions that a contact can go back to; they are read and written in every turn. */
export const TRAIL_QUESTIONS = 20;

/** Pauses, reminders and timeouts belong to one conversation, which closes after being idle this long. */
export const PAUSE_SECONDS_MAXIMUM = 7 * 24 * 3_600;

/** Split longer documents into several topics. */
export const STEPS_PER_TOPIC = 1_000;

/** About what a phone shows of a card without scrolling; the same for links. */
export const CARD_FIELDS = 10;
export const LINKS_PER_STEP = 10;

/** A longer menu is hard to read on a phone. */
export const OPTIONS_PER_CHOICE = 20;

/** Options in a list from the operator's system; a longer list is cut, with a note in the transcript. */
export const OPTIONS_PER_REQUEST = 100;

/** A line of a menu, in characters as a reader sees them; a longer label from the operator's system is cut. */
export const LABEL_CHARACTERS = 160;

/** The stored value of an option, such as an id or a code. */
export const OPTION_VALUE_CHARACTERS = 400;

/** Labels of one language; some contain personal values, so their number is unbounded. */
export const LABELS_CACHED = 1_000;

/** Short texts and labels that an isolate caches in normalised form for comparison. */
export const TEXTS_CACHED = 500;

/** An order number, a licence plate, an IBAN. */
export const PATTERN_CHARACTERS = 60;

/** ServiceNow's page, and about one phone's screen. */
export const OPTIONS_PER_PAGE = 10;

export const KEYWORDS_PER_TOPIC = 50;

/** Problems of a document in one response; the rest are only counted. */
export const PROBLEMS_PER_ANSWER = 200;

/** Nesting depth of lists and objects in a topic; the body of a request is the deepest useful part. */
export const TOPIC_DEPTH = 32;

/** More characters outside GSM-7 than this indicate another alphabet; replacing a few of them saves nothing. */
export const NON_GSM_CHARACTERS = 5;

/** Longer texts are not read, and each segment is paid for. */
export const SEGMENTS_PER_TEXT = 10;

/** Typing mistakes are corrected in short texts only: contacts do not choose an option with a longer one. */
export const TYPO_CHECK_CHARACTERS = 100;

/** An operator's template; its output is split, so it may exceed one part. */
export const TEMPLATE_CHARACTERS = 4_000;

export const VARIABLE_CHARACTERS = 4_000;

export const VARIABLES_PER_CONVERSATION = 100;

/** All variables of a conversation together: they are read and written in every turn. */
export const CONVERSATION_VARIABLE_CHARACTERS = 50_000;

/**
 * Budget of one rendering: characters of every output plus steps of every loop. Time cannot be measured, because
 * workerd's clock stands still.
 */
export const TEMPLATE_MEMORY_UNITS = 50_000;

/**
 * A number, a date, an address or a phone number with a few words around it; an e-mail address alone may have 254
 * characters.
 */
export const VALUE_CHARACTERS = 400;

/** Formatters of money and dates that an isolate caches: creating one takes a hundred times as long as using it. */
export const FORMATS_CACHED = 200;

/** Languages whose names of months and days an isolate caches. */
export const LANGUAGE_NAMES_CACHED = 50;
