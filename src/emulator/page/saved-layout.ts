import { EMPTY_LAYOUT, type PageLayout } from "./page-state.ts";

const STORAGE_KEY = "parley.phones";

/** Loads the saved layout. Blocked storage (for example in a private window) and foreign JSON give an empty layout. */
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
    // The layout is not saved; everything else works.
  }
}

/** Reads the valid parts of stored JSON, and ignores the rest. */
export function parseLayout(stored: string | null): PageLayout {
  if (stored === null) return EMPTY_LAYOUT;
  let json: unknown;
  try {
    json = JSON.parse(stored);
  } catch {
    return EMPTY_LAYOUT;
  }
  if (typeof json !== "object" || json === null) return EMPTY_LAYOUT;
  const { order, active, targets, seen } = json as Record<string, unknown>;
  return {
    order: Array.isArray(order) ? order.filter(isString) : null,
    active: isString(active) ? active : null,
    targets: filterEntries(targets, isString),
    seen: filterEntries(seen, isNumber),
  };
}

const isString = (value: unknown): value is string => typeof value === "string";
const isNumber = (value: unknown): value is number => typeof value === "number";

function filterEntries<T>(value: unknown, isValid: (value: unknown) => value is T): Record<string, T> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, T] => isValid(entry[1])));
}
