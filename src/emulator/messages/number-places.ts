/** The home of a number as Twilio reports it. Unknown fields are empty. */
export interface NumberPlace {
  readonly country: string;
  readonly state: string;
  readonly city: string;
  readonly zip: string;
}

/** Area codes of the emulator's default phones (202) and of common test numbers. */
const AREAS: Readonly<Record<string, NumberPlace>> = {
  "202": { country: "US", state: "DC", city: "WASHINGTON", zip: "20004" },
  "206": { country: "US", state: "WA", city: "SEATTLE", zip: "98101" },
  "212": { country: "US", state: "NY", city: "NEW YORK", zip: "10001" },
  "312": { country: "US", state: "IL", city: "CHICAGO", zip: "60601" },
  "415": { country: "US", state: "CA", city: "SAN FRANCISCO", zip: "94102" },
  "416": { country: "CA", state: "ON", city: "TORONTO", zip: "" },
  "425": { country: "US", state: "WA", city: "BELLEVUE", zip: "98004" },
};

const COUNTRIES: readonly (readonly [string, string])[] = [
  ["+1", "US"],
  ["+31", "NL"],
  ["+33", "FR"],
  ["+34", "ES"],
  ["+39", "IT"],
  ["+41", "CH"],
  ["+43", "AT"],
  ["+44", "GB"],
  ["+49", "DE"],
  ["+52", "MX"],
  ["+55", "BR"],
  ["+61", "AU"],
  ["+81", "JP"],
  ["+91", "IN"],
];

/** @param number E.164, or a short code, which is assumed to be from the US */
export function findPlace(number: string): NumberPlace {
  const area = /^\+1(\d{3})/u.exec(number)?.[1];
  const place = area === undefined ? undefined : AREAS[area];
  if (place !== undefined) return place;
  const country = number.startsWith("+") ? COUNTRIES.find(([prefix]) => number.startsWith(prefix))?.[1] : "US";
  return { country: country ?? "", state: "", city: "", zip: "" };
}
