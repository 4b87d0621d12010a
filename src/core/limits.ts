/** Everything that can grow has its end here, with its unit in the name and the reason beside it. */

/** Twilio's webhooks stay under 10 KB; ten media with long URLs stay under this. */
export const WEBHOOK_BODY_BYTES = 64 * 1024;

/** The largest document an admin writes is a topic. */
export const ADMIN_BODY_BYTES = 512 * 1024;

/** Twilio refuses a longer Body with error 21617. */
export const PART_TEXT_CHARACTERS = 1_600;

/** Twilio takes and delivers no more media in one message (error 21623). */
export const MESSAGE_MEDIA = 10;

/** What one turn may send; a topic that says more is cut, and the journal says so. */
export const PARTS_PER_TURN = 10;

/** A topic that walks this far without waiting for the person is going in circles. */
export const STEPS_PER_TURN = 100;

/** A topic that asks the operator's systems so often without waiting for the person, or a while, is going in circles, and the person cannot leave. */
export const REQUESTS_IN_A_ROW = 20;

/** How deep topics may go into one another and come back. */
export const TOPIC_RETURNS = 20;

/** How often the alarm looks whether the request of an assistant is still being made; where it died with its object, it is made again. */
export const REQUEST_PATIENCE_MILLISECONDS = 15_000;

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
export const TOPIC_ACCOUNT_CHARACTERS = 3_000;

/** Of the activities of a bot: as deep as the deepest adaptive cards, and a value that can be stored. */
export const ACTIVITY_DEPTH = 64;

/** One poll of a bot brings what it has said since the last one, a second or two ago; of more the newest count. */
export const ACTIVITIES_PER_POLL = 40;

/** A carousel of more cards is a catalogue. */
export const ATTACHMENTS_PER_MESSAGE = 10;

/** What a bot says in one turn is stored with each poll until it is done: all that a turn can send, and some to spare. */
export const ACTIVITIES_PER_TURN = 30;

/** The same, in characters of JSON. */
export const GATHERED_CHARACTERS = 60_000;

/** A bot that says something new each second for a minute has said enough; a silent one is given up by the time that it has. */
export const POLLS_PER_TURN = 60;

/** Ids of activities, so that nothing is said twice or too late: those of some turns. */
export const IDS_REMEMBERED = 40;

/** A person waits so long for each answer. */
export const QUIET_SECONDS_MAXIMUM = 10;

/** An assistant that has failed so often in a row at a location … */
export const CIRCUIT_FAILURES = 5;

/** … is left alone there for so long. */
export const CIRCUIT_REST_MILLISECONDS = 60_000;

/** Locations whose failures an isolate remembers. */
export const CIRCUITS_KEPT = 1_000;

/** IBM's read timeout: an assistant is waited for so long, twice. */
export const ASSISTANT_TIMEOUT_SECONDS = 30;

/** Who saves an application waits so long for each of its assistant's locations. */
export const PROBE_TIMEOUT_SECONDS = 10;

/** Of a conversation that an operator tries: each text is asked for real, and they wait. */
export const TRIAL_TEXTS = 10;

/** A conversation that is tried ends after this long: a proxy on the way gives up after 100 s. */
export const TRIAL_MILLISECONDS_MAXIMUM = 90_000;

/** What a trial may ask of the operator's systems: a topic may ask again and again without a text. */
export const TRIAL_REQUESTS = 100;

/** A longer pause of an assistant's is skipped in a trial; shorter ones are waits for an answer. */
export const TRIAL_PAUSE_SECONDS = 5;

/** Watson refuses a longer text, and more attachments. */
export const WATSON_TEXT_CHARACTERS = 2_048;
export const WATSON_ATTACHMENTS = 5;

/** A context of Watson's that Parley carries: it is read and written in every turn. IBM's own limit is 250 KB. */
export const WATSON_CONTEXT_CHARACTERS = 50_000;

/** Turns that Watson may force after one text of the person's (`smsActForceNoInputTurn`); more is a dialog that goes in circles. */
export const WATSON_FORCED_TURNS = 3;

/** What is said before a forced turn is stored until that is over; who has said more has said enough for one text. */
export const WATSON_SAID_CHARACTERS = 20_000;

/** What one answer of Watson's may hold; a turn sends ten messages at most. */
export const WATSON_RESPONSES = 100;
export const WATSON_COMMANDS = 20;

/** What Watson wants back with an option or a suggestion (intents, entities); of a longer one only the text is kept. */
export const WATSON_OPTION_CHARACTERS = 4_000;

/** What stands before an option: "Press %s for " and the like, in an SMS. */
export const OPTION_PREFIX_CHARACTERS = 40;

/** Later than this nobody waits for an answer any more. */
export const CALLBACK_SECONDS_MAXIMUM = 600;

/** A request that has not come to an end for so long, whatever was tried, has failed. */
export const REQUEST_UNHEARD_MILLISECONDS = 10 * 60_000;

/** A turn remembers so many of its assistant's requests: a topic may ask again and again without a text. */
export const EXCHANGES_PER_TURN = 50;

/** A request with its answer that is longer is not kept: the turn is read and written with it, and topics use a few fields of an answer. */
export const EXCHANGE_CHARACTERS = 4_000;

/** What is longer is exported in part; a conversation on a phone rarely has a hundred turns. */
export const CHAT_TURNS = 1_000;

/** What may happen in a played conversation before the next line of it; more is a topic that goes in circles. */
export const CHAT_EVENTS_PER_LINE = 10_000;

/** The longest `wait` of a conversation as text, in seconds: whatever is due has happened by then. */
export const CHAT_WAIT_SECONDS = 366 * 24 * 3_600;

/** Masking tries to keep runs of so many words, among the first words of a text: labels and keywords are short. */
export const MASK_KEPT_WORDS = 6;
export const MASK_WORDS = 30;

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
export const LABELS_REMEMBERED = 1_000;

/** Short texts and labels that an isolate keeps ready to be compared. */
export const TEXTS_REMEMBERED = 500;

/** An order number, a licence plate, an IBAN. */
export const PATTERN_CHARACTERS = 60;

/** ServiceNow's page, and about one phone's screen. */
export const OPTIONS_PER_PAGE = 10;

export const KEYWORDS_PER_TOPIC = 50;

/** What one answer says of a document, at most, and how many of the rest there are: nobody reads more at once. */
export const PROBLEMS_PER_ANSWER = 200;

/** For so many names that are not there the nearest that is there is looked for: each look goes through all of them. */
export const NAMES_GUESSED = 200;

/** How deep lists and objects may stand in one another in a topic; the deepest that make sense are in the body of a request. */
export const TOPIC_DEPTH = 32;

/** More characters than these that SMS lacks are another alphabet, where nothing can be saved by writing others. */
export const ODD_CHARACTERS = 5;

/** A text of more segments is read by nobody, and each is paid for. */
export const SEGMENTS_PER_TEXT = 10;

export const TOPICS_PER_APPLICATION = 200;

/** Of a topic or an application; what is older can be neither brought back nor gone on with. */
export const PUBLICATIONS_KEPT = 200;

/** Older versions of applications that an isolate keeps for the conversations on them; each may be some megabytes of documents. */
export const PAST_VERSIONS_KEPT = 20;

/** Every isolate has all trials in its memory; more people than that get a publication. */
export const TRIALS_PER_TOPIC = 20;

/** Nobody is to be forgotten on a draft. */
export const TRIAL_MILLISECONDS = 7 * 24 * 3_600_000;

/** Typing mistakes are looked for in short texts only: nobody chooses with a longer one. */
export const TYPED_CHARACTERS = 100;

/** A template of the operator's; what it renders to is split, so it may exceed one part. */
export const TEMPLATE_CHARACTERS = 4_000;

export const VARIABLE_CHARACTERS = 4_000;

export const VARIABLES_PER_CONVERSATION = 100;

/** All variables of a conversation together: they are read and written in every turn. */
export const MEMORY_CHARACTERS = 50_000;

/** What one rendering may produce and walk through: characters of every output, steps of every loop. Time cannot be counted, workerd's clock stands still. */
export const TEMPLATE_MEMORY_UNITS = 50_000;

/** After this long a warm isolate asks D1 in the background whether the configuration has changed … */
export const CONFIGURATION_FRESH_MILLISECONDS = 8_000;

/** … and after this long it waits for the answer, so that every change is everywhere within 15 s … */
export const CONFIGURATION_STALE_MILLISECONDS = 13_000;

/** … but no longer than this: an old configuration answers better than none. */
export const CONFIGURATION_WAIT_MILLISECONDS = 1_500;

/** A load at a cold start, where there is nothing older to serve. */
export const CONFIGURATION_COLD_WAIT_MILLISECONDS = 10_000;

/** Twilio waits 15 s for the fallback URL; the person must hear something before that. */
export const FALLBACK_WAIT_MILLISECONDS = 9_000;

/** Twilio's create usually answers within a second. */
export const SEND_TIMEOUT_MILLISECONDS = 20_000;

/** Twilio's list may lag behind its create; after this long it shows what was taken. */
export const SETTLE_AFTER_MILLISECONDS = 60_000;

/** Carriers may deliver out of order what is sent at once: the next part of an answer waits so long for Twilio's report on the one before. */
export const PART_WAIT_MILLISECONDS = 5_000;

/** How often Twilio is asked about a part in doubt before it is shown as `unknown`. */
export const SETTLE_TRIES = 10;

/** A sender in trouble that is so late has lost its alarm, or its object cannot start. */
export const SWEEP_AFTER_MILLISECONDS = 2 * 60_000;

/** What one sweep wakes at most; the next one, five minutes later, goes on. */
export const SWEEP_SENDERS = 200;

/** How often a part that Twilio has certainly not taken is sent again. */
export const SEND_TRIES = 10;

/** A longer Retry-After is not believed: everything else for the person waits behind the part. */
export const RETRY_AFTER_CEILING_MILLISECONDS = 5 * 60_000;

/** While an account's credentials or the configuration cannot be had, how often that is tried again … */
export const ACCOUNT_WAIT_MILLISECONDS = 30_000;

/** … and how old a text may become before its answer is given up. */
export const UNSENT_ANSWER_MILLISECONDS = 24 * 3_600_000;

export const RETRY_BASE_MILLISECONDS = 1_000;

export const RETRY_CEILING_MILLISECONDS = 60_000;

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
export const MEDIA_HANDED_SECONDS = 14 * 24 * 3_600;

/** The person waits too: after this time an assistant goes on, though nobody knows yet what becomes of our copy. */
export const FILE_WAIT_MILLISECONDS = 30_000;

/** Who opens such a URL before we have the file is asked to come again after this time. */
export const MEDIA_NOT_YET_SECONDS = 5;

export const PAGE_ITEMS_DEFAULT = 50;

export const PAGE_ITEMS_MAXIMUM = 200;

/** As IBM's session timeout, in seconds. */
export const IDLE_SECONDS_DEFAULT = 3_600;

export const IDLE_SECONDS_MAXIMUM = 30 * 24 * 3_600;

/** What an isolate writes of refused webhooks, at most: once in so long … */
export const REFUSALS_FLUSH_MILLISECONDS = 10_000;

/** … so many different ones (more are not counted: a flood must not fill the memory) … */
export const REFUSALS_PER_FLUSH = 100;

/** … after looking into so many signatures that did not fit: each look costs up to a hundred HMACs. */
export const DIAGNOSES_PER_FLUSH = 20;

/** Of other accounts whose tokens are tried when a signature does not fit. */
export const DIAGNOSIS_ACCOUNTS = 20;

/** What is kept of an account's refused webhooks; the oldest go first. They are one page of the API. */
export const REFUSALS_PER_ACCOUNT = 200;

/** A hint names a URL; a longer one is cut. */
export const HINT_CHARACTERS = 600;

/** Mornings, afternoons, evenings, and some to spare. */
export const SPANS_PER_DAY = 10;

/** Ten years of twenty; the days of a year are more than that, and belong into the week. */
export const HOLIDAYS_PER_CALENDAR = 200;

/** How far ahead the next opening, or the end of one, is looked for: what opens once a year opens within it. */
export const HOURS_AHEAD_DAYS = 400;

/** A moment at which it is night nowhere that a phone may be is looked for so far ahead; a day later it is the same again, but where clocks change. */
export const QUIET_AHEAD_MILLISECONDS = 3 * 24 * 3_600_000;

/** Sets of zones of which an isolate knows until when they are quiet, or awake; the table of prefixes has about 250. */
export const NIGHTS_KEPT = 1_000;

/** Time zones whose clock an isolate keeps ready. */
export const ZONES_KEPT = 100;

/** The person is waiting; who needs longer answers at once and sends the rest later. */
export const OUTBOUND_TIMEOUT_MILLISECONDS = 10_000;

/** An answer becomes variables and a few texts. Decompressed. */
export const OUTBOUND_BODY_BYTES = 256 * 1024;

/** http to https, a new host, and one more. */
export const OUTBOUND_REDIRECTS = 3;

export const OUTBOUND_HEADERS = 30;

/** What servers and proxies take without fail is 8,000 (RFC 9110 §4.1). */
export const OUTBOUND_URL_CHARACTERS = 8_000;

/** A number, a date, an address or a phone number with a few words around it: an e-mail address alone may have 254. */
export const VALUE_CHARACTERS = 400;

/** A list's title stands in one line of a text. */
export const LIST_TITLE_CHARACTERS = 60;

/** A longer menu of lists cannot be read on a phone. */
export const LISTS_PER_NUMBER = 20;

/** Changes of a sender's subscriptions on a number that D1 has not heard of: it may be away for long, and the state is read with them. */
export const UNTOLD_CHANGES = 200;

/** What one write tells D1 of a sender's changes: two statements for each. */
export const CHANGES_PER_WRITE = 50;

/** Who has been asked "which one?" and answers later than this means something else. */
export const LIST_QUESTION_MILLISECONDS = 3_600_000;

/** As ServiceNow's: an actionable notice that waits longer is not said. */
export const NOTICE_SECONDS_DEFAULT = 8 * 3_600;

export const NOTICE_SECONDS_MAXIMUM = 72 * 3_600;

/** Notices that wait on one line; who has more to say should say it in fewer. */
export const NOTICES_WAITING = 20;

/** What one request notifies; more people are a broadcast. A request of the Worker's may make 1,000 others. */
export const RECIPIENTS_PER_NOTIFICATION = 100;

/** Senders that are called at the same time for one request of an admin's. */
export const SENDERS_AT_ONCE = 10;

/** What a notification's outcome, and its Idempotency-Key, are kept for. */
export const NOTIFICATION_KEPT_MILLISECONDS = 90 * 24 * 3_600_000;

/** Rows of one import: each is a call of a Sender, of which a request may make 1,000. */
export const IMPORT_ROWS = 500;

/** What an export reads from D1 at a time. */
export const EXPORT_ROWS_PER_READ = 1_000;

/** Ways to write money, and dates, that an isolate keeps ready: making one takes a hundred times as long as using it. */
export const FORMATS_KEPT = 200;

/** Languages whose names of months and days an isolate keeps ready. */
export const LANGUAGES_KEPT = 50;

/** ServiceNow's: so many wrong PINs and codes … */
export const LINK_TRIES = 3;

/** … within so long lock a person, until an admin unlocks them. */
export const LINK_TRIES_MILLISECONDS = 24 * 3_600_000;

/** A PIN, a code or a page that was asked for is waited for so long. */
export const LINK_MILLISECONDS = 10 * 60_000;

/** Who answers a question for their PIN so often with something else does not want to, or has none. */
export const LINK_STRAYS = 3;

/** Whoever has just been locked may have sent more guesses: what looks like one is still masked for so long, and not answered. */
export const LINK_MASK_MILLISECONDS = 60_000;

/** How often the alarm looks whether a guess is still being compared. */
export const LINK_PATIENCE_MILLISECONDS = 15_000;

/** Before a look-up or a comparison that failed is made again. */
export const LINK_RETRY_MILLISECONDS = 5_000;

/** Who gives a PIN or a code on a page waits so long for what becomes of it. */
export const LINK_PAGE_WAIT_MILLISECONDS = 20_000;

/** Each round of storing a guess fails only because another has been stored; after three of them there is nothing more to store. */
export const LINK_ROUNDS = 20;

/** A PIN and a few fields. */
export const PAGE_BODY_BYTES = 4 * 1024;

/** A link that nobody has ended ends by itself. */
export const LINK_DAYS_DEFAULT = 30;
export const LINK_DAYS_MAXIMUM = 365;

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
export const SWEEP_CHANGES = 200;

/** Twilio's two segments; who writes more than that tells a story, which somebody must read. */
export const OPT_OUT_CHARACTERS = 320;

/** Entries of a sender's ledger that D1 is told of at once; each is two of the statements that one batch may have. */
export const CONSENTS_PER_TELLING = 40;

/** D1 answers within seconds, or not at all. */
export const TELLING_PATIENCE_MILLISECONDS = 60_000;

/** What the API shows of a sender's ledger, the latest first; people change their minds a few times. */
export const CONSENT_HISTORY_ENTRIES = 200;

/** Rows of one import; each may wake an object, and a request may make a thousand such calls. */
export const CONSENT_IMPORT_ROWS = 500;

/** Of a statement of consent: where, when and how it was given, or a link to that. */
export const PROOF_CHARACTERS = 1_000;

/** Of a broadcast that one message of the queue is for: with a hundred, a recipient costs 0.03 operations of the queue. */
export const RECIPIENTS_PER_LOT = 100;

/** One lot is texted in this time at most; the runtime gives a consumer 15 minutes. */
export const LOT_MILLISECONDS = 120_000;

/** Lots that are given out before the earlier ones are texted, so that the queue's delay makes no gap. */
export const LOTS_AHEAD_MILLISECONDS = 15_000;
export const LOTS_AHEAD_MINIMUM = 2;
export const LOTS_AHEAD_MAXIMUM = 50;

/** Recipients of a broadcast that D1 is asked for at a time. */
export const AUDIENCE_ROWS_PER_READ = 500;

/** A lot is given up after so many failures. */
export const BROADCAST_TRIES = 5;

/** A lot is looked at again so many seconds after the look before, until all its texts have arrived or failed. */
export const BROADCAST_LOOKS_SECONDS: readonly number[] = [300, 3_600, 6 * 3_600, 24 * 3_600, 48 * 3_600];

/** Lots that are looked at, at a time. */
export const LOTS_PER_LOOK = 10;

/** Whoever texts a lot asks so often whether it still may. */
export const LOT_CHECK_MILLISECONDS = 2_000;

/** Recipients of a broadcast whose Senders are asked at a time, by whoever texts a lot. */
export const RECIPIENTS_AT_ONCE = 10;

/** Broadcasts of one number, the ended ones too. */
export const BROADCASTS_PER_NUMBER = 500;

/** After a failure that nobody foresaw, and while D1 or the queue cannot be had, broadcasts go on so much later. */
export const BROADCAST_AGAIN_MILLISECONDS = 5_000;

/** What Twilio carries of a number a second where it is not told otherwise: more waits in Twilio's queue, answers too. */
export const SEGMENTS_PER_SECOND = { "long-code": 1, "toll-free": 3, "short-code": 100 } as const;

/** Of that, broadcasts take this share at most. */
export const BULK_SHARE = 0.8;

/** Of what an operator may say that Twilio carries of a number a second. */
export const SEGMENTS_PER_SECOND_MAXIMUM = 1_000;

/** Of one person's texts: about as fast as anybody taps through a menu, and nobody keeps that up for an hour. */
export const ANSWERS_PER_MINUTE_DEFAULT = 30;
export const ANSWERS_PER_HOUR_DEFAULT = 200;
export const ANSWERS_PER_PERIOD_MAXIMUM = 1_000_000;

/** Who texts too fast hears of it once in so long. */
export const RATE_TOLD_MILLISECONDS = 3_600_000;

/** Exchanges of a line that are compared with the next text: a loop of more than half of them is not seen. */
export const EXCHANGES_COMPARED = 8;

/** After so long without a text what was said before is no evidence of a robot. */
export const LOOP_MEMORY_MILLISECONDS = 10 * 60_000;

/** A robot answers at once, or after a minute at the most; who repeats a long text later means it. */
export const LOOP_PROMPT_MILLISECONDS = 60_000;

/** The Meter answers within milliseconds; a text is not kept waiting for it. */
export const METER_WAIT_MILLISECONDS = 3_000;

/** What is held back of a sender is told to D1 at most once in so long. */
export const HELD_BACK_TELLING_MILLISECONDS = 10_000;

/** How long it is kept what was held back. */
export const HELD_BACK_DAYS = 90;

/** Of the senders of a day and kind, the latest that the API names. */
export const HELD_BACK_SENDERS = 5;
