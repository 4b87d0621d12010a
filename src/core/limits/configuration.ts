/** For so many names that are not there the nearest that is there is looked for: each look goes through all of them. */
export const NAMES_GUESSED = 200;

export const TOPICS_PER_APPLICATION = 200;

/** Of a topic or an application; what is older can be neither brought back nor gone on with. */
export const PUBLICATIONS_KEPT = 200;

/** Older versions of applications that an isolate keeps for the conversations on them; each may be some megabytes of documents. */
export const PAST_VERSIONS_CACHED = 20;

/** Every isolate has all trials in its memory; more people than that get a publication. */
export const TESTERS_PER_TOPIC = 20;

/** Nobody is to be forgotten on a draft. */
export const TESTER_MILLISECONDS = 7 * 24 * 3_600_000;

/** After this long a warm isolate asks D1 in the background whether the configuration has changed … */
export const CONFIGURATION_FRESH_MILLISECONDS = 8_000;

/** … and after this long it waits for the answer, so that every change is everywhere within 15 s … */
export const CONFIGURATION_STALE_MILLISECONDS = 13_000;

/** … but no longer than this: an old configuration answers better than none. */
export const CONFIGURATION_WAIT_MILLISECONDS = 1_500;

/** A load at a cold start, where there is nothing older to serve. */
export const CONFIGURATION_COLD_WAIT_MILLISECONDS = 10_000;

/** As IBM's session timeout, in seconds. */
export const IDLE_SECONDS_DEFAULT = 3_600;

export const IDLE_SECONDS_MAXIMUM = 30 * 24 * 3_600;
