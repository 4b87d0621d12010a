import { expect, it } from "vitest";
import { BoundedCache } from "../../src/core/bounded-cache.ts";

it("creates a value once, until a newer key evicts it", () => {
  const made: string[] = [];
  const make = (key: string) => {
    made.push(key);
    return key.toUpperCase();
  };
  const cache = new BoundedCache<string>(2);
  expect(["a", "b", "a", "c", "b", "a"].map((key) => cache.getOrCreate(key, make))).toEqual([
    "A",
    "B",
    "A",
    "C",
    "B",
    "A",
  ]);
  expect(made).toEqual(["a", "b", "c", "a"]);
});

it("replaces an entry without evicting another", () => {
  const cache = new BoundedCache<number>(2);
  cache.set("a", 1);
  cache.set("b", 2);
  cache.set("a", 3);
  expect([cache.get("a"), cache.get("b")]).toEqual([3, 2]);
  cache.set("c", 4);
  expect([cache.get("a"), cache.get("b"), cache.get("c")]).toEqual([undefined, 2, 4]);
});

it("frees the space of a deleted entry", () => {
  const cache = new BoundedCache<number>(1);
  cache.set("a", 1);
  cache.delete("a");
  expect(cache.get("a")).toBeUndefined();
  cache.set("b", 2);
  expect(cache.get("b")).toBe(2);
});
