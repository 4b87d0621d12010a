/** Unknown names for which similar ones are suggested: each suggestion compares all names. */
export const NAMES_GUESSED = 200;

export const TOPICS_PER_APPLICATION = 200;

/** Publications of a topic or an application; older ones can be neither republished nor continued. */
export const PUBLICATIONS_KEPT = 200;

/**
 * Older versions of applications that an isolate caches for the conversations on them; each may take some megabytes.
 */
export const PAST_VERSIONS_CACHED = 20;

/** Every isolate holds all testers in memory; for more people, publish the topic. */
export const TESTERS_PER_TOPIC = 20;

/** Testers expire, so that no phone stays on a draft by accident. */
export const TESTER_MILLISECONDS = 7 * 24 * 3_600_000;

/** After this long a warm isolate asks D1 in the background whether the configuration has changed … */
export const CONFIGURATION_FRESH_MILLISECONDS = 8_000;

/** … and after this long it waits for the answer, so that every change is everywhere within 15 s … */
export const CONFIGURATION_STALE_MILLISECONDS = 13_000;

/** … but no longer than this: an old configuration answers better than none. */
export const CONFIGURATION_WAIT_MILLISECONDS = 1_500;

/** Timeout of a load at a cold start, with no older configuration to serve. */
export const CONFIGURATION_COLD_WAIT_MILLISECONDS = 10_000;

/** IBM's session timeout, in seconds. */
export const IDLE_SECONDS_DEFAULT = 3_600;

export const IDLE_SECONDS_MAXIMUM = 30 * 24 * 3_600;
