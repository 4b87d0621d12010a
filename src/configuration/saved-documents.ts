import { parseJson } from "../core/json.ts";
import { listSchema, type ReadyList } from "../notify/list.ts";
import { type NamedTopic, topicSchema } from "../topics/definition.ts";
import { type Application, applicationSchema } from "./schemas.ts";

/** @returns the topic of a saved document, or null if the document no longer fits the schema */
export function parseTopic(id: string, document: string): NamedTopic | null {
  const parsed = topicSchema.safeParse(parseJson(document));
  return parsed.success ? { ...parsed.data, id } : null;
}

/** @returns the list of a saved row, or null if its document no longer fits the schema */
export function parseListRow({ id, document, createdAt }: SavedListRow): ReadyList | null {
  const parsed = listSchema.safeParse(parseJson(document));
  return parsed.success ? { ...parsed.data, id, createdAt } : null;
}

interface SavedListRow {
  readonly id: string;
  readonly document: string;
  readonly createdAt: number;
}

/** @returns the application of a saved document, or null if the document no longer fits the schema */
export function parseApplication(document: string): Application | null {
  const parsed = applicationSchema.safeParse(parseJson(document));
  return parsed.success ? parsed.data : null;
}
