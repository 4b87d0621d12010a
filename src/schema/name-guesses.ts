import { NAMES_GUESSED } from "../core/limits/configuration.ts";
import { editDistance } from "../understanding/edit-distance.ts";

/** Of more names that are as near, none can have been meant in particular. */
const NEAR_NAMES = 5;

/** Finds what a name that is not there was probably meant to be. It knows only so many looks, so that its work has an end. */
export class NameGuesses {
  readonly #names: readonly string[];
  readonly #known = new Map<string, readonly string[]>();

  constructor(names: Iterable<string>) {
    this.#names = [...new Set(names)];
  }

  /** @returns the nearest of the names; several where they are as near as one another, none where none is near */
  findNearest(name: string): readonly string[] {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    if (this.#known.size >= NAMES_GUESSED) return [];
    const found = findNearestNames(name, this.#names);
    const few = found.length > NEAR_NAMES ? [] : found;
    this.#known.set(name, few);
    return few;
  }

  /** @returns " Did you mean …?" with its space before; nothing where no name is near, or two are as near */
  formatHint(name: string): string {
    const [near, other] = this.findNearest(name);
    return near === undefined || other !== undefined ? "" : ` Did you mean ${JSON.stringify(near)}?`;
  }
}

function findNearestNames(name: string, names: readonly string[]): readonly string[] {
  if (names.includes(name)) return [name];
  const said = name.toLowerCase();
  let limit = Math.max(1, Math.min(3, Math.floor(said.length / 3)));
  let best: string[] = [];
  for (const each of names) {
    const apart = editDistance(said, each.toLowerCase(), limit);
    if (apart > limit) continue;
    if (apart < limit) best = [];
    best.push(each);
    limit = apart;
  }
  return best;
}
