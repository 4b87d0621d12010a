/** Moves of a connector for one text: half a minute of polling once a second, with some to spare. */
export const CONNECTOR_MOVES = 100;

/**
 * The conversation so far, as a model gets it. A token has three characters at most, and the history is read and
 * written in every turn.
 */
export const HISTORY_TOKENS_MAXIMUM = 8_000;

/** Tokens of one turn with a model, function results included; a turn that needs more is not answering a text. */
export const MODEL_TURN_TOKENS = 16_000;

/** Texts from the contact that a model gets: five of the longest, joined. */
export const MODEL_TEXT_CHARACTERS = 8_000;

/** One completion of a model: more than the longest reply that can be sent. */
export const COMPLETION_CHARACTERS = 20_000;

/** Requests to a model for one text; it calls functions in between. */
export const COMPLETIONS_PER_TURN = 8;

/** Functions that a model calls in one completion. */
export const CALLS_PER_COMPLETION = 10;

/** Arguments of a function call: fifty options with their labels, with some to spare. */
export const CALL_ARGUMENT_CHARACTERS = 8_000;

/** About what the most expensive models count for a phone's photo. */
export const PICTURE_TOKENS = 1_100;

/** The operator's instructions to a model; they are sent with every request. */
export const INSTRUCTIONS_CHARACTERS = 20_000;

/** Each topic is described in every request, and a model chooses badly among more. */
export const TOPICS_PER_MODEL = 50;

/** A longer option is hard to read in a numbered list. */
export const OPTION_LABEL_CHARACTERS = 100;

/** The latest questions and answers of a topic, for the model that started it. */
export const TOPIC_SUMMARY_CHARACTERS = 3_000;

/** Depth of a bot's activities: as deep as the deepest adaptive cards, and still possible to store. */
export const ACTIVITY_DEPTH = 64;

/** One poll returns what a bot has sent since the last one, a second or two ago; of more, the newest are used. */
export const ACTIVITIES_PER_POLL = 40;

/** A carousel with more cards is a catalogue. */
export const ATTACHMENTS_PER_MESSAGE = 10;

/** The activities of a turn are stored with each poll until it ends: all that a turn can send, with some to spare. */
export const ACTIVITIES_PER_TURN = 30;

/** The same limit, in characters of JSON. */
export const ACTIVITY_CHARACTERS_PER_TURN = 60_000;

/** A bot that still sends after a minute of polls every second is cut off; a silent one times out earlier. */
export const POLLS_PER_TURN = 60;

/** Ids of the activities of the latest turns, so that nothing is sent twice or too late. */
export const ACTIVITY_IDS_REMEMBERED = 40;

/** The longest silence after which a reply of a bot may count as complete: the contact waits for it each time. */
export const QUIET_SECONDS_MAXIMUM = 10;

/** IBM's read timeout; a request to an assistant is made up to twice. */
export const ASSISTANT_TIMEOUT_SECONDS = 30;

/** Watson rejects longer texts, and more attachments. */
export const WATSON_TEXT_CHARACTERS = 2_048;
export const WATSON_ATTACHMENTS = 5;

/** A Watson context is read and written in every turn. IBM's own limit is 250 KB. */
export const WATSON_CONTEXT_CHARACTERS = 50_000;

/**
 * Turns that Watson may force after one text of the contact (`smsActForceNoInputTurn`); more means a dialog that
 * loops.
 */
export const WATSON_FORCED_TURNS = 3;

/** Text sent before a forced turn is stored until that turn ends; more would be too much for one text anyway. */
export const WATSON_PENDING_CHARACTERS = 20_000;

/** Responses in one Watson message; a turn sends ten messages at most. */
export const WATSON_RESPONSES = 100;
export const WATSON_COMMANDS = 20;

/**
 * Data that Watson wants back with an option or a suggestion (intents, entities); if it is longer, only the text is
 * kept.
 */
export const WATSON_OPTION_CHARACTERS = 4_000;

/** Text in front of an option, such as "Press %s for " in an SMS. */
export const OPTION_PREFIX_CHARACTERS = 40;

/** Contacts do not wait longer than this for a reply. */
export const CALLBACK_SECONDS_MAXIMUM = 600;
