import { NAMES_GUESSED } from "../core/limits.ts";
import { distance } from "../topics/understanding/distance.ts";

/** Finds what a name that is not there was probably meant to be. It knows only so many looks, so that its work has an end. */
export class Guesses {
  readonly #names: readonly string[];
  readonly #known = new Map<string, string | null>();

  constructor(names: Iterable<string>) {
    this.#names = [...new Set(names)];
  }

  /** @returns the nearest of the names, the first of those that are as near; null where none is near */
  nearest(name: string): string | null {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#known.size >= NAMES_GUESSED) return null;
    const found = nearestOf(name, this.#names);
    this.#known.set(name, found);
    return found;
  }

  /** @returns " Did you mean …?" with its space before, or nothing */
  hint(name: string): string {
    const near = this.nearest(name);
    return near === null ? "" : ` Did you mean ${JSON.stringify(near)}?`;
  }
}

function nearestOf(name: string, names: readonly string[]): string | null {
  const said = name.toLowerCase();
  let limit = Math.max(1, Math.min(3, Math.floor(said.length / 3)));
  let best: string | null = null;
  for (const each of names) {
    const apart = distance(said, each.toLowerCase(), limit);
    if (apart > limit || (best !== null && apart === limit)) continue;
    best = each;
    limit = apart;
    if (apart === 0) break;
  }
  return best;
}
