import { NAMES_GUESSED } from "../core/limits/configuration.ts";
import { editDistance } from "../understanding/edit-distance.ts";

/** If more names than this are equally similar, a suggestion would be arbitrary. */
const NEAR_NAMES = 5;

/**
 * Suggests existing names for unknown ones. The number of searches per instance is limited, so that the work is
 * bounded.
 */
export class NameGuesses {
  readonly #names: readonly string[];
  readonly #cached = new Map<string, readonly string[]>();

  constructor(names: Iterable<string>) {
    this.#names = [...new Set(names)];
  }

  /** @returns the most similar names: several if they are equally similar, an empty list if none is similar */
  findNearest(name: string): readonly string[] {
    const cached = this.#cached.get(name);
    if (cached !== undefined) return cached;
    if (this.#cached.size >= NAMES_GUESSED) return [];
    const found = findNearestNames(name, this.#names);
    const few = found.length > NEAR_NAMES ? [] : found;
    this.#cached.set(name, few);
    return few;
  }

  /** @returns " Did you mean …?" with a leading space, or an empty string if there is no single most similar name */
  formatHint(name: string): string {
    const [near, other] = this.findNearest(name);
    return near === undefined || other !== undefined ? "" : ` Did you mean ${JSON.stringify(near)}?`;
  }
}

function findNearestNames(name: string, names: readonly string[]): readonly string[] {
  if (names.includes(name)) return [name];
  const lowerCase = name.toLowerCase();
  let limit = Math.max(1, Math.min(3, Math.floor(lowerCase.length / 3)));
  let best: string[] = [];
  for (const each of names) {
    const distance = editDistance(lowerCase, each.toLowerCase(), limit);
    if (distance > limit) continue;
    if (distance < limit) best = [];
    best.push(each);
    limit = distance;
  }
  return best;
}
