/** All limits of the emulator; names end with the unit. */

/** Twilio refuses a longer Body with error 21617. */
export const BODY_CHARACTERS = 1_600;

/** Twilio refuses a message with more media with error 21623. */
export const MEDIA_PER_MESSAGE = 10;

/** Twilio's limit for images; the emulator applies it to all files. */
export const MEDIA_BYTES = 5 * 1024 * 1024;

/** How long the emulator waits for a media URL of an outbound message. */
export const MEDIA_FETCH_MILLISECONDS = 15_000;

/** Validity of the URL that a media resource redirects to, as at Twilio. */
export const MEDIA_LINK_MILLISECONDS = 4 * 3_600_000;

/** Form body of a REST request; a text of 1,600 characters with ten long URLs is far smaller. */
export const FORM_BYTES = 256 * 1024;

/** JSON body of a request to the control API. */
export const JSON_BYTES = 64 * 1024;

/** Form with a phone's text and the largest files that Twilio accepts. */
export const PHONE_MESSAGE_BYTES = MEDIA_PER_MESSAGE * MEDIA_BYTES + 1024 * 1024;

/** Twilio's limit for TwiML (error 11750). */
export const ANSWER_BYTES = 64 * 1024;

/** Part of a response body that `WebhookAttempt.answer` shows. */
export const ANSWER_SHOWN_CHARACTERS = 2_000;

export const ATTEMPTS_KEPT = 1_000;

/** Enough for hours under load, at most about 100 MB; then the oldest messages are evicted. */
export const MESSAGES_KEPT = 100_000;

/** Messages in `GET /emulator/state`; lists and transcripts contain older ones, too. */
export const MESSAGES_IN_STATE = 5_000;

/** The oldest media beyond this are evicted. */
export const MEDIA_BYTES_KEPT = 256 * 1024 * 1024;

/** A page that reconnects receives the events that it missed, up to this number. */
export const EVENTS_KEPT = 1_000;

/** A reader of events that is further behind is disconnected; it may reconnect. */
export const EVENTS_UNREAD = 5_000;

export const HEARTBEAT_MILLISECONDS = 15_000;

/** Twilio gives up on longer chains of HTTP redirects (error 11215). */
export const MAXIMUM_REDIRECTS = 10;

/** More connections at once overflow the accept queue of a local server, whose TCP retries take a second each. */
export const WEBHOOKS_AT_ONCE = 200;

/** TwiML verbs per webhook, including <Redirect>. */
export const VERBS_PER_WEBHOOK = 30;

/** Page sizes of a REST list. */
export const PAGE_SIZE_DEFAULT = 50;
export const PAGE_SIZE_MAXIMUM = 1_000;

/** Twilio's maximum ValidityPeriod. */
export const VALIDITY_SECONDS = 36_000;

/** Twilio refuses a longer StatusCallback with error 21609. */
export const URL_CHARACTERS = 4_000;

/** Longest delay of a response or webhook by a fault. */
export const FAULT_DELAY_MILLISECONDS = 60_000;

/** Parley waits 60 s before it trusts a list, so a lag below this does no harm. */
export const LIST_LAG_MILLISECONDS = 59_000;

/** Most deliveries of one webhook that a plan may ask for. */
export const WEBHOOK_COPIES = 5;

/** How long the response to a create request waits for an early callback. */
export const EARLY_CALLBACK_MILLISECONDS = 5_000;

/** Subjects whose tries are counted, so that each try draws again; the oldest beyond this are evicted. */
export const FAULT_SUBJECTS_KEPT = 200_000;
