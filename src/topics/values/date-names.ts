import { BoundedCache } from "../../core/bounded-cache.ts";
import { LANGUAGE_NAMES_CACHED } from "../../core/limits/topics.ts";
import { type DateVocabulary, findVocabulary } from "./date-vocabulary.ts";
import { foldValue, parseCountry, parseLanguage, splitValueWords } from "./value-text.ts";

/** The names of days and months in a language, folded. */
export interface DateNames {
  /** Numbers from 1 to 12. */
  readonly months: ReadonlyMap<string, number>;
  /** Numbers from 0 for Monday to 6. */
  readonly weekdays: ReadonlyMap<string, number>;
  /** Days from today; Hindi has one word for tomorrow and yesterday. */
  readonly relatives: ReadonlyMap<string, readonly number[]>;
  /** Phrases such as "in # weeks", with the number of days in each unit. */
  readonly distances: ReadonlyMap<string, number>;
  /** The first part of 03/04; null if that is uncertain, as in English without a country. */
  readonly order: "day" | "month" | null;
  readonly vocabulary: DateVocabulary;
}

/** A cache, because Intl is slow. */
const cachedNames = new BoundedCache<DateNames>(LANGUAGE_NAMES_CACHED);

export function findDateNames(tag: string): DateNames {
  return cachedNames.getOrCreate(tag, loadDateNames);
}

function loadDateNames(tag: string): DateNames {
  const vocabulary = findVocabulary(parseLanguage(tag));
  return {
    months: new Map([...listEnglishNames("month"), ...listNames(tag, "month"), ...Object.entries(vocabulary.months)]),
    weekdays: new Map([...listEnglishNames("weekday"), ...listNames(tag, "weekday")]),
    relatives: listRelativeDays(tag, vocabulary),
    distances: listDistances(tag, vocabulary),
    order: findDateOrder(tag),
    vocabulary,
  };
}

/**
 * Joins the words of a text by single spaces ("next-friday"), without the "feira" of Portuguese weekdays
 * ("segunda-feira").
 */
export function toPhrase(text: string): string {
  return splitValueWords(foldValue(text))
    .filter((word) => word !== "feira")
    .join(" ");
}

type DateUnit = "month" | "weekday";

/** Lists the full English names, which are understood in every language; short ones could be other words there. */
function listEnglishNames(unit: DateUnit): readonly (readonly [string, number])[] {
  return spellNames("en", unit, "long");
}

/** Lists long and short names, and beginnings of at least four letters that fit only one name: "sept", "thurs". */
function listNames(tag: string, unit: DateUnit): readonly (readonly [string, number])[] {
  const long = spellNames(tag, unit, "long");
  const beginnings = long.flatMap(([name, number]) =>
    /^[a-z]+$/u.test(name)
      ? Array.from({ length: Math.max(0, name.length - 4) }, (_, cut) => [name.slice(0, cut + 4), number] as const)
      : [],
  );
  const unique = beginnings.filter(
    ([beginning, number]) => !long.some(([name, other]) => other !== number && name.startsWith(beginning)),
  );
  // Names of two letters are often other words, such as "so" and "mi" in German.
  return [
    ...unique,
    ...spellNames(tag, unit, "short").filter(([name]) => name.length > 2 || unit === "month"),
    ...long,
  ];
}

/** Lists the names as they are alone and as they are beside a day. */
function spellNames(tag: string, unit: DateUnit, style: "long" | "short"): readonly (readonly [string, number])[] {
  const alone = createFormatter(tag, { [unit]: style });
  const beside = createFormatter(tag, {
    [unit]: style,
    day: "numeric",
    ...(unit === "weekday" ? { month: "long" } : {}),
  });
  const count = unit === "month" ? 12 : 7;
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    // 5 January 1970 was a Monday.
    const time = unit === "month" ? Date.UTC(1970, index, 10) : Date.UTC(1970, 0, 5 + index);
    const names = [alone, beside].map((format) => format.formatToParts(time).find(({ type }) => type === unit)?.value);
    return names.map((name = "") => [toPhrase(name), unit === "month" ? index + 1 : index] as const);
  });
}

function createFormatter(tag: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(tag, { ...options, calendar: "gregory", timeZone: "UTC" });
}

function listRelativeDays(tag: string, { phrases }: DateVocabulary): ReadonlyMap<string, readonly number[]> {
  const format = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  const relatives = new Map<string, readonly number[]>();
  const addPhrase = (phrase: string, days: number) => relatives.set(phrase, [...(relatives.get(phrase) ?? []), days]);
  for (const days of [-2, -1, 0, 1, 2]) {
    const phrase = toPhrase(format.format(days, "day"));
    // "in 2 days" is a distance, which has its own list.
    if (!/\d/u.test(phrase)) addPhrase(phrase, days);
  }
  for (const [phrase, days] of Object.entries(phrases)) {
    if (!phrase.includes("#") && !relatives.has(phrase)) addPhrase(phrase, days);
  }
  return relatives;
}

function listDistances(tag: string, { phrases }: DateVocabulary): ReadonlyMap<string, number> {
  const format = new Intl.RelativeTimeFormat(tag, { numeric: "always" });
  // Each of these amounts has a different plural in some language.
  const amounts = [1, 2, 5, -1, -2, -5];
  const entries = [1, 7].flatMap((days) =>
    amounts.map((amount) => {
      const phrase = toPhrase(format.format(amount, days === 1 ? "day" : "week"));
      return [phrase.replace(/\d+/u, "#"), Math.sign(amount) * days] as const;
    }),
  );
  return new Map([...entries, ...Object.entries(phrases)].filter(([phrase]) => phrase.includes("#")));
}

function findDateOrder(tag: string): "day" | "month" | null {
  if (parseLanguage(tag) === "en" && parseCountry(tag) === null) return null;
  const parts = createFormatter(tag, { dateStyle: "short" }).formatToParts(0);
  const first = parts.find(({ type }) => type !== "literal");
  return first?.type === "day" || first?.type === "month" ? first.type : null;
}
