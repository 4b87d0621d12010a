/** An assistant that has failed so often in a row at a location … */
export const CIRCUIT_FAILURES = 5;

/** … is left alone there for so long. */
export const CIRCUIT_OPEN_MILLISECONDS = 60_000;

/** Locations whose failures an isolate remembers. */
export const CIRCUITS_CACHED = 1_000;

/** The person is waiting; who needs longer answers at once and sends the rest later. */
export const OUTBOUND_TIMEOUT_MILLISECONDS = 10_000;

/** An answer becomes variables and a few texts. Decompressed. */
export const OUTBOUND_BODY_BYTES = 256 * 1024;

/** http to https, a new host, and one more. */
export const OUTBOUND_REDIRECTS = 3;

export const OUTBOUND_HEADERS = 30;

/** What servers and proxies take without fail is 8,000 (RFC 9110 §4.1). */
export const OUTBOUND_URL_CHARACTERS = 8_000;
