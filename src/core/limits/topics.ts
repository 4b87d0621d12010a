/** A topic that walks this far without waiting for the person is going in circles. */
export const STEPS_PER_TURN = 100;

/** A topic that asks the operator's systems so often without waiting for the person, or a while, is going in circles, and the person cannot leave. */
export const REQUESTS_IN_A_ROW = 20;

/** How deep topics may go into one another and come back. */
export const TOPIC_RETURN_DEPTH = 20;

/** So many questions can be gone back to; they are read and written in every turn. */
export const TRAIL_QUESTIONS = 20;

/** A pause, a reminder and giving up are of one conversation, which ends when it has been idle as long. */
export const PAUSE_SECONDS_MAXIMUM = 7 * 24 * 3_600;

/** Longer documents belong into several topics. */
export const STEPS_PER_TOPIC = 1_000;

/** What a phone shows of a card without scrolling, about; and of links. */
export const CARD_FIELDS = 10;
export const LINKS_PER_STEP = 10;

/** A longer menu cannot be read on a phone. */
export const OPTIONS_PER_CHOICE = 20;

/** Of a list that the operator's system gives; a longer one is cut, and the journal says so. */
export const OPTIONS_PER_REQUEST = 100;

/** A line of a menu; a longer one of the operator's system is cut. In characters as a reader sees them. */
export const LABEL_CHARACTERS = 160;

/** What is kept of a choice instead of its label: an id, a code. */
export const OPTION_VALUE_CHARACTERS = 400;

/** Of one language; some are rendered with what is a person's own, so that there is no end to them. */
export const LABELS_CACHED = 1_000;

/** Short texts and labels that an isolate keeps ready to be compared. */
export const TEXTS_CACHED = 500;

/** An order number, a licence plate, an IBAN. */
export const PATTERN_CHARACTERS = 60;

/** ServiceNow's page, and about one phone's screen. */
export const OPTIONS_PER_PAGE = 10;

export const KEYWORDS_PER_TOPIC = 50;

/** What one answer says of a document, at most, and how many of the rest there are: nobody reads more at once. */
export const PROBLEMS_PER_ANSWER = 200;

/** How deep lists and objects may stand in one another in a topic; the deepest that make sense are in the body of a request. */
export const TOPIC_DEPTH = 32;

/** More characters than these that SMS lacks are another alphabet, where nothing can be saved by writing others. */
export const NON_GSM_CHARACTERS = 5;

/** A text of more segments is read by nobody, and each is paid for. */
export const SEGMENTS_PER_TEXT = 10;

/** Typing mistakes are looked for in short texts only: nobody chooses with a longer one. */
export const TYPO_CHECK_CHARACTERS = 100;

/** A template of the operator's; what it renders to is split, so it may exceed one part. */
export const TEMPLATE_CHARACTERS = 4_000;

export const VARIABLE_CHARACTERS = 4_000;

export const VARIABLES_PER_CONVERSATION = 100;

/** All variables of a conversation together: they are read and written in every turn. */
export const CONVERSATION_VARIABLE_CHARACTERS = 50_000;

/** What one rendering may produce and walk through: characters of every output, steps of every loop. Time cannot be counted, workerd's clock stands still. */
export const TEMPLATE_MEMORY_UNITS = 50_000;

/** A number, a date, an address or a phone number with a few words around it: an e-mail address alone may have 254. */
export const VALUE_CHARACTERS = 400;

/** Ways to write money, and dates, that an isolate keeps ready: making one takes a hundred times as long as using it. */
export const FORMATS_CACHED = 200;

/** Languages whose names of months and days an isolate keeps ready. */
export const LANGUAGE_NAMES_CACHED = 50;
