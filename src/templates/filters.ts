import type { FilterImplOptions } from "liquidjs";
import { Kept } from "../core/kept.ts";
import { FORMATS_KEPT } from "../core/limits/topics.ts";
import { parsePhone } from "../core/phone.ts";
import { truncated, withPlainSpaces } from "../core/text.ts";

type Filter = Extract<FilterImplOptions, (...values: never[]) => unknown>;

/**
 * What templates can do beside Liquid's own filters, in the conversation's language and time zone:
 * `{{ sender | phone }}`, `{{ price | currency: "EUR" }}`, `{{ count | plural: "pizza", "pizzas" }}`, `{{ now | local_date: "medium", "short" }}`,
 * `{{ name | truncate: 40 }}`.
 */
export const FILTERS: Readonly<Record<string, Filter>> = {
  phone: (value: unknown) => (typeof value === "string" ? readable(value) : value),
  currency(value: unknown, code: unknown) {
    const amount = amountIn(value);
    const currency = wordsOf(code).trim();
    if (amount === null || currency === "") return value;
    const language = languageIn(this);
    const format = MONEY.get(
      `${language} ${currency}`,
      () => new Intl.NumberFormat(language, { style: "currency", currency }),
    );
    return withPlainSpaces(format.format(amount));
  },
  plural(value: unknown, one: unknown, many: unknown) {
    const language = languageIn(this);
    const rules = PLURALS.get(language, () => new Intl.PluralRules(language));
    return rules.select(Number(value)) === "one" ? one : many;
  },
  /** @param date `full`, `long`, `medium`, `short` or `none`; so is `time` */
  local_date(value: unknown, date: unknown = "medium", time: unknown = "none") {
    const moment = new Date(value === "now" ? String(this.context.getSync(["now"])) : String(value));
    if (Number.isNaN(moment.getTime())) return value;
    const [language, timeZone] = [languageIn(this), zoneFor(value, this)];
    const make = () => {
      const styles = { ...styleOf("dateStyle", date), ...styleOf("timeStyle", time) };
      return new Intl.DateTimeFormat(language, { ...styles, timeZone });
    };
    const format = DATES.get(`${language} ${timeZone} ${String(date)} ${String(time)}`, make);
    return withPlainSpaces(format.format(moment));
  },
  /** As Liquid's own, but it cuts between what a reader sees as characters: a family of emoji, a letter with its marks. */
  truncate(value: unknown, length: unknown = 50, ellipsis: unknown = "...") {
    const text = wordsOf(value);
    this.context.memoryLimit.use(text.length);
    return truncated(text, Number(length), String(ellipsis));
  },
};

/** @returns nothing of what is neither a text nor a number */
function wordsOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** @returns null for what is no amount: nothing is not nothing to pay */
function amountIn(value: unknown): number | null {
  const isWritten = typeof value === "number" || (typeof value === "string" && value.trim() !== "");
  const amount = isWritten ? Number(value) : Number.NaN;
  return Number.isFinite(amount) ? amount : null;
}

/** A day without a time is the same day everywhere. */
const DAY = /^\d{4}-\d{2}-\d{2}$/u;

/** @returns the time zone in which a moment is meant: the conversation's */
export function zoneFor(moment: unknown, { context }: ThisParameterType<Filter>): string {
  const zone = typeof moment === "string" && DAY.test(moment) ? "UTC" : context.getSync(["zone"]);
  return typeof zone === "string" ? zone : "UTC";
}

const MONEY = new Kept<Intl.NumberFormat>(FORMATS_KEPT);
const PLURALS = new Kept<Intl.PluralRules>(FORMATS_KEPT);
const DATES = new Kept<Intl.DateTimeFormat>(FORMATS_KEPT);

const STYLES = new Set(["full", "long", "medium", "short"]);

function styleOf(key: "dateStyle" | "timeStyle", style: unknown): Intl.DateTimeFormatOptions {
  return STYLES.has(String(style)) ? { [key]: style } : {};
}

function languageIn({ context }: ThisParameterType<Filter>): string {
  const conversation = context.getSync(["conversation"]);
  const { language } = (conversation ?? {}) as { readonly language?: unknown };
  return typeof language === "string" ? language : "en";
}

/** As people write numbers: North American ones in groups, others in threes after their plus. */
function readable(written: string): string {
  const phone = parsePhone(written);
  if (phone === null || !phone.startsWith("+")) return written;
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/u.exec(phone);
  if (american !== null) return `(${american[1]}) ${american[2]}-${american[3]}`;
  return phone;
}
