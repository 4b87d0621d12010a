import type { Chance } from "./prng.ts";

/** Something that was published. */
export interface Published {
  readonly id: number;
  readonly noun: "topic" | "application";
  readonly name: string;
  readonly version: number;
  /** Of an application. */
  readonly topics: readonly string[];
}

export const APPLICATIONS = ["first", "second"] as const;

const TOPICS = ["a", "b", "c", "d"] as const;

/** What has been published in the life of a configuration, by chance; an application has only topics that were there. */
export function historyBy(chance: Chance, length: number): readonly Published[] {
  const history: Published[] = [];
  let id = 0;
  for (let step = 0; step < length; step += 1) {
    id += chance.between(1, 3);
    const there = TOPICS.filter((name) => history.some((each) => each.name === name));
    const noun = there.length > 0 && chance.is(0.4) ? "application" : "topic";
    const names = noun === "topic" ? TOPICS : APPLICATIONS;
    const name = names[chance.between(0, names.length - 1)] ?? names[0];
    const version = history.filter((each) => each.noun === noun && each.name === name).length + 1;
    const topics = noun === "topic" ? [] : there.filter(() => chance.is(0.6));
    history.push({ id, noun, name, version, topics });
  }
  return history;
}

/** The ids of an application and its topics as they were at a publication, read from the whole history; none where there was no such application. */
export function idsAt(history: readonly Published[], application: string, publication: number): readonly number[] {
  const known = history.filter(({ id }) => id <= publication);
  const own = known.findLast(({ noun, name }) => noun === "application" && name === application);
  if (own === undefined) return [];
  return [
    own.id,
    ...own.topics.map((topic) => known.findLast(({ noun, name }) => noun === "topic" && name === topic)?.id ?? 0),
  ];
}
