import { eq } from "drizzle-orm";
import { topicsOf } from "../assistants/catalog.ts";
import { parseApplication } from "../configuration/documents.ts";
import { isRecord, parseJson } from "../core/json.ts";
import type { Database } from "../db/change.ts";
import { publishedTopics } from "../db/publications.ts";
import { applications, applicationTopics, lists, numbers } from "../db/schema.ts";
import { type Checked, checkDocument, type Surroundings } from "../topics/checks/check.ts";
import { savedIn } from "../topics/checks/liquid.ts";
import type { KnownList } from "../topics/checks/lists.ts";
import type { Home } from "../topics/checks/targets.ts";

/** Says everything that is wrong with what is to be a topic, beside the topics of the applications that have it. */
export async function checkTopic(db: Database, id: string, document: unknown): Promise<Checked> {
  return checkDocument(document, await surroundingsOf(db, id));
}

async function surroundingsOf(db: Database, id: string): Promise<Surroundings> {
  const homes = await homesOf(db, id);
  const others = new Set(homes.flatMap(({ topics }) => topics).filter((topic) => topic !== id));
  const published = [...(await publishedTopics(db, [...others]))].map(([topic, document]) => ({
    id: topic,
    document: parseJson(document),
  }));
  return {
    homes,
    lists: await listsIn(db),
    smartEncoding: homes.length > 0 && homes.every((home) => home.smartEncoding),
    neighbours: published.map((each) => ({ id: each.id, keywords: keywordsIn(each.document) })),
    variables: published.flatMap(({ document }) => listIn(document, "steps").flatMap(savedIn)),
  };
}

async function listsIn(db: Database): Promise<readonly KnownList[]> {
  return await db
    .select({ id: lists.id, application: numbers.application })
    .from(lists)
    .innerJoin(numbers, eq(numbers.number, lists.number));
}

interface SavedHome extends Home {
  readonly smartEncoding: boolean;
}

async function homesOf(db: Database, topic: string): Promise<readonly SavedHome[]> {
  const rows = await db
    .select({ id: applications.id, document: applications.document })
    .from(applicationTopics)
    .innerJoin(applications, eq(applications.id, applicationTopics.application))
    .where(eq(applicationTopics.topic, topic));
  return rows.flatMap(({ id, document }) => {
    const application = parseApplication(document);
    if (application === null) return [];
    const { assistant, smartEncoding } = application;
    return [{ id, topics: topicsOf(assistant), smartEncoding }];
  });
}

function keywordsIn(document: unknown): readonly string[] {
  return listIn(document, "keywords").filter((keyword) => typeof keyword === "string");
}

function listIn(document: unknown, field: string): readonly unknown[] {
  const list = isRecord(document) ? document[field] : null;
  return Array.isArray(list) ? list : [];
}
