import { isRecord } from "../core/json.ts";

/** A place in a document: names of fields, and indexes of list entries from 0. */
export type DocumentPath = readonly (string | number)[];

/** @returns the value at the path, or undefined */
export function getValueByPath(whole: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)];
    return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }, whole);
}

/** @returns a copy with another value at the path, or without that field if the value is undefined */
export function replaceByPath(whole: unknown, path: DocumentPath, value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(whole))
    return whole.map((each, index) => (index === key ? replaceByPath(each, rest, value) : each));
  if (!isRecord(whole)) return whole;
  const inner = replaceByPath(getValueByPath(whole, [key]), rest, value);
  const others = Object.entries(whole).filter(([name]) => name !== key);
  return Object.fromEntries(inner === undefined ? others : [...others, [String(key), inner]]);
}

/** @returns a copy in which values nested deeper than `depth` are null, and the paths of those values */
export function pruneDepth(
  whole: unknown,
  depth: number,
  path: DocumentPath = [],
): { value: unknown; cut: readonly DocumentPath[] } {
  if (typeof whole !== "object" || whole === null) return { value: whole, cut: [] };
  if (depth === 0) return { value: null, cut: [path] };
  const entries = Array.isArray(whole) ? [...whole.entries()] : Object.entries(whole);
  const inner = entries.map(
    ([key, each]: [string | number, unknown]) => [key, pruneDepth(each, depth - 1, [...path, key])] as const,
  );
  const cut = inner.flatMap(([, each]) => each.cut);
  if (cut.length === 0) return { value: whole, cut };
  const value = Array.isArray(whole)
    ? inner.map(([, each]) => each.value)
    : Object.fromEntries(inner.map(([key, each]) => [key, each.value]));
  return { value, cut };
}
