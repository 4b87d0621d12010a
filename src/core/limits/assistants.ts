/** What a connector may do for one text: half a minute of looking for an answer once a second, and some to spare. */
export const CONNECTOR_MOVES = 100;

/** Of a conversation so far, for a model: three characters each at most, and they are read and written in every turn. */
export const HISTORY_TOKENS_MAXIMUM = 8_000;

/** What one turn with a model may take, with all that functions have answered; a longer one is no answer to a text. */
export const MODEL_TURN_TOKENS = 16_000;

/** Of what a person has texted, for a model: five of the longest texts, joined. */
export const MODEL_TEXT_CHARACTERS = 8_000;

/** Of what a model says at once: more than the longest answer that may be sent. */
export const COMPLETION_CHARACTERS = 20_000;

/** How often a model is asked for one text; it calls functions in between. */
export const COMPLETIONS_PER_TURN = 8;

/** What a model calls at once. */
export const CALLS_PER_COMPLETION = 10;

/** Arguments of a function: fifty options with their labels, and some to spare. */
export const CALL_ARGUMENT_CHARACTERS = 8_000;

/** About what the dearest models count for a photo of a phone. */
export const PICTURE_TOKENS = 1_100;

/** What a model's operator tells it; sent with every request. */
export const INSTRUCTIONS_CHARACTERS = 20_000;

/** Each is described in every request; a model chooses badly among more. */
export const TOPICS_PER_MODEL = 50;

/** A longer option cannot be read in a numbered list. */
export const OPTION_LABEL_CHARACTERS = 100;

/** What a model reads of a topic that it has begun: the last questions and answers. */
export const TOPIC_SUMMARY_CHARACTERS = 3_000;

/** Of the activities of a bot: as deep as the deepest adaptive cards, and a value that can be stored. */
export const ACTIVITY_DEPTH = 64;

/** One poll of a bot brings what it has said since the last one, a second or two ago; of more the newest count. */
export const ACTIVITIES_PER_POLL = 40;

/** A carousel of more cards is a catalogue. */
export const ATTACHMENTS_PER_MESSAGE = 10;

/** What a bot says in one turn is stored with each poll until it is done: all that a turn can send, and some to spare. */
export const ACTIVITIES_PER_TURN = 30;

/** The same, in characters of JSON. */
export const ACTIVITY_CHARACTERS_PER_TURN = 60_000;

/** A bot that says something new each second for a minute has said enough; a silent one is given up by the time that it has. */
export const POLLS_PER_TURN = 60;

/** Ids of activities, so that nothing is said twice or too late: those of some turns. */
export const ACTIVITY_IDS_REMEMBERED = 40;

/** A person waits so long for each answer. */
export const QUIET_SECONDS_MAXIMUM = 10;

/** IBM's read timeout: an assistant is waited for so long, twice. */
export const ASSISTANT_TIMEOUT_SECONDS = 30;

/** Watson refuses a longer text, and more attachments. */
export const WATSON_TEXT_CHARACTERS = 2_048;
export const WATSON_ATTACHMENTS = 5;

/** A context of Watson's that Parley carries: it is read and written in every turn. IBM's own limit is 250 KB. */
export const WATSON_CONTEXT_CHARACTERS = 50_000;

/** Turns that Watson may force after one text of the person's (`smsActForceNoInputTurn`); more is a dialog that goes in circles. */
export const WATSON_FORCED_TURNS = 3;

/** What is said before a forced turn is stored until that is over; who has said more has said enough for one text. */
export const WATSON_PENDING_CHARACTERS = 20_000;

/** What one answer of Watson's may hold; a turn sends ten messages at most. */
export const WATSON_RESPONSES = 100;
export const WATSON_COMMANDS = 20;

/** What Watson wants back with an option or a suggestion (intents, entities); of a longer one only the text is kept. */
export const WATSON_OPTION_CHARACTERS = 4_000;

/** What stands before an option: "Press %s for " and the like, in an SMS. */
export const OPTION_PREFIX_CHARACTERS = 40;

/** Later than this nobody waits for an answer any more. */
export const CALLBACK_SECONDS_MAXIMUM = 600;
