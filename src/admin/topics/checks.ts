import { eq } from "drizzle-orm";
import { listTopicIds } from "../../assistants/catalog.ts";
import { parseApplication } from "../../configuration/saved-documents.ts";
import { isRecord, parseJson } from "../../core/json.ts";
import type { DrizzleDatabase } from "../../db/database.ts";
import { findPublishedTopics } from "../../db/publications.ts";
import { applications, applicationTopics, lists, numbers } from "../../db/schema.ts";
import { checkDocument, type TopicCheckResult, type TopicSurroundings } from "../../topics/checks/check-topic.ts";
import { listStepVariables } from "../../topics/checks/liquid.ts";
import type { KnownList } from "../../topics/checks/lists.ts";
import type { HomeApplication } from "../../topics/checks/targets.ts";

/** Checks any JSON value as a topic, together with the topics of the applications that use it. */
export async function checkTopic(db: DrizzleDatabase, id: string, document: unknown): Promise<TopicCheckResult> {
  return checkDocument(document, await loadSurroundings(db, id));
}

async function loadSurroundings(db: DrizzleDatabase, id: string): Promise<TopicSurroundings> {
  const homes = await findHomes(db, id);
  const others = new Set(homes.flatMap(({ topics }) => topics).filter((topic) => topic !== id));
  const published = [...(await findPublishedTopics(db, [...others]))].map(([topic, document]) => ({
    id: topic,
    document: parseJson(document),
  }));
  return {
    homes,
    lists: await loadLists(db),
    smartEncoding: homes.length > 0 && homes.every((home) => home.smartEncoding),
    neighbours: published.map((each) => ({ id: each.id, keywords: readKeywords(each.document) })),
    variables: published.flatMap(({ document }) => readArray(document, "steps").flatMap(listStepVariables)),
  };
}

async function loadLists(db: DrizzleDatabase): Promise<readonly KnownList[]> {
  return await db
    .select({ id: lists.id, application: numbers.application })
    .from(lists)
    .innerJoin(numbers, eq(numbers.number, lists.number));
}

interface SavedHome extends HomeApplication {
  readonly smartEncoding: boolean;
}

async function findHomes(db: DrizzleDatabase, topic: string): Promise<readonly SavedHome[]> {
  const rows = await db
    .select({ id: applications.id, document: applications.document })
    .from(applicationTopics)
    .innerJoin(applications, eq(applications.id, applicationTopics.application))
    .where(eq(applicationTopics.topic, topic));
  return rows.flatMap(({ id, document }) => {
    const application = parseApplication(document);
    if (application === null) return [];
    const { assistant, smartEncoding } = application;
    return [{ id, topics: listTopicIds(assistant), smartEncoding }];
  });
}

function readKeywords(document: unknown): readonly string[] {
  return readArray(document, "keywords").filter((keyword) => typeof keyword === "string");
}

function readArray(document: unknown, field: string): readonly unknown[] {
  const list = isRecord(document) ? document[field] : null;
  return Array.isArray(list) ? list : [];
}
