/** Mornings, afternoons, evenings, with some to spare. */
export const SPANS_PER_DAY = 10;

/** Ten years with twenty holidays each; more days than that belong into the week. */
export const HOLIDAYS_PER_CALENDAR = 200;

/** How far ahead the next opening or closing is searched: a place that opens once a year opens within this time. */
export const OPENING_SEARCH_DAYS = 400;

/**
 * How far ahead a moment is searched that is outside the quiet hours of all zones of a phone; the next day is the
 * same, unless clocks change.
 */
export const QUIET_SEARCH_MILLISECONDS = 3 * 24 * 3_600_000;

/** Sets of zones for which an isolate caches the current quiet or open period; the prefix tables have about 250. */
export const QUIET_PERIODS_CACHED = 1_000;

/** Time zones whose formatter an isolate caches. */
export const ZONE_CLOCKS_CACHED = 100;
