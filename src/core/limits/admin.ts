/** Topics are the largest documents that the API receives. */
export const ADMIN_BODY_BYTES = 512 * 1024;

/** Saving an application waits this long for each location of its assistant. */
export const PROBE_TIMEOUT_SECONDS = 10;

/** Texts of one dry run: each one makes real requests while the operator waits. */
export const DRY_RUN_TEXTS = 10;

/** A dry run ends after this time: a proxy on the way may give up after 100 s. */
export const DRY_RUN_MILLISECONDS_MAXIMUM = 90_000;

/** Requests of one dry run to the operator's systems: a topic may make many of them for one text. */
export const DRY_RUN_REQUESTS = 100;

/** A dry run skips longer pauses of an assistant; shorter ones wait for a reply. */
export const DRY_RUN_PAUSE_SECONDS = 5;

export const PAGE_ITEMS_DEFAULT = 50;

export const PAGE_ITEMS_MAXIMUM = 200;

/** Senders that one admin request calls at the same time. */
export const SENDERS_AT_ONCE = 10;

/** Rows of one import: each calls a Sender, and one request may make 1,000 such calls. */
export const SUBSCRIBER_IMPORT_ROWS = 500;

/** Rows that an export reads from D1 at a time. */
export const EXPORT_ROWS_PER_READ = 1_000;
