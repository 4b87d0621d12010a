/** Keys whose value selects the form of an object. */
const DISCRIMINANTS: ReadonlySet<string> = new Set(
  "kind status phase outcome by because way whenUnknown audience version role step asks reason to optOut".split(" "),
);

/** @returns every path of keys in a JSON value, sorted; the items of an array have one path, and a discriminant stands with its value */
export function keyPaths(value: unknown): readonly string[] {
  return [...new Set(pathsIn(value, ""))].toSorted();
}

function pathsIn(value: unknown, at: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => pathsIn(item, `${at}[]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const path = `${at}.${key}`;
    const isForm = DISCRIMINANTS.has(key) && /^[\da-z-]+$/u.test(String(child));
    return [isForm ? `${path}=${String(child)}` : path, ...pathsIn(child, path)];
  });
}

/** Keys with foreign content: request bodies, answers of bots, variables of topics. */
const FOREIGN: ReadonlySet<string> = new Set(["body", "json", "variables"]);

/** @returns every key in a JSON value, without the keys of foreign content */
export function keysIn(value: unknown): ReadonlySet<string> {
  if (Array.isArray(value)) return new Set(value.flatMap((item: unknown) => [...keysIn(item)]));
  if (typeof value !== "object" || value === null) return new Set();
  return new Set(Object.entries(value).flatMap(([key, child]) => [key, ...(FOREIGN.has(key) ? [] : keysIn(child))]));
}

/** The key paths in which two JSON values differ. */
export interface Difference {
  readonly missing: readonly string[];
  readonly added: readonly string[];
}

/** Compares what this release stores with what was recorded. @param allowed paths that a later release has added on purpose */
export function compareKeys(recorded: unknown, stored: unknown, allowed: readonly string[]): Difference {
  const [before, after] = [new Set(keyPaths(recorded)), new Set(keyPaths(stored))];
  return {
    missing: [...before].filter((path) => !after.has(path)),
    added: [...after].filter((path) => !before.has(path) && !allowed.includes(path)),
  };
}

export const NO_DIFFERENCE: Difference = { missing: [], added: [] };
