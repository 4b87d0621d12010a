import { PROBLEMS_PER_ANSWER } from "../../core/limits/topics.ts";
import type { FieldProblem } from "../../core/problem-document.ts";

/**
 * @returns each problem once, in the order of the document; of too many only the first, and the number of the others
 */
export function sortProblems(problems: readonly FieldProblem[], document: unknown): readonly FieldProblem[] {
  const places = new DocumentOrder(document);
  const once = new Map(problems.map((each) => [JSON.stringify([each.pointer, each.detail]), each]));
  const placed = [...once.values()].map((problem) => ({ problem, place: places.locatePointer(problem.pointer) }));
  const sorted = placed
    .toSorted((a, b) => comparePlaces(a.place, b.place) || compareTexts(a.problem.detail, b.problem.detail))
    .map(({ problem: { pointer, detail } }) => ({ pointer, detail }));
  if (sorted.length <= PROBLEMS_PER_ANSWER) return sorted;
  const more = sorted.length - PROBLEMS_PER_ANSWER;
  return [...sorted.slice(0, PROBLEMS_PER_ANSWER), { pointer: "", detail: `And ${more} more.` }];
}

/** The positions of JSON pointers in a document: an index for each level, Infinity if the key does not exist. */
class DocumentOrder {
  readonly #document: unknown;
  readonly #keys = new Map<object, ReadonlyMap<string, number>>();

  constructor(document: unknown) {
    this.#document = document;
  }

  locatePointer(pointer: string): readonly number[] {
    let value = this.#document;
    return pointer
      .split("/")
      .slice(1)
      .map((segment) => {
        const key = segment.replaceAll("~1", "/").replaceAll("~0", "~");
        if (typeof value !== "object" || value === null) return Number.POSITIVE_INFINITY;
        const place = this.#indexKeys(value).get(key) ?? Number.POSITIVE_INFINITY;
        value = place === Number.POSITIVE_INFINITY ? null : (value as Record<string, unknown>)[key];
        return place;
      });
  }

  #indexKeys(value: object): ReadonlyMap<string, number> {
    const cached = this.#keys.get(value);
    if (cached !== undefined) return cached;
    const keys = new Map(Object.keys(value).map((key, index) => [key, index]));
    this.#keys.set(value, keys);
    return keys;
  }
}

function comparePlaces(a: readonly number[], b: readonly number[]): number {
  for (const [index, each] of a.entries()) {
    const other = b[index];
    if (other === undefined) return 1;
    if (each !== other) return each < other ? -1 : 1;
  }
  return a.length - b.length;
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** @returns the problems that are neither at nor inside a place that is known to be broken */
export function excludeBroken<Problem extends FieldProblem>(
  problems: readonly Problem[],
  broken: ReadonlySet<string>,
): readonly Problem[] {
  return problems.filter(({ pointer }) => {
    for (let end = pointer.length; end > 0; end = pointer.lastIndexOf("/", end - 1))
      if (broken.has(pointer.slice(0, end))) return false;
    return true;
  });
}
