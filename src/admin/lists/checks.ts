import { eq } from "drizzle-orm";
import { parseListRow } from "../../configuration/saved-documents.ts";
import { LISTS_PER_NUMBER } from "../../core/limits/notify.ts";
import { createProblem, type FieldProblem, type ProblemDocument } from "../../core/problem-document.ts";
import type { DrizzleDatabase } from "../../db/database.ts";
import { lists, numbers } from "../../db/schema.ts";
import { type List, listTextVariants, type ReadyList } from "../../notify/list.ts";
import { toComparableForms } from "../../notify/list-keywords.ts";

/** @param before the list's row, if the list exists. @returns why the list cannot be saved, or null */
export async function checkList(
  db: DrizzleDatabase,
  id: string,
  list: List,
  before: typeof lists.$inferSelect | undefined,
): Promise<ProblemDocument | null> {
  if (before !== undefined && before.number !== list.number) {
    const detail = `The list is on ${before.number}, and its subscribers consented to that number. Create another list for ${list.number}.`;
    return createProblem(409, detail, [{ pointer: "/number", detail }]);
  }
  const errors = await findFieldProblems(db, id, list);
  return errors.length === 0 ? null : createProblem(422, "The list is invalid; see errors.", errors);
}

async function findFieldProblems(db: DrizzleDatabase, id: string, list: List): Promise<readonly FieldProblem[]> {
  const number = await db.select().from(numbers).where(eq(numbers.number, list.number)).get();
  if (number === undefined) return [{ pointer: "/number", detail: `Number ${list.number} does not exist.` }];
  const rows = await db.select().from(lists).where(eq(lists.number, list.number));
  const others = rows.flatMap((row) => (row.id === id ? [] : (parseListRow(row) ?? [])));
  const double = others.find((other) => hasCommonTitle(list, other));
  if (double !== undefined) {
    const detail = `List "${double.id}" on ${list.number} has the same title. Choose another one, so that contacts can tell them apart.`;
    return [{ pointer: "/title", detail }];
  }
  if (others.length < LISTS_PER_NUMBER) return [];
  const detail = `${list.number} has the maximum of ${LISTS_PER_NUMBER} lists. Delete one of them first.`;
  return [{ pointer: "/number", detail }];
}

function hasCommonTitle({ title }: List, other: ReadyList): boolean {
  const taken = new Set(listTextVariants(other.title).flatMap(toComparableForms));
  return listTextVariants(title)
    .flatMap(toComparableForms)
    .some((form) => taken.has(form));
}
