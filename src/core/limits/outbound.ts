/** After this many failures in a row at a location … */
export const CIRCUIT_FAILURES = 5;

/** … the circuit breaker of that assistant stays open for this long. */
export const CIRCUIT_OPEN_MILLISECONDS = 60_000;

/** Locations whose failures an isolate remembers. */
export const CIRCUITS_CACHED = 1_000;

/** The contact is waiting; a system that needs longer can reply at once and send the rest later. */
export const OUTBOUND_TIMEOUT_MILLISECONDS = 10_000;

/** A response becomes variables and a few texts. Decompressed size. */
export const OUTBOUND_BODY_BYTES = 256 * 1024;

/** http to https, a new host, and one more. */
export const OUTBOUND_REDIRECTS = 3;

export const OUTBOUND_HEADERS = 30;

/** Servers and proxies accept 8,000 characters (RFC 9110 §4.1). */
export const OUTBOUND_URL_CHARACTERS = 8_000;
