import type { JsonValue } from "../core/json.ts";

/** A user of the operator's organisation, as topics and assistants see them. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** BCP 47 tags in order of preference. */
  readonly languages: readonly string[];
  /** Values by name that the operator shares with topics and assistants. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * The means by which a contact enters PIN and code. Carriers may withhold texts that look like codes; a page avoids
 * that.
 */
export type IdentityChannel = "text" | "page";

/** Converts a person to JSON for remote assistants and exported files. */
export function toPersonJson({ id, name, languages, attributes }: Person): JsonValue {
  return { id, name, languages: [...languages], attributes: { ...attributes } };
}

/**
 * The tie between a contact and a person after an identity check; stored with the line, so that turns need no lookup.
 */
export interface PersonLink {
  readonly person: Person;
  /** When the check succeeded; milliseconds since 1970. */
  readonly at: number;
  /** When the link ends; null: together with the conversation of the check. */
  readonly until: number | null;
  readonly conversation: string;
}

/** The part of a line that decides whether its contact is linked to a person. */
export interface LinkableLine {
  readonly link?: PersonLink;
  readonly conversation: { readonly status: string; readonly id?: string };
}

/** @returns the person that a line's contact is linked to; null for a guest */
export function findLinkedPerson({ link, conversation }: LinkableLine, now: number): Person | null {
  if (link === undefined) return null;
  const isActive =
    link.until === null ? conversation.status === "open" && conversation.id === link.conversation : now < link.until;
  return isActive ? link.person : null;
}
