/** Twilio's webhooks stay under 10 KB; ten media with long URLs stay under this. */
export const WEBHOOK_BODY_BYTES = 64 * 1024;

/** Twilio refuses a longer Body with error 21617. */
export const PART_TEXT_CHARACTERS = 1_600;

/** Twilio takes and delivers no more media in one message (error 21623). */
export const MEDIA_PER_MESSAGE = 10;

/** Twilio waits 15 s for the fallback URL; the person must hear something before that. */
export const FALLBACK_WAIT_MILLISECONDS = 9_000;

/** Twilio's create usually answers within a second. */
export const SEND_TIMEOUT_MILLISECONDS = 20_000;

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

/** What Twilio carries of a number a second where it is not told otherwise: more waits in Twilio's queue, answers too. */
export const SEGMENTS_PER_SECOND = { "long-code": 1, "toll-free": 3, "short-code": 100 } as const;

/** Of what an operator may say that Twilio carries of a number a second. */
export const SEGMENTS_PER_SECOND_MAXIMUM = 1_000;
