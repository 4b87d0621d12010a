/** Twilio's two segments; who writes more than that tells a story, which somebody must read. */
export const OPT_OUT_CHARACTERS = 320;

/** Entries of a sender's ledger that D1 is told of at once; each is two of the statements that one batch may have. */
export const CONSENTS_PER_SYNC = 40;

/** D1 answers within seconds, or not at all. */
export const D1_SYNC_TIMEOUT_MILLISECONDS = 60_000;

/** What the API shows of a sender's ledger, the latest first; people change their minds a few times. */
export const CONSENT_HISTORY_ENTRIES = 200;

/** Rows of one import; each may wake an object, and a request may make a thousand such calls. */
export const CONSENT_IMPORT_ROWS = 500;

/** Of a statement of consent: where, when and how it was given, or a link to that. */
export const PROOF_CHARACTERS = 1_000;
