import type { JsonValue } from "../core/json.ts";

/** A user of the operator's organisation, as topics and assistants see them. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** BCP 47 tags, the preferred one first. */
  readonly languages: readonly string[];
  /** What the operator wants topics and assistants to know, by name. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** @returns a person as JSON, as bots and files have them */
export function toPersonJson({ id, name, languages, attributes }: Person): JsonValue {
  return { id, name, languages: [...languages], attributes: { ...attributes } };
}

/** A person has shown who they are: kept with the line, so that an ordinary turn asks nobody. */
export interface PersonLink {
  readonly person: Person;
  /** When they did; milliseconds since 1970. */
  readonly at: number;
  /** When it ends; null: with the conversation in which they did. */
  readonly until: number | null;
  readonly conversation: string;
}

/** What of a line tells who is at the other end. */
export interface LinkableLine {
  readonly link?: PersonLink;
  readonly conversation: { readonly status: string; readonly id?: string };
}

/** @returns who is at the other end of a line, or null for a guest */
export function findLinkedPerson({ link, conversation }: LinkableLine, now: number): Person | null {
  if (link === undefined) return null;
  const holds =
    link.until === null ? conversation.status === "open" && conversation.id === link.conversation : now < link.until;
  return holds ? link.person : null;
}
