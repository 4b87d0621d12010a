/** Mornings, afternoons, evenings, and some to spare. */
export const SPANS_PER_DAY = 10;

/** Ten years of twenty; the days of a year are more than that, and belong into the week. */
export const HOLIDAYS_PER_CALENDAR = 200;

/** How far ahead the next opening, or the end of one, is looked for: what opens once a year opens within it. */
export const OPENING_SEARCH_DAYS = 400;

/** A moment at which it is night nowhere that a phone may be is looked for so far ahead; a day later it is the same again, but where clocks change. */
export const QUIET_SEARCH_MILLISECONDS = 3 * 24 * 3_600_000;

/** Sets of zones of which an isolate knows until when they are quiet, or awake; the table of prefixes has about 250. */
export const QUIET_PERIODS_CACHED = 1_000;

/** Time zones whose clock an isolate keeps ready. */
export const ZONE_CLOCKS_CACHED = 100;
