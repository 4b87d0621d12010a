/** Everything the emulator keeps or reads has its end here, with its unit in the name and the reason beside it. */

/** Twilio refuses a longer Body with error 21617. */
export const BODY_CHARACTERS = 1_600;

/** Twilio takes no more media in one message (error 21623). */
export const MEDIA_PER_MESSAGE = 10;

/** Twilio's limit for pictures; the same for every kind of file here. */
export const MEDIA_BYTES = 5 * 1024 * 1024;

/** How long the emulator waits for a media URL of an outbound message. */
export const MEDIA_FETCH_MILLISECONDS = 15_000;

/** How long the address that a media resource redirects to may be used, as at Twilio. */
export const MEDIA_LINK_MILLISECONDS = 4 * 3_600_000;

/** A REST form: a body of 1,600 characters and ten long URLs stay far under it. */
export const FORM_BYTES = 256 * 1024;

/** A JSON document of the emulator's own interface. */
export const JSON_BYTES = 64 * 1024;

/** A text from a phone, with as many and as large files as Twilio takes. */
export const PHONE_MESSAGE_BYTES = MEDIA_PER_MESSAGE * MEDIA_BYTES + 1024 * 1024;

/** Twilio's limit for TwiML (error 11750). */
export const ANSWER_BYTES = 64 * 1024;

/** What `WebhookAttempt.answer` shows of an answer. */
export const ANSWER_SHOWN_CHARACTERS = 2_000;

export const ATTEMPTS_KEPT = 1_000;

/** The oldest are forgotten beyond it: hours under load, and some 100 MB at most. */
export const MESSAGES_KEPT = 100_000;

/** What `GET /emulator/state` shows; lists and transcripts reach further back. */
export const MESSAGES_IN_STATE = 5_000;

/** The oldest media are forgotten beyond it. */
export const MEDIA_BYTES_KEPT = 256 * 1024 * 1024;

/** A page that reconnects gets what it missed, if it did not miss more than this. */
export const EVENTS_KEPT = 1_000;

/** A reader of events that is further behind than this is cut off; it may connect again. */
export const EVENTS_UNREAD = 5_000;

export const HEARTBEAT_MILLISECONDS = 15_000;

/** Twilio gives up on longer chains of HTTP redirects (error 11215). */
export const MAXIMUM_REDIRECTS = 10;

/** More connections at once overflow the queue of a server on the same machine, and are then tried again a second later. */
export const WEBHOOKS_AT_ONCE = 200;

/** One webhook may answer with this many verbs, <Redirect>s included. */
export const VERBS_PER_WEBHOOK = 30;

/** Pages of a REST list. */
export const PAGE_SIZE_DEFAULT = 50;
export const PAGE_SIZE_MAXIMUM = 1_000;

/** Twilio's upper end for ValidityPeriod, in seconds. */
export const VALIDITY_SECONDS = 36_000;

/** Twilio refuses a longer StatusCallback with error 21609. */
export const URL_CHARACTERS = 4_000;

/** The longest that a fault holds an answer or a webhook back. */
export const FAULT_DELAY_MILLISECONDS = 60_000;

/** Parley waits 60 s before it believes a list; a list that lags less than this is one that it can live with. */
export const LIST_LAG_MILLISECONDS = 59_000;

/** Twilio's retries after the first delivery of a webhook make five in all. */
export const WEBHOOK_COPIES = 5;

/** How long a create is held back for a callback that is to come before its answer. */
export const EARLY_CALLBACK_MILLISECONDS = 5_000;

/** Things whose draws are counted, so that the second attempt draws anew; the oldest are forgotten beyond it. */
export const FAULT_SUBJECTS_KEPT = 200_000;
