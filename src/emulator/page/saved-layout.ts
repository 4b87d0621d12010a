import { EMPTY_LAYOUT, type PageLayout } from "./page-state.ts";

const STORAGE_KEY = "parley.phones";

/** A private window, blocked storage or somebody else's JSON must never keep the page from opening. */
export function loadLayout(): PageLayout {
  try {
    return parseLayout(localStorage.getItem(STORAGE_KEY));
  } catch {
    return EMPTY_LAYOUT;
  }
}

export function saveLayout(layout: PageLayout): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(layout));
  } catch {
    // Not remembered, then. Everything else works.
  }
}

/** Takes what fits out of stored JSON and leaves the rest. */
export function parseLayout(stored: string | null): PageLayout {
  if (stored === null) return EMPTY_LAYOUT;
  let found: unknown;
  try {
    found = JSON.parse(stored);
  } catch {
    return EMPTY_LAYOUT;
  }
  if (typeof found !== "object" || found === null) return EMPTY_LAYOUT;
  const { order, active, targets, seen } = found as Record<string, unknown>;
  return {
    order: Array.isArray(order) ? order.filter(isString) : null,
    active: isString(active) ? active : null,
    targets: filterEntries(targets, isString),
    seen: filterEntries(seen, isNumber),
  };
}

const isString = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number";

function filterEntries<T>(value: unknown, fits: (value: unknown) => value is T): Record<string, T> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, T] => fits(entry[1])));
}
