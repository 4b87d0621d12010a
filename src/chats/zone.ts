const LOCAL = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2})(?::(\d{2}))?$/u;
const DAY_MILLISECONDS = 86_400_000;

/** @returns whether the IANA list has the zone */
export function isZone(name: string): boolean {
  try {
    return /^[A-Z]/iu.test(name) && clockOf(name) !== null;
  } catch {
    return false;
  }
}

/**
 * @param local `2026-03-02 17:59`, perhaps with seconds
 * @returns milliseconds since 1970; the first of two where the clocks show it twice; null where they never do
 */
export function instantOf(local: string, zone: string): number | null {
  const shown = parseLocal(local);
  if (shown === null) return null;
  const offsets = [shown - DAY_MILLISECONDS, shown + DAY_MILLISECONDS].map((near) => shownAt(near, zone) - near);
  const instants = offsets.map((offset) => shown - offset).filter((instant) => shownAt(instant, zone) === shown);
  return instants.length === 0 ? null : Math.min(...instants);
}

/** @returns what `Etc/UTC` shows, to the second, as `instantOf` reads it */
export function utcOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 19).replace("T", " ");
}

/** As if it were UTC; null where the calendar has no such moment. */
function parseLocal(local: string): number | null {
  const match = LOCAL.exec(local);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  const shown = Date.UTC(year, month - 1, day, hour, minute, second);
  return utcOf(shown).startsWith(local) ? shown : null;
}

/** What the clocks in a zone show at an instant, as if it were UTC; whole seconds. */
function shownAt(instant: number, zone: string): number {
  const numbers = (clockOf(zone).format(instant).match(/\d+/gu) ?? []).map(Number);
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = numbers;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

function clockOf(zone: string): Intl.DateTimeFormat {
  const numeric = "numeric";
  const date = { year: numeric, month: numeric, day: numeric } as const;
  const time = { hour: numeric, minute: numeric, second: numeric, hourCycle: "h23" } as const;
  return new Intl.DateTimeFormat("en-US", { timeZone: zone, ...date, ...time });
}
