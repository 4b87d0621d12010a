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
  z.refine((title) => /\p{L}/u.test(title), "must have a letter: people name a list by its title or by a number"),
);

const title = z.union([
  titleWords,
  z
    .record(
      z.string().check(z.regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/u, "must be a language as en or pt-BR")),
      titleWords,
    )
    .check(z.refine((titles) => Object.keys(titles).length > 0, "must have a title in one language at least")),
]);

/** Something that people can have sent to them from one of our numbers. */
export const listSchema = z.strictObject({
  title: title.check(z.describe("What people call it; one for all languages, or one for each")),
  number: phoneNumber.check(z.describe("The number that its notices come from; it cannot be changed")),
  audience: z._default(
    z.enum(["linked", "anyone"]).check(z.describe("`linked`: only who is linked to a person sees and gets it")),
    "linked",
  ),
  doubleOptIn: z._default(
    z.boolean().check(z.describe("Whether who switches it on by text is asked for a YES first")),
    false,
  ),
  zone: z._default(
    z
      .string()
      .check(
        z.refine(isTimeZone, "must be a time zone of the IANA list, as America/New_York"),
        z.describe("Where people are taken to be whose number does not tell"),
      ),
    "UTC",
  ),
  heading: z.optional(liquidLocalizedText.check(z.describe("Said above each of its notices"))),
});

export type List = z.infer<typeof listSchema>;

/** A list, ready to be switched on. */
export interface ReadyList extends List {
  readonly id: string;
  /** Milliseconds since 1970: what was switched on before then was another list of the same id. */
  readonly createdAt: number;
}

export function listTextVariants(words: LocalizedText): readonly string[] {
  return typeof words === "string" ? [words] : Object.values(words);
}

/** The person of the operator's organisation whom a sender is linked to. */
export interface LinkedPerson {
  readonly id: string;
}

/** What lists are looked for by. */
interface ListContext {
  readonly turn: { readonly number: PhoneNumber };
  readonly world: { readonly lists?: (number: PhoneNumber) => readonly ReadyList[] };
  readonly person: LinkedPerson | null;
}

/** @returns the lists of the number that the sender may have, in the order in which they are numbered: guests see none that are for linked persons */
export function findAvailableLists({ turn, world, person }: ListContext): readonly ReadyList[] {
  const own = world.lists?.(turn.number) ?? [];
  return own.filter(({ audience }) => audience === "anyone" || person !== null);
}
