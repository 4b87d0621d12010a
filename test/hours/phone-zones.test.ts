import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import metadata from "libphonenumber-js/metadata.max.json";
import { describe, expect, it } from "vitest";
import { findPhoneZones, loadPrefixes, parsePrefixes } from "../../src/hours/phone-zones.ts";
import { isTimeZone } from "../../src/hours/time-zone.ts";
import { AREA_CODES } from "./area-codes.ts";

/** Independent facts about each place. */
const FACTS: readonly (readonly [place: string, phone: string, zones: string])[] = [
  ["New York City", "+12125550123", "America/New_York"],
  ["Chicago", "+13125550123", "America/Chicago"],
  ["Denver", "+13035550123", "America/Denver"],
  ["Los Angeles", "+12135550123", "America/Los_Angeles"],
  ["Phoenix, which knows no daylight saving", "+16025550123", "America/Phoenix"],
  ["northern Arizona, with the Navajo Nation, which does", "+19285550123", "America/Denver America/Phoenix"],
  ["Honolulu", "+18085550123", "Pacific/Honolulu"],
  ["Alaska, and the Aleutians", "+19075550123", "America/Adak America/Anchorage"],
  ["Florida's Panhandle", "+18505550123", "America/Chicago America/New_York"],
  ["El Paso", "+19155550123", "America/Denver"],
  ["Dallas", "+12145550123", "America/Chicago"],
  ["Upper Michigan", "+19065550123", "America/Detroit America/Menominee"],
  ["Idaho", "+12085550123", "America/Boise America/Los_Angeles"],
  ["eastern Oregon", "+15415550123", "America/Boise America/Los_Angeles"],
  ["Toronto", "+14165550123", "America/Toronto"],
  ["Vancouver", "+16045550123", "America/Vancouver"],
  ["Saskatchewan", "+13065550123", "America/Edmonton America/Regina"],
  ["Newfoundland and Labrador", "+17095550123", "America/Goose_Bay America/St_Johns"],
  ["Puerto Rico", "+17875550123", "America/Puerto_Rico"],
  ["Jamaica", "+18765550123", "America/Jamaica"],
  ["Guam", "+16715550123", "Pacific/Guam"],
  ["Bermuda", "+14415550123", "Atlantic/Bermuda"],
  ["Cairo", "+20221234567", "Africa/Cairo"],
  ["Lagos", "+2348031234567", "Africa/Lagos"],
  ["Kinshasa", "+243123456789", "Africa/Kinshasa"],
  ["Lubumbashi", "+243221234567", "Africa/Lubumbashi"],
  ["a Congolese mobile", "+243811234567", "Africa/Kinshasa Africa/Lubumbashi"],
  ["Réunion", "+262692123456", "Indian/Reunion"],
  ["Mayotte", "+262639123456", "Indian/Mayotte"],
  ["Nuuk", "+299312345", "America/Nuuk"],
  ["Madrid", "+34911234567", "Europe/Madrid"],
  ["Tenerife", "+34922123456", "Atlantic/Canary"],
  ["a Spanish mobile", "+34612345678", "Atlantic/Canary Europe/Madrid"],
  ["Lisbon", "+351211234567", "Europe/Lisbon"],
  ["Funchal", "+351291123456", "Atlantic/Madeira"],
  ["Ponta Delgada", "+351296123456", "Atlantic/Azores"],
  ["a Portuguese mobile", "+351912345678", "Atlantic/Azores Atlantic/Madeira Europe/Lisbon"],
  ["London", "+442071234567", "Europe/London"],
  ["Berlin", "+493012345678", "Europe/Berlin"],
  ["Dublin", "+35312345678", "Europe/Dublin"],
  ["Kyiv", "+380441234567", "Europe/Kyiv"],
  ["a Mexican mobile, as it was written before 2020", "+5215512345678", "America/Cancun America/Chihuahua"],
  ["Mexico City", "+525512345678", "America/Mexico_City"],
  ["Monterrey", "+528112345678", "America/Mexico_City"],
  ["Cancún", "+529981234567", "America/Cancun"],
  ["Tijuana", "+526641234567", "America/Tijuana"],
  ["Hermosillo", "+526621234567", "America/Hermosillo"],
  ["Ciudad Juárez", "+526561234567", "America/Ciudad_Juarez"],
  ["Mazatlán", "+526691234567", "America/Mazatlan"],
  ["São Paulo", "+5511912345678", "America/Sao_Paulo"],
  ["Manaus", "+5592912345678", "America/Manaus"],
  ["Rio Branco", "+5568912345678", "America/Rio_Branco"],
  ["Recife, and Fernando de Noronha", "+5581912345678", "America/Noronha America/Recife"],
  ["Buenos Aires", "+541112345678", "America/Argentina/Buenos_Aires"],
  ["Punta Arenas", "+56612123456", "America/Punta_Arenas"],
  ["a Chilean mobile", "+56912345678", "America/Punta_Arenas America/Santiago Pacific/Easter"],
  ["Quito", "+59321234567", "America/Guayaquil"],
  ["an Ecuadorian mobile", "+593991234567", "America/Guayaquil Pacific/Galapagos"],
  ["Martinique", "+596696123456", "America/Martinique"],
  ["Sydney", "+61291234567", "Australia/Sydney"],
  ["Brisbane", "+61731234567", "Australia/Brisbane"],
  ["Hobart", "+61362123456", "Australia/Hobart"],
  ["Darwin", "+61889123456", "Australia/Darwin"],
  ["Perth", "+61892123456", "Australia/Perth"],
  ["the Cocos Islands", "+61891621234", "Indian/Cocos"],
  ["Jakarta", "+62211234567", "Asia/Jakarta"],
  ["Bali", "+62361123456", "Asia/Makassar"],
  ["Papua", "+62967123456", "Asia/Jayapura"],
  ["an Indonesian mobile", "+6281123456789", "Asia/Jakarta Asia/Jayapura Asia/Makassar"],
  ["Wellington", "+6441234567", "Pacific/Auckland"],
  ["a New Zealand mobile", "+64211234567", "Pacific/Auckland Pacific/Chatham"],
  ["Norfolk Island", "+672322222", "Pacific/Norfolk"],
  ["Kiribati", "+68672012345", "Pacific/Kanton Pacific/Kiritimati Pacific/Tarawa"],
  ["Tahiti, and the Marquesas", "+68987123456", "Pacific/Gambier Pacific/Marquesas Pacific/Tahiti"],
  ["Chuuk", "+6913301234", "Pacific/Chuuk"],
  ["Pohnpei", "+6913201234", "Pacific/Pohnpei"],
  ["Moscow", "+74951234567", "Europe/Moscow"],
  ["Kaliningrad", "+74012123456", "Europe/Kaliningrad"],
  ["Vladivostok", "+74232123456", "Asia/Vladivostok"],
  ["Yekaterinburg", "+73431234567", "Asia/Yekaterinburg"],
  ["Kazakhstan", "+77012345678", "Asia/Almaty"],
  ["Tokyo", "+81312345678", "Asia/Tokyo"],
  ["Beijing", "+861012345678", "Asia/Shanghai"],
  ["Istanbul", "+902121234567", "Europe/Istanbul"],
  ["northern Cyprus", "+903921234567", "Asia/Famagusta"],
  ["Mumbai", "+912212345678", "Asia/Kolkata"],
  ["Kathmandu", "+97714123456", "Asia/Kathmandu"],
  ["Ulaanbaatar", "+97611123456", "Asia/Ulaanbaatar"],
  ["Khovd", "+97614312345", "Asia/Hovd"],
  ["a Mongolian mobile", "+97699123456", "Asia/Hovd Asia/Ulaanbaatar"],
  ["Tehran", "+982112345678", "Asia/Tehran"],
];

const NOWHERE: readonly (readonly [what: string, phone: string])[] = [
  ["Twilio's test numbers", "+15005550006"],
  ["a toll-free number", "+18005550123"],
  ["a premium-rate number", "+19005550123"],
  ["an area code that is none", "+12115550123"],
  ["international freephone", "+80012345678"],
  ["a satellite phone", "+881612345678"],
  ["a network of no country", "+882161234567"],
  ["a Russian freephone number", "+78001234567"],
  ["an Australian freephone number", "+611800123456"],
  ["a calling code that is none", "+9991234567"],
  ["a short code", "12345"],
  ["a short code that begins as New York does", "212125"],
];

describe("findPhoneZones", () => {
  it.each(FACTS)("%s, %s: %s", (_, phone, zones) => {
    const found = findPhoneZones(phone);
    if (phone.startsWith("+521")) expect(found).toEqual(expect.arrayContaining(zones.split(" ")));
    else expect(found.toSorted().join(" ")).toBe(zones);
  });

  it.each(NOWHERE)("%s, %s: nowhere", (_, phone) => {
    expect(findPhoneZones(phone)).toEqual([]);
  });

  it("a Russian mobile number may be anywhere from Kaliningrad to Kamchatka", () => {
    const zones = findPhoneZones("+79161234567");
    expect(zones.length).toBeGreaterThan(20);
    for (const zone of ["Europe/Kaliningrad", "Europe/Moscow", "Asia/Omsk", "Asia/Kamchatka"])
      expect(zones).toContain(zone);
  });

  it("an Australian mobile number may be anywhere in the country", () => {
    expect(findPhoneZones("+61412345678")).toEqual(
      expect.arrayContaining(["Australia/Perth", "Australia/Darwin", "Australia/Brisbane", "Australia/Sydney"]),
    );
  });

  it("returns the same array for the same zones, so that they can be compared by identity", () => {
    expect(findPhoneZones("+12125550123")).toBe(findPhoneZones("+13055550123"));
  });
});

/** The main zone of each state; area codes that reach into another zone are listed below. */
const STATES: Readonly<Record<string, string>> = {
  ...each("America/New_York", "Connecticut, Delaware, District of Columbia, Florida, Georgia, Maine, Maryland"),
  ...each("America/New_York", "Massachusetts, New Hampshire, New Jersey, New York, North Carolina, Ohio, Pennsylvania"),
  ...each("America/New_York", "Rhode Island, South Carolina, Vermont, Virginia, West Virginia"),
  ...each("America/Chicago", "Alabama, Arkansas, Illinois, Iowa, Kansas, Louisiana, Minnesota, Mississippi, Missouri"),
  ...each("America/Chicago", "Nebraska, North Dakota, Oklahoma, South Dakota, Tennessee, Texas, Wisconsin"),
  ...each("America/Denver", "Colorado, Montana, New Mexico, Utah, Wyoming"),
  ...each("America/Los_Angeles", "California, Nevada, Oregon, Washington, Idaho"),
  Alaska: "America/Anchorage",
  Arizona: "America/Phoenix",
  Hawaii: "Pacific/Honolulu",
  Indiana: "America/Indiana/Indianapolis",
  Kentucky: "America/Kentucky/Louisville",
  Michigan: "America/Detroit",
  Alberta: "America/Edmonton",
  "British Columbia": "America/Vancouver",
  Manitoba: "America/Winnipeg",
  "New Brunswick": "America/Moncton",
  "Newfoundland and Labrador": "America/St_Johns",
  "Northwest Territories/Nunavut/Yukon": "America/Whitehorse",
  "Nova Scotia/Prince Edward Island": "America/Halifax",
  Ontario: "America/Toronto",
  Quebec: "America/Toronto",
  Saskatchewan: "America/Regina",
};

/** Area codes in two zones, or in another zone than most of their state. */
const ODD = new Set(
  (
    "865 423 915 850 448 219 574 812 930 270 364 606 906 620 785 308 701 605 928 775 541 458 208 986 907 " +
    "709 879 807 273 418 581 367 306 474 639 236 250 257 672 778 867"
  ).split(" "),
);

describe("area codes", () => {
  it.each(Object.entries(AREA_CODES))("of %s", (state, codes) => {
    for (const code of codes.split(" ")) {
      const zones = findPhoneZones(`+1${code}5550123`);
      if (!ODD.has(code)) expect(zones, code).toEqual([STATES[state]]);
      else if (["865", "915"].includes(code)) expect(zones, code).toHaveLength(1);
      else {
        expect(zones.length, code).toBeGreaterThan(1);
        expect(zones, code).toContain(STATES[state]);
      }
    }
  });

  it("are exactly the geographic ones of Google's library", () => {
    for (let code = 200; code < 1_000; code += 1) {
      const known = findPhoneZones(`+1${code}2342345`).length > 0;
      expect(known, `+1 ${code}`).toBe(hasPlace(code, known ? 1 : 17));
    }
  });
});

describe("the table", () => {
  const { zones } = loadPrefixes();
  const names = [...new Set([...zones.values()].flat())];

  it("names zones of the IANA list only", () => {
    expect(names.filter((name) => !isTimeZone(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(250);
  });

  it("has every calling code, including those without a place", () => {
    const codes = [...Object.keys(metadata.country_calling_codes), ...Object.keys(metadata.nonGeographic)];
    expect(codes.filter((code) => !zones.has(code))).toEqual([]);
    for (const code of Object.keys(metadata.nonGeographic)) expect(zones.get(code), code).toEqual([]);
    // +672 is Antarctica, but for Norfolk Island; +1 and +7 are told by what follows.
    const silent = Object.keys(metadata.country_calling_codes).filter((code) => zones.get(code)?.length === 0);
    expect(silent.toSorted()).toEqual(["1", "672", "7"]);
  });

  it("has no redundant prefixes", () => {
    const idle = [...zones].filter(([prefix, set]) => {
      for (let length = prefix.length - 1; length > 0; length -= 1) {
        const shorter = zones.get(prefix.slice(0, length));
        if (shorter !== undefined) return shorter === set;
      }
      return false;
    });
    expect(idle.map(([prefix]) => prefix)).toEqual([]);
  });

  it("prefers the longest prefix, and rejects duplicates", () => {
    const read = parsePrefixes(["+99: A/B", "1 23: C/D", "234: none"]);
    expect(Object.fromEntries(read.zones)).toEqual({ 99: ["A/B"], 991: ["C/D"], 9923: ["C/D"], 99234: [] });
    expect(read.longest).toBe(5);
    expect(() => parsePrefixes(["+99: A/B", "1 1: C/D"])).toThrow("The prefix +991 is listed twice.");
  });
});

/** Google's library knows only some exchanges of most area codes; one of them is enough. */
function hasPlace(areaCode: number, step: number): boolean {
  for (let exchange = 200; exchange < 1_000; exchange += step) {
    const type = parsePhoneNumberFromString(`+1${areaCode}${exchange}2345`)?.getType();
    if (type !== undefined && ["FIXED_LINE_OR_MOBILE", "FIXED_LINE", "MOBILE"].includes(type)) return true;
  }
  return false;
}

function each(zone: string, states: string): Record<string, string> {
  return Object.fromEntries(states.split(", ").map((state) => [state, zone]));
}
