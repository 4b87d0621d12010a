import { isShortCode, type PhoneNumber } from "../core/phone.ts";
import { ZONES_BY_PREFIX } from "./phone-zones-data.ts";

const LONGEST_PREFIX = 6;

let zonesByPrefix: ReadonlyMap<string, readonly string[]> | null = null;

/**
 * @returns the IANA zones that a phone may be in, as far as its number tells: several where its area, or its country if it is a mobile, has several;
 * none where it does not tell
 */
export function zonesOf(phone: PhoneNumber): readonly string[] {
  if (isShortCode(phone)) return [];
  zonesByPrefix ??= read();
  const digits = phone.replace("+", "");
  for (let length = LONGEST_PREFIX; length > 0; length -= 1) {
    const zones = zonesByPrefix.get(digits.slice(0, length));
    if (zones !== undefined) return zones;
  }
  return [];
}

function read(): ReadonlyMap<string, readonly string[]> {
  const lines = ZONES_BY_PREFIX.trim().split("\n");
  return new Map(
    lines.flatMap((line) => {
      const [zones = "", prefixes = ""] = line.split(": ");
      const names = zones.split(" ");
      return prefixes.split(" ").map((prefix): [string, readonly string[]] => [prefix, names]);
    }),
  );
}
