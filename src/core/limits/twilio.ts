/** Twilio's webhooks stay below 10 KB; ten media with long URLs stay below this. */
export const WEBHOOK_BODY_BYTES = 64 * 1024;

/** Twilio rejects a longer Body with error 21617. */
export const PART_TEXT_CHARACTERS = 1_600;

/** Twilio accepts no more media in one message (error 21623). */
export const MEDIA_PER_MESSAGE = 10;

/** Twilio waits 15 s for the fallback URL; the contact must get a reply before that. */
export const FALLBACK_WAIT_MILLISECONDS = 9_000;

/** Twilio's create usually answers within a second. */
export const SEND_TIMEOUT_MILLISECONDS = 20_000;

/** An isolate records rejected webhooks at most once in this time … */
export const REFUSALS_FLUSH_MILLISECONDS = 10_000;

/** … with this many different ones (more are not counted: a flood must not fill the memory) … */
export const REFUSALS_PER_FLUSH = 100;

/** … after diagnosing this many invalid signatures: each diagnosis costs up to a hundred HMACs. */
export const DIAGNOSES_PER_FLUSH = 20;

/** Other accounts whose tokens are tried if a signature is invalid. */
export const DIAGNOSIS_ACCOUNTS = 20;

/** Rejected webhooks that are kept for an account; the oldest are deleted first. They fit on one page of the API. */
export const REFUSALS_PER_ACCOUNT = 200;

/** A hint names a URL; a longer one is cut. */
export const HINT_CHARACTERS = 600;

/** Twilio's default rate of a number by type; more messages, replies included, wait in Twilio's queue. */
export const SEGMENTS_PER_SECOND = { "long-code": 1, "toll-free": 3, "short-code": 100 } as const;

/** The highest rate that an operator may configure. */
export const SEGMENTS_PER_SECOND_MAXIMUM = 1_000;
