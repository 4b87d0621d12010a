/** Two of Twilio's segments; a longer text tells a story that an agent must read. */
export const OPT_OUT_CHARACTERS = 320;

/** Ledger entries in one write to D1; each needs two of the statements that one batch may have. */
export const CONSENTS_PER_SYNC = 40;

/** D1 answers within seconds, or not at all. */
export const D1_SYNC_TIMEOUT_MILLISECONDS = 60_000;

/** Ledger entries of a contact that the API returns, latest first; contacts change their minds only a few times. */
export const CONSENT_HISTORY_ENTRIES = 200;

/** Rows of one import; each may wake an object, and one request may make a thousand such calls. */
export const CONSENT_IMPORT_ROWS = 500;

/** Proof of consent: where, when and how it was given, or a link to that. */
export const PROOF_CHARACTERS = 1_000;
