import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DateRules, parseDateAnswer } from "../../../src/topics/values/date.ts";

/** The current day, a Wednesday. */
const NOW = Date.parse("2026-11-18T17:00Z");
const rules = (language: string, rest: Partial<DateRules> = {}): DateRules => ({
  language,
  zone: "America/New_York",
  now: NOW,
  ...rest,
});

describe("readDate", () => {
  it.each([
    ["2026-12-03", "en", "2026-12-03"],
    ["2026/12/03", "en", "2026-12-03"],
    ["2026.12.3", "de", "2026-12-03"],
    ["12/03/2026", "en-US", "2026-12-03"],
    ["12/03/2026", "en-GB", "2026-03-12"],
    ["12-3-26", "en-US", "2026-12-03"],
    ["3.12.2026", "de", "2026-12-03"],
    ["3. 12. 2026", "de", "2026-12-03"],
    ["03/12/2026", "fr", "2026-12-03"],
    ["03/12/2026", "es", "2026-12-03"],
    ["12/03/2026", "es-US", "2026-03-12"],
    ["03/12/2026", "pt-BR", "2026-12-03"],
    ["03/12/2026", "hi", "2026-12-03"],
    ["०३/१२/२०२६", "hi", "2026-12-03"],
    ["１２/２５", "en", "2026-12-25"],
    ["25/12", "en", "2026-12-25"],
    ["25/12", "en-US", "2026-12-25"],
    ["12/25", "en-GB", "2026-12-25"],
    ["5/5", "en", "2027-05-05"],
    ["3.12.", "de", "2026-12-03"],
    ["on 12/25", "en", "2026-12-25"],
    ["am 3.12.", "de", "2026-12-03"],
    ["25 12 2026", "en", "2026-12-25"],
    ["December 3, 2026", "en", "2026-12-03"],
    ["Dec 3", "en", "2026-12-03"],
    ["dec. 3rd", "en", "2026-12-03"],
    ["3rd of December", "en", "2026-12-03"],
    ["the 3rd of December 2026", "en", "2026-12-03"],
    ["3 dec '26", "en", "2026-12-03"],
    ["2026 dec 3", "en", "2026-12-03"],
    ["3/Dec/2026", "en", "2026-12-03"],
    ["sept 5", "en", "2027-09-05"],
    ["november 17", "en", "2027-11-17"],
    ["november 18", "en", "2026-11-18"],
    ["29 feb", "en", "2028-02-29"],
    ["Thursday, December 3", "en", "2026-12-03"],
    ["thu 3 dec", "en", "2026-12-03"],
    ["3 de diciembre", "es", "2026-12-03"],
    ["el 3 de diciembre de 2026", "es", "2026-12-03"],
    ["jueves 3 de diciembre", "es", "2026-12-03"],
    ["3 dic", "es", "2026-12-03"],
    ["3 mar", "es", "2027-03-03"],
    ["mar 3 mar 2026", "es", "2026-03-03"],
    ["3 décembre", "fr", "2026-12-03"],
    ["3 decembre 2026", "fr", "2026-12-03"],
    ["1er décembre", "fr", "2026-12-01"],
    ["le jeudi 3 décembre", "fr", "2026-12-03"],
    ["3. Dezember 2026", "de", "2026-12-03"],
    ["3. März", "de", "2027-03-03"],
    ["3. Maerz", "de", "2027-03-03"],
    ["Donnerstag, den 3. Dezember", "de", "2026-12-03"],
    ["3 de dezembro", "pt", "2026-12-03"],
    ["1º de março", "pt", "2027-03-01"],
    ["quinta-feira, 3 de dezembro", "pt", "2026-12-03"],
    ["3 दिसंबर", "hi", "2026-12-03"],
    ["३ दिसम्बर २०२६", "hi", "2026-12-03"],
    ["15 अगस्त", "hi", "2027-08-15"],
    ["3 december", "hi", "2026-12-03"],
    ["today", "en", "2026-11-18"],
    ["Tomorrow!", "en", "2026-11-19"],
    ["tomorrow please", "en", "2026-11-19"],
    ["tmrw", "en", "2026-11-19"],
    ["yesterday", "en", "2026-11-17"],
    ["the day after tomorrow", "en", "2026-11-20"],
    ["hoy", "es", "2026-11-18"],
    ["mañana", "es", "2026-11-19"],
    ["manana", "es", "2026-11-19"],
    ["pasado mañana", "es", "2026-11-20"],
    ["aujourd’hui", "fr", "2026-11-18"],
    ["demain", "fr", "2026-11-19"],
    ["après-demain", "fr", "2026-11-20"],
    ["heute", "de", "2026-11-18"],
    ["morgen", "de", "2026-11-19"],
    ["Übermorgen", "de", "2026-11-20"],
    ["hoje", "pt", "2026-11-18"],
    ["amanhã", "pt", "2026-11-19"],
    ["depois de amanhã", "pt", "2026-11-20"],
    ["आज", "hi", "2026-11-18"],
    ["in 3 days", "en", "2026-11-21"],
    ["in 1 day", "en", "2026-11-19"],
    ["in 2 weeks", "en", "2026-12-02"],
    ["in a week", "en", "2026-11-25"],
    ["10 days from now", "en", "2026-11-28"],
    ["3 days ago", "en", "2026-11-15"],
    ["en 3 días", "es", "2026-11-21"],
    ["dentro de 3 días", "es", "2026-11-21"],
    ["dans 3 jours", "fr", "2026-11-21"],
    ["dans 2 semaines", "fr", "2026-12-02"],
    ["in 3 Tagen", "de", "2026-11-21"],
    ["in 1 Woche", "de", "2026-11-25"],
    ["em 3 dias", "pt", "2026-11-21"],
    ["daqui a 3 dias", "pt", "2026-11-21"],
    ["3 दिन में", "hi", "2026-11-21"],
    ["३ दिन बाद", "hi", "2026-11-21"],
    ["Friday", "en", "2026-11-20"],
    ["on friday", "en", "2026-11-20"],
    ["fri", "en", "2026-11-20"],
    ["thurs", "en", "2026-11-19"],
    ["Tuesday", "en", "2026-11-24"],
    ["this friday", "en", "2026-11-20"],
    ["this wednesday", "en", "2026-11-18"],
    ["next wednesday", "en", "2026-11-25"],
    ["viernes", "es", "2026-11-20"],
    ["el miercoles que viene", "es", "2026-11-25"],
    ["vendredi", "fr", "2026-11-20"],
    ["Freitag", "de", "2026-11-20"],
    ["kommenden Freitag", "de", "2026-11-20"],
    ["sexta-feira", "pt", "2026-11-20"],
    ["sexta", "pt", "2026-11-20"],
    ["sexta que vem", "pt", "2026-11-20"],
    ["शुक्रवार", "hi", "2026-11-20"],
    ["शुक्रवार को", "hi", "2026-11-20"],
    ["the 5th", "en", "2026-12-05"],
    ["20th", "en", "2026-11-20"],
    ["Friday the 20th", "en", "2026-11-20"],
    ["the 31st", "en", "2026-12-31"],
    ["el 5", "es", "2026-12-05"],
    ["el día 5", "es", "2026-12-05"],
    ["le 5", "fr", "2026-12-05"],
    ["am 5.", "de", "2026-12-05"],
    ["dia 5", "pt", "2026-12-05"],
    ["5 तारीख", "hi", "2026-12-05"],
  ])("%j in %s is %s", (text, language, value) => {
    expect(parseDateAnswer(text, rules(language))).toEqual({ ok: true, value });
  });

  it.each([
    ["03/04/2027", "en", ["2027-04-03", "2027-03-04"]],
    ["3/4", "en", ["2027-04-03", "2027-03-04"]],
    ["12/1", "en", ["2027-01-12", "2026-12-01"]],
    ["5/6/66", "en-GB", ["1966-06-05", "2066-06-05"]],
    ["कल", "hi", ["2026-11-17", "2026-11-19"]],
    ["परसों", "hi", ["2026-11-16", "2026-11-20"]],
    ["Wednesday", "en", ["2026-11-18", "2026-11-25"]],
    ["next friday", "en", ["2026-11-20", "2026-11-27"]],
    ["próximo viernes", "es", ["2026-11-20", "2026-11-27"]],
    ["vendredi prochain", "fr", ["2026-11-20", "2026-11-27"]],
    ["nächsten Freitag", "de", ["2026-11-20", "2026-11-27"]],
  ])("%j in %s is ambiguous", (text, language, candidates) => {
    expect(parseDateAnswer(text, rules(language))).toEqual({ ok: false, problem: "ambiguous", candidates });
  });

  it.each([
    ["", "en"],
    ["soon", "en"],
    ["5", "en"],
    ["may", "en"],
    ["May 2027", "en"],
    ["maybe monday", "en"],
    ["not monday", "en"],
    ["no monday", "en"],
    ["monday or tuesday", "en"],
    ["before december 3", "en"],
    ["3 people", "en"],
    ["10:30", "en"],
    ["3:04", "en"],
    ["1,5", "de"],
    ["3 4", "en-US"],
    ["20261203", "en"],
    ["1/2/3", "en-US"],
    ["1/2/3/4", "en-US"],
    ["2026-12", "en"],
    ["2026-12-03T10:00", "en"],
    ["next week", "en"],
    ["in 10000 days", "en"],
    ["so", "de"],
    ["mar 3", "es"],
    ["sun 3", "de"],
    ["3 december 2026 2027", "en"],
    ["december december 3", "en"],
    ["december 3 ".repeat(100), "en"],
  ])("%j in %s is none", (text, language) => {
    expect(parseDateAnswer(text, rules(language))).toEqual({ ok: false, problem: "none" });
  });

  it.each([
    ["31 february", "en"],
    ["31/02/2027", "de"],
    ["2027-02-29", "en"],
    ["2027-13-01", "en"],
    ["0/5", "en-US"],
    ["Monday, December 3", "en"],
    ["Friday the 5th", "en"],
    ["the 32nd", "en"],
  ])("%j in %s is impossible", (text, language) => {
    expect(parseDateAnswer(text, rules(language))).toEqual({ ok: false, problem: "impossible" });
  });

  it("asks about next Friday unless every way to count weeks gives the same day", () => {
    const saturday = rules("en", { now: Date.parse("2026-11-21T17:00Z") });
    expect(parseDateAnswer("next friday", saturday)).toEqual({ ok: true, value: "2026-11-27" });
    const sunday = rules("en", { now: Date.parse("2026-11-22T17:00Z") });
    const candidates = ["2026-11-27", "2026-12-04"];
    expect(parseDateAnswer("next friday", sunday)).toEqual({ ok: false, problem: "ambiguous", candidates });
  });

  it("uses the current day in the time zone of the contact", () => {
    const late = Date.parse("2026-11-19T02:00Z");
    expect(parseDateAnswer("today", rules("en", { now: late }))).toMatchObject({ value: "2026-11-18" });
    expect(parseDateAnswer("today", rules("en", { now: late, zone: "Asia/Kolkata" }))).toMatchObject({
      value: "2026-11-19",
    });
  });
});

describe("limits", () => {
  const booking = { earliest: "2026-11-18", latest: "2026-12-31" };

  it("are both included, and returned if the date is outside", () => {
    expect(parseDateAnswer("2026-11-18", rules("en", booking))).toEqual({ ok: true, value: "2026-11-18" });
    expect(parseDateAnswer("2026-12-31", rules("en", booking))).toEqual({ ok: true, value: "2026-12-31" });
    const early = { ok: false, problem: "too early", limit: "2026-11-18" };
    expect(parseDateAnswer("yesterday", rules("en", booking))).toEqual(early);
    const late = { ok: false, problem: "too late", limit: "2026-12-31" };
    expect(parseDateAnswer("january 1", rules("en", booking))).toEqual(late);
  });

  it("can leave one of several readings", () => {
    expect(parseDateAnswer("12/1", rules("en", booking))).toEqual({ ok: true, value: "2026-12-01" });
    expect(parseDateAnswer("कल", rules("hi", booking))).toEqual({ ok: true, value: "2026-11-19" });
  });

  it("never change the order of the language", () => {
    expect(parseDateAnswer("12/1", rules("en-GB", booking))).toMatchObject({ problem: "too late" });
  });

  it("in the past require a year, and allow both centuries", () => {
    const birthday = { latest: "2026-11-18" };
    expect(parseDateAnswer("3 May", rules("en", birthday))).toEqual({ ok: false, problem: "no year" });
    expect(parseDateAnswer("5/6/66", rules("en-GB", birthday))).toEqual({ ok: true, value: "1966-06-05" });
    const both = { problem: "ambiguous", candidates: ["1920-06-05", "2020-06-05"] };
    expect(parseDateAnswer("5/6/20", rules("en-GB", birthday))).toMatchObject(both);
    const child = { ...birthday, earliest: "2008-01-01" };
    expect(parseDateAnswer("5/6/20", rules("en-GB", child))).toEqual({ ok: true, value: "2020-06-05" });
  });

  it("set the start for a date without a year", () => {
    expect(parseDateAnswer("3 Dec", rules("en", { earliest: "2027-01-01" }))).toEqual({
      ok: true,
      value: "2027-12-03",
    });
  });
});

describe("every date", () => {
  const day = (from: number, to: number) =>
    fc.integer({ min: Date.UTC(from, 0, 1) / 86_400_000, max: Date.UTC(to, 11, 31) / 86_400_000 });
  const TAGS = [
    "en-US",
    "en-GB",
    "en-AU",
    "es",
    "es-MX",
    "fr",
    "fr-CA",
    "de",
    "de-AT",
    "pt",
    "pt-BR",
    "hi",
    "hi-u-nu-deva",
  ];

  it.each([
    ["full", 1_900, 2_150],
    ["long", 1_900, 2_150],
    ["medium", 1_900, 2_150],
    // Some languages write the year with two digits.
    ["short", 1_997, 2_055],
  ] as const)("in its %s form is read back, in each language", (dateStyle, from, to) => {
    fc.assert(
      fc.property(fc.constantFrom(...TAGS), day(from, to), (language, which) => {
        const date = new Date(which * 86_400_000);
        const written = new Intl.DateTimeFormat(language, { dateStyle, timeZone: "UTC" }).format(date);
        const value = date.toISOString().slice(0, 10);
        expect([written, parseDateAnswer(written, rules(language))]).toEqual([written, { ok: true, value }]);
      }),
      { numRuns: 1_500 },
    );
  });

  it("is read back from ISO, in each language, at any time", () => {
    const now = fc.integer({ min: 0, max: 4_102_444_800_000 });
    fc.assert(
      fc.property(fc.constantFrom("en", ...TAGS), day(1_000, 9_998), now, (language, which, time) => {
        const value = new Date(which * 86_400_000).toISOString().slice(0, 10);
        expect(parseDateAnswer(value, rules(language, { now: time }))).toEqual({ ok: true, value });
      }),
    );
  });

  it("of the coming year is read back without the year", () => {
    fc.assert(
      fc.property(fc.constantFrom(...TAGS), fc.integer({ min: 0, max: 364 }), (language, ahead) => {
        const date = new Date(Date.UTC(2026, 10, 18 + ahead));
        const written = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", timeZone: "UTC" }).format(
          date,
        );
        const value = date.toISOString().slice(0, 10);
        expect([written, parseDateAnswer(written, rules(language))]).toEqual([written, { ok: true, value }]);
      }),
    );
  });

  it("is never made up by a text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.stringMatching(/^[0-9/. -]{0,12}$/u)), (text) => {
        const answer = parseDateAnswer(text, rules("en"));
        if (answer.ok) expect(parseDateAnswer(answer.value, rules("en"))).toEqual(answer);
      }),
    );
  });
});
