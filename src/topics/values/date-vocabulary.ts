/** Words around dates that Intl does not have, folded. Any other word makes a text unreadable as a date. */
export interface DateVocabulary {
  /** Words beside a date that do not change it. */
  readonly fillers: ReadonlySet<string>;
  /** Words that make a number a day of the month: "el 5". */
  readonly markers: ReadonlySet<string>;
  readonly next: ReadonlySet<string>;
  /** Words that certainly mean the first coming day, unlike "next". */
  readonly coming: ReadonlySet<string>;
  readonly current: ReadonlySet<string>;
  /** Phrases and their days from today; for phrases with #, the days in each unit. */
  readonly phrases: Readonly<Record<string, number>>;
  readonly months: Readonly<Record<string, number>>;
}

const EMPTY_VOCABULARY = createVocabulary({});

const ENGLISH = createVocabulary({
  fillers: "on the of for",
  next: "next",
  coming: "coming",
  current: "this",
  phrases: {
    "day after tomorrow": 2,
    tmrw: 1,
    tmr: 1,
    tomorow: 1,
    tommorow: 1,
    tommorrow: 1,
    "2moro": 1,
    "2day": 0,
    "in a week": 7,
    "a week from today": 7,
    "a week from now": 7,
    "# days from now": 1,
    "# days from today": 1,
    "# weeks from now": 7,
    "# weeks from today": 7,
  },
});

const SPANISH = createVocabulary({
  fillers: "el la de del dia para",
  markers: "el dia",
  next: "proximo proxima",
  coming: "que viene",
  current: "este",
  phrases: { "en # dias": 1, "en # dia": 1, "en # semanas": 7, "en # semana": 7, "en una semana": 7 },
});

const FRENCH = createVocabulary({
  fillers: "le la du de pour",
  markers: "le",
  next: "prochain prochaine",
  current: "ce",
  phrases: { "dans une semaine": 7 },
});

const GERMAN = createVocabulary({
  fillers: "am der den dem vom",
  markers: "am der den",
  next: "nachster nachsten nachste",
  coming: "kommender kommenden",
  current: "dieser diesen",
  phrases: { "in einer woche": 7, ubermorgen: 2, uebermorgen: 2 },
  months: { maerz: 3 },
});

const PORTUGUESE = createVocabulary({
  fillers: "o a na no de do da dia em para",
  markers: "dia",
  next: "proximo proxima",
  coming: "que vem",
  current: "este esta neste nesta",
  phrases: { "daqui a # dias": 1, "dentro de # dias": 1, "daqui a # semanas": 7, "em uma semana": 7 },
});

const HINDI = createVocabulary({
  fillers: "को की के दिन तारीख",
  markers: "तारीख",
  next: "अगला अगले",
  current: "इस",
  phrases: { "# दिन बाद": 1, "# हफ्ते बाद": 7, "# सप्ताह बाद": 7 },
  months: { सितम्बर: 9, अक्तूबर: 10, नवम्बर: 11, दिसम्बर: 12 },
});

const VOCABULARIES: Readonly<Record<string, DateVocabulary>> = {
  en: ENGLISH,
  es: SPANISH,
  fr: FRENCH,
  de: GERMAN,
  pt: PORTUGUESE,
  hi: HINDI,
};

export function findVocabulary(language: string): DateVocabulary {
  return VOCABULARIES[language] ?? EMPTY_VOCABULARY;
}

function createVocabulary(
  words: Partial<Record<"fillers" | "markers" | "next" | "coming" | "current", string>> &
    Partial<Pick<DateVocabulary, "phrases" | "months">>,
): DateVocabulary {
  return {
    fillers: toWordSet(words.fillers),
    markers: toWordSet(words.markers),
    next: toWordSet(words.next),
    coming: toWordSet(words.coming),
    current: toWordSet(words.current),
    phrases: words.phrases ?? {},
    months: words.months ?? {},
  };
}

function toWordSet(words = ""): ReadonlySet<string> {
  return new Set(words.split(" ").filter((word) => word !== ""));
}
