import type { BatchItem } from "drizzle-orm/batch";
import { expireConfiguration } from "../../configuration/store.ts";
import { createProblem, type ProblemDocument } from "../../core/problem-document.ts";
import { changeConfiguration, type DrizzleDatabase, isConflict } from "../../db/database.ts";

/**
 * Saves a change. This isolate uses it at once, the others within 15 s.
 * @returns a problem if a related row changed at the same time, else null
 */
export async function saveConfiguration(
  db: DrizzleDatabase,
  statements: readonly BatchItem<"sqlite">[],
): Promise<ProblemDocument | null> {
  try {
    await changeConfiguration(db, statements);
    expireConfiguration();
    return null;
  } catch (error) {
    if (!isConflict(error)) throw error;
    return createProblem(409, "A related resource changed at the same time. Fetch it again and retry.");
  }
}
