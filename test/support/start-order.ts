import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Projects by how much of their time their files wait. */
const ORDER = ["heavy", "pages", "e2e", "node"];

/** Lets the files begin first that take longest by the clock: they wait while the others compute. */
export class StartOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- the method of the class, not that of an array
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}

function rankOf({ project }: TestSpecification): number {
  const index = ORDER.indexOf(project.name);
  return index === -1 ? ORDER.length : index;
}
