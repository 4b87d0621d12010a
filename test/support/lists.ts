import type { ReadyList } from "../../src/notify/list.ts";

/** A list on the number that conversations as text are with, made before anything happens. */
export function list(id: string, more: Partial<ReadyList> = {}): ReadyList {
  const title = `${id.charAt(0).toUpperCase()}${id.slice(1)}`;
  return {
    id,
    number: "+12025550100",
    title,
    audience: "anyone",
    doubleOptIn: false,
    zone: "UTC",
    createdAt: 0,
    ...more,
  };
}
