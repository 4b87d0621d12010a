import { type Findable, createFinder as old } from "./old.ts";
export type Found =
  | { readonly kind: "topic"; readonly id: string }
  | { readonly kind: "which"; readonly ids: readonly string[] }
  | { readonly kind: "none" };
export interface Finder {
  readonly exact: (text: string) => string | null;
  readonly find: (text: string) => Found;
}
export function createFinder(topics: readonly Findable[]): Finder {
  const { exact, find } = old(topics);
  return {
    exact,
    find: (text) => {
      const id = find(text);
      return id === null ? { kind: "none" } : { kind: "topic", id };
    },
  };
}
