import type { FilterImplOptions } from "liquidjs";
import { BoundedCache } from "../core/bounded-cache.ts";
import { FORMATS_CACHED } from "../core/limits/topics.ts";
import { toPlainSpaces, truncateText } from "../core/message-text.ts";
import { parsePhone } from "../core/phone.ts";

type LiquidFilter = Extract<FilterImplOptions, (...values: never[]) => unknown>;

/**
 * Liquid filters of Parley, in the conversation's language and time zone: `{{ sender | phone }}`, `{{ price | currency:
 * "EUR" }}`, `{{ count | plural: "pizza", "pizzas" }}`, `{{ now | local_date: "medium", "short" }}`, `{{ name |
 * truncate: 40 }}`.
 */
export const FILTERS: Readonly<Record<string, LiquidFilter>> = {
  phone: (value: unknown) => (typeof value === "string" ? formatPhone(value) : value),
  currency(value: unknown, code: unknown) {
    const amount = toAmount(value);
    const currency = toText(code).trim();
    if (amount === null || currency === "") return value;
    const language = findLanguage(this);
    const format = MONEY_FORMATS.getOrCreate(
      `${language} ${currency}`,
      () => new Intl.NumberFormat(language, { style: "currency", currency }),
    );
    return toPlainSpaces(format.format(amount));
  },
  plural(value: unknown, one: unknown, many: unknown) {
    const language = findLanguage(this);
    const rules = PLURAL_RULES.getOrCreate(language, () => new Intl.PluralRules(language));
    return rules.select(Number(value)) === "one" ? one : many;
  },
  /** @param date `full`, `long`, `medium`, `short` or `none`; so is `time` */
  local_date(value: unknown, date: unknown = "medium", time: unknown = "none") {
    const moment = new Date(value === "now" ? String(this.context.getSync(["now"])) : String(value));
    if (Number.isNaN(moment.getTime())) return value;
    const [language, timeZone] = [findLanguage(this), findZone(value, this)];
    const createFormat = () => {
      const styles = { ...toStyleOptions("dateStyle", date), ...toStyleOptions("timeStyle", time) };
      return new Intl.DateTimeFormat(language, { ...styles, timeZone });
    };
    const format = DATE_FORMATS.getOrCreate(`${language} ${timeZone} ${String(date)} ${String(time)}`, createFormat);
    return toPlainSpaces(format.format(moment));
  },
  /** Truncates as Liquid does, but never inside a visible character: a family of emoji, a letter with its marks. */
  truncate(value: unknown, length: unknown = 50, ellipsis: unknown = "...") {
    const text = toText(value);
    this.context.memoryLimit.use(text.length);
    return truncateText(text, Number(length), String(ellipsis));
  },
};

/** @returns the value as a text, and an empty text if the value is neither a text nor a number */
function toText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** @returns null if the value is not an amount: an empty text must not become a price of 0 */
function toAmount(value: unknown): number | null {
  const isPresent = typeof value === "number" || (typeof value === "string" && value.trim() !== "");
  const amount = isPresent ? Number(value) : Number.NaN;
  return Number.isFinite(amount) ? amount : null;
}

/** A day without a time, which is the same day in every time zone. */
const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/u;

/** @returns the time zone to format a moment in: the conversation's, or UTC for a day without a time */
export function findZone(moment: unknown, { context }: ThisParameterType<LiquidFilter>): string {
  const zone = typeof moment === "string" && ISO_DAY.test(moment) ? "UTC" : context.getSync(["zone"]);
  return typeof zone === "string" ? zone : "UTC";
}

const MONEY_FORMATS = new BoundedCache<Intl.NumberFormat>(FORMATS_CACHED);
const PLURAL_RULES = new BoundedCache<Intl.PluralRules>(FORMATS_CACHED);
const DATE_FORMATS = new BoundedCache<Intl.DateTimeFormat>(FORMATS_CACHED);

const DATE_STYLES = new Set(["full", "long", "medium", "short"]);

function toStyleOptions(key: "dateStyle" | "timeStyle", style: unknown): Intl.DateTimeFormatOptions {
  return DATE_STYLES.has(String(style)) ? { [key]: style } : {};
}

function findLanguage({ context }: ThisParameterType<LiquidFilter>): string {
  const conversation = context.getSync(["conversation"]);
  const { language } = (conversation ?? {}) as { readonly language?: unknown };
  return typeof language === "string" ? language : "en";
}

/** Formats North American numbers in groups, and leaves all others in E.164. */
function formatPhone(value: string): string {
  const phone = parsePhone(value);
  if (phone === null || !phone.startsWith("+")) return value;
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/u.exec(phone);
  if (american !== null) return `(${american[1]}) ${american[2]}-${american[3]}`;
  return phone;
}
