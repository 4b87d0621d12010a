/** The largest document an admin writes is a topic. */
export const ADMIN_BODY_BYTES = 512 * 1024;

/** Who saves an application waits so long for each of its assistant's locations. */
export const PROBE_TIMEOUT_SECONDS = 10;

/** Of a conversation that an operator tries: each text is asked for real, and they wait. */
export const DRY_RUN_TEXTS = 10;

/** A conversation that is tried ends after this long: a proxy on the way gives up after 100 s. */
export const DRY_RUN_MILLISECONDS_MAXIMUM = 90_000;

/** What a trial may ask of the operator's systems: a topic may ask again and again without a text. */
export const DRY_RUN_REQUESTS = 100;

/** A longer pause of an assistant's is skipped in a trial; shorter ones are waits for an answer. */
export const DRY_RUN_PAUSE_SECONDS = 5;

export const PAGE_ITEMS_DEFAULT = 50;

export const PAGE_ITEMS_MAXIMUM = 200;

/** Senders that are called at the same time for one request of an admin's. */
export const SENDERS_AT_ONCE = 10;

/** Rows of one import: each is a call of a Sender, of which a request may make 1,000. */
export const SUBSCRIBER_IMPORT_ROWS = 500;

/** What an export reads from D1 at a time. */
export const EXPORT_ROWS_PER_READ = 1_000;
