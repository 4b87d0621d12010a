import * as z from "zod/mini";
import { LIST_TITLE_CHARACTERS } from "../core/limits/notify.ts";
import type { PhoneNumber } from "../core/phone.ts";
import { isTimeZone } from "../hours/time-zone.ts";
import { phoneNumber } from "../schema/ids.ts";
import { liquidLocalizedText } from "../templates/liquid-schema.ts";
import type { LocalizedText } from "../templates/localized-text.ts";

const titleWords = z.string().check(
  z.minLength(1),
  z.maxLength(LIST_TITLE_CHARACTERS),
  z.refine(
    (title) => /\p{L}/u.test(title),
    "must contain a letter: contacts name a list by its title or by its number",
  ),
);

const title = z.union([
  titleWords,
  z
    .record(
      z.string().check(z.regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/u, "must be a language such as en or pt-BR")),
      titleWords,
    )
    .check(z.refine((titles) => Object.keys(titles).length > 0, "must have a title in at least one language")),
]);

/** A list that contacts can subscribe to on one number. */
export const listSchema = z.strictObject({
  title: title.check(z.describe("The title that contacts see, for all languages or by language")),
  number: phoneNumber.check(z.describe("The number that texts of the list come from; it cannot be changed")),
  audience: z._default(
    z
      .enum(["linked", "anyone"])
      .check(z.describe("`linked`: only contacts linked to a person; `anyone`: all contacts")),
    "linked",
  ),
  doubleOptIn: z._default(
    z.boolean().check(z.describe("Whether a contact that subscribes by text must confirm with YES")),
    false,
  ),
  zone: z._default(
    z
      .string()
      .check(
        z.refine(isTimeZone, "must be an IANA time zone such as America/New_York"),
        z.describe("Time zone of contacts whose phone number does not show one"),
      ),
    "UTC",
  ),
  heading: z.optional(liquidLocalizedText.check(z.describe("Text above each text of the list. Default: none"))),
});

export type List = z.infer<typeof listSchema>;

/** A list as loaded from the configuration. */
export interface ReadyList extends List {
  readonly id: string;
  /** Milliseconds since 1970. An earlier subscription belongs to a deleted list with the same id. */
  readonly createdAt: number;
}

/** @returns the texts of all languages */
export function listTextVariants(text: LocalizedText): readonly string[] {
  return typeof text === "string" ? [text] : Object.values(text);
}

/** The person that a contact is linked to. */
export interface LinkedPerson {
  readonly id: string;
}

/** The part of a turn's context that decides which lists are available. */
interface ListContext {
  readonly turn: { readonly number: PhoneNumber };
  readonly context: { readonly lists?: (number: PhoneNumber) => readonly ReadyList[] };
  readonly person: LinkedPerson | null;
}

/**
 * @returns the number's lists that the contact may subscribe to, in the order of their numbers; guests get only those
 * for anyone
 */
export function findAvailableLists({ turn, context, person }: ListContext): readonly ReadyList[] {
  const lists = context.lists?.(turn.number) ?? [];
  return lists.filter(({ audience }) => audience === "anyone" || person !== null);
}
