import type { FilterImplOptions } from "liquidjs";
import { parsePhone } from "../core/phone.ts";

type Filter = Extract<FilterImplOptions, (...values: never[]) => unknown>;

/**
 * What templates can do beside Liquid's own filters, in the conversation's language and time zone:
 * `{{ sender | phone }}`, `{{ price | currency: "EUR" }}`, `{{ count | plural: "pizza", "pizzas" }}`, `{{ now | local_date: "medium", "short" }}`.
 */
export const FILTERS: Readonly<Record<string, Filter>> = {
  phone: (value: unknown) => (typeof value === "string" ? readable(value) : value),
  currency(value: unknown, code: unknown) {
    const amount = Number(value);
    if (!Number.isFinite(amount)) return value;
    return new Intl.NumberFormat(languageIn(this), { style: "currency", currency: String(code) }).format(amount);
  },
  plural(value: unknown, one: unknown, many: unknown) {
    const rule = new Intl.PluralRules(languageIn(this)).select(Number(value));
    return rule === "one" ? one : many;
  },
  /** @param date `full`, `long`, `medium`, `short` or `none`; so is `time` */
  local_date(value: unknown, date: unknown = "medium", time: unknown = "none") {
    const moment = new Date(value === "now" ? String(this.context.getSync(["now"])) : String(value));
    if (Number.isNaN(moment.getTime())) return value;
    const zone = this.context.getSync(["zone"]);
    const timeZone = typeof zone === "string" ? zone : "UTC";
    const styles = { ...styleOf("dateStyle", date), ...styleOf("timeStyle", time) };
    return new Intl.DateTimeFormat(languageIn(this), { ...styles, timeZone }).format(moment);
  },
};

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
