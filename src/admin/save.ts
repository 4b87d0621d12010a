import type { BatchItem } from "drizzle-orm/batch";
import { expireConfiguration } from "../configuration/store.ts";
import { createProblem, toProblemResponse } from "../core/problem-document.ts";
import { changeConfiguration, type DrizzleDatabase, isConflict } from "../db/database.ts";

/**
 * Makes a change and lets this isolate know at once; the others see it within 15 s.
 * @returns the answer to give where somebody else has changed in between what this change relies on, or null
 */
export async function saveConfiguration(
  db: DrizzleDatabase,
  statements: readonly BatchItem<"sqlite">[],
): Promise<Response | null> {
  try {
    await changeConfiguration(db, statements);
    expireConfiguration();
    return null;
  } catch (error) {
    if (!isConflict(error)) throw error;
    return toProblemResponse(
      createProblem(409, "What this refers to, or what refers to it, has just changed; look again."),
    );
  }
}
