import { BoundedCache } from "../../core/bounded-cache.ts";
import { LANGUAGE_NAMES_CACHED } from "../../core/limits/topics.ts";
import { type DateVocabulary, findVocabulary } from "./date-vocabulary.ts";
import { foldValue, parseCountry, parseLanguage, splitValueWords } from "./value-text.ts";

/** What a language calls its days and months, folded. */
export interface DateNames {
  /** From 1 to 12. */
  readonly months: ReadonlyMap<string, number>;
  /** From 0, Monday, to 6. */
  readonly weekdays: ReadonlyMap<string, number>;
  /** Days from today; Hindi has one word for tomorrow and yesterday. */
  readonly relatives: ReadonlyMap<string, readonly number[]>;
  /** "in # days": days for each of the number. */
  readonly distances: ReadonlyMap<string, number>;
  /** What comes first in 03/04; null where people differ, as in English without a country. */
  readonly order: "day" | "month" | null;
  readonly vocabulary: DateVocabulary;
}

/** Intl makes them slowly. */
const cachedNames = new BoundedCache<DateNames>(LANGUAGE_NAMES_CACHED);

export function findDateNames(tag: string): DateNames {
  return cachedNames.getOrCreate(tag, readNames);
}

function readNames(tag: string): DateNames {
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

/** "next-friday" and "segunda-feira": one space where anything else stood; of a weekday in Portuguese the first word is enough. */
export function toPhrase(text: string): string {
  return splitValueWords(foldValue(text))
    .filter((word) => word !== "feira")
    .join(" ");
}

type DateUnit = "month" | "weekday";

/** Full names in English are understood everywhere; short ones could be words of the other language. */
function listEnglishNames(unit: DateUnit): readonly (readonly [string, number])[] {
  return spellNames("en", unit, "long");
}

/** Long and short ones, and what is long enough to be the beginning of one long name only: "sept", "thurs". */
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
  // Two letters are a word of their own too often: "so", "do" and "mi" in German.
  return [
    ...unique,
    ...spellNames(tag, unit, "short").filter(([name]) => name.length > 2 || unit === "month"),
    ...long,
  ];
}

/** As they stand alone, and as they stand beside a day. */
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
  const words = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  const relatives = new Map<string, readonly number[]>();
  const addPhrase = (phrase: string, days: number) => relatives.set(phrase, [...(relatives.get(phrase) ?? []), days]);
  for (const days of [-2, -1, 0, 1, 2]) {
    const phrase = toPhrase(words.format(days, "day"));
    // "in 2 days" is a distance.
    if (!/\d/u.test(phrase)) addPhrase(phrase, days);
  }
  for (const [phrase, days] of Object.entries(phrases)) {
    if (!phrase.includes("#") && !relatives.has(phrase)) addPhrase(phrase, days);
  }
  return relatives;
}

function listDistances(tag: string, { phrases }: DateVocabulary): ReadonlyMap<string, number> {
  const words = new Intl.RelativeTimeFormat(tag, { numeric: "always" });
  // Each of these has its own plural somewhere.
  const amounts = [1, 2, 5, -1, -2, -5];
  const told = [1, 7].flatMap((days) =>
    amounts.map((amount) => {
      const phrase = toPhrase(words.format(amount, days === 1 ? "day" : "week"));
      return [phrase.replace(/\d+/u, "#"), Math.sign(amount) * days] as const;
    }),
  );
  return new Map([...told, ...Object.entries(phrases)].filter(([phrase]) => phrase.includes("#")));
}

function findDateOrder(tag: string): "day" | "month" | null {
  if (parseLanguage(tag) === "en" && parseCountry(tag) === null) return null;
  const parts = createFormatter(tag, { dateStyle: "short" }).formatToParts(0);
  const first = parts.find(({ type }) => type !== "literal");
  return first?.type === "day" || first?.type === "month" ? first.type : null;
}
