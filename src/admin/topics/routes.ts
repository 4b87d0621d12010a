import { eq } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { parseTopic } from "../../configuration/saved-documents.ts";
import { parseJson } from "../../core/json.ts";
import { createProblem, type ProblemDocument } from "../../core/problem-document.ts";
import {
  type DrizzleDatabase,
  openDatabase,
  PARAMETERS_PER_QUERY,
  requireTopic,
  splitIntoChunks,
} from "../../db/database.ts";
import { applicationTopics, topics, topicTargets } from "../../db/schema.ts";
import { slug } from "../../schema/ids.ts";
import { listTopicTargets, type Topic } from "../../topics/definition.ts";
import { answer, empty, json, NO_CONTENT, respondInUse, respondNotFound } from "../http/answer.ts";
import { uncheckedJsonBody } from "../http/body.ts";
import { lookup, type Route, route } from "../http/route.ts";
import { saveConfiguration } from "../http/save.ts";
import { pageQuery, pageSchema } from "../http/schema.ts";
import {
  createDocumentRow,
  type DocumentRow,
  type FoundDocument,
  findDocument,
  listDocuments,
  showDocument,
} from "../publications/documents.ts";
import { type PublishableNoun, publishVersion } from "../publications/publish.ts";
import { checkTopic } from "./checks.ts";
import { savedTopic, TOPIC_EXAMPLE, topicBody, topicResource } from "./schema.ts";

const NOUN = { path: "/v1/topics/{id}", tag: "Topics" } as const;
const ABSENT = "The topic does not exist.";

export const topicRoutes: readonly Route[] = [
  route({
    tag: NOUN.tag,
    method: "get",
    path: "/v1/topics",
    operationId: "listTopics",
    summary: "List topics",
    query: pageQuery,
    responses: { 200: json("One page of topics, by id.", pageSchema(topicResource)) },
    handle: async ({ query }, c) => answer(200, await listDocuments(openDatabase(c.env.DB), topics, query, showTopic)),
  }),
  route({
    ...NOUN,
    method: "get",
    operationId: "getTopic",
    summary: "Get a topic as it was last saved",
    parameters: { id: lookup(slug) },
    responses: { 200: json("The topic.", topicResource), 404: ABSENT },
    handle: async ({ parameters: { id } }, c) => {
      const found = await findDocument(openDatabase(c.env.DB), topics, id);
      return found === undefined ? respondNotFound(`topic "${id}"`) : answer(200, showTopic(found));
    },
  }),
  route({
    ...NOUN,
    method: "put",
    operationId: "saveTopic",
    summary: "Create and publish a topic, or replace its draft",
    parameters: { id: slug },
    body: uncheckedJsonBody(topicBody, TOPIC_EXAMPLE),
    responses: {
      200: json("The draft was replaced, or is unchanged.", savedTopic),
      201: json("The topic was created and published.", savedTopic),
      404: "The topic was deleted at the same time.",
      409: "A related resource changed at the same time.",
    },
    handle: async ({ parameters: { id }, body }, c) => {
      const db = openDatabase(c.env.DB);
      const { topic, errors, warnings } = await checkTopic(db, id, body);
      if (topic === null) return { ...createProblem(422, "The topic is invalid; see errors.", errors), warnings };
      const before = await findDocument(db, topics, id);
      const row = createDocumentRow(id, JSON.stringify(topic), before, Date.now());
      const saved = before?.published ? await saveDraft(db, row, before) : await publishFirst(db, row);
      return "detail" in saved ? saved : answer(before === undefined ? 201 : 200, { ...showTopic(saved), warnings });
    },
  }),
  route({
    ...NOUN,
    method: "delete",
    operationId: "deleteTopic",
    summary: "Delete a topic that no application uses",
    parameters: { id: lookup(slug) },
    responses: {
      204: empty("The topic was deleted."),
      404: ABSENT,
      409: "An application still uses the topic.",
    },
    handle: async ({ parameters: { id } }, c) => {
      const db = openDatabase(c.env.DB);
      if ((await findDocument(db, topics, id)) === undefined) return respondNotFound(`topic "${id}"`);
      const users = await db
        .select({ application: applicationTopics.application })
        .from(applicationTopics)
        .where(eq(applicationTopics.topic, id));
      if (users.length > 0)
        return respondInUse(
          `Topic "${id}"`,
          users.map(({ application }) => `/v1/applications/${application}`),
        );
      return (await saveConfiguration(db, [db.delete(topics).where(eq(topics.id, id))])) ?? NO_CONTENT;
    },
  }),
];

async function publishFirst(db: DrizzleDatabase, row: DocumentRow): Promise<FoundDocument | ProblemDocument> {
  const { id, document, updatedAt } = row;
  const store = db.insert(topics).values(row).onConflictDoUpdate({ target: topics.id, set: row });
  const statements = [store, ...targetStatements(db, id, document)];
  const published = await publishVersion(db, topics, { id, document }, statements, updatedAt);
  if ("detail" in published) return published;
  const { version, at, by } = published;
  return { ...row, published: { version, at, by }, isDraft: false };
}

async function saveDraft(
  db: DrizzleDatabase,
  row: DocumentRow,
  before: FoundDocument,
): Promise<FoundDocument | ProblemDocument> {
  if (row.document === before.document) return before;
  const { id, document, updatedAt } = row;
  const draft = db.update(topics).set({ document, updatedAt }).where(eq(topics.id, id));
  const conflict = await saveConfiguration(db, [draft, requireTopic(db, id)]);
  return conflict ?? (await findDocument(db, topics, id)) ?? respondNotFound(`topic "${id}"`);
}

export const publishableTopics: PublishableNoun = {
  table: topics,
  checkDocument: async (c, id, document) => (await checkTopic(openDatabase(c.env.DB), id, parseJson(document))).errors,
  relatedStatements: (db, id, document) => [requireTopic(db, id), ...targetStatements(db, id, document)],
};

/** Makes the statements that store which topics a topic goes to. */
function targetStatements(db: DrizzleDatabase, id: string, document: string): readonly BatchItem<"sqlite">[] {
  const topic = parseTopic(id, document);
  const targets = new Set(topic === null ? [] : listTopicTargets(topic).map(({ value }) => value));
  const rows = [...targets].map((target) => ({ topic: id, target }));
  return [
    db.delete(topicTargets).where(eq(topicTargets.topic, id)),
    ...splitIntoChunks(rows, PARAMETERS_PER_QUERY / 2).map((some) => db.insert(topicTargets).values(some)),
  ];
}

function showTopic(found: FoundDocument) {
  return { ...(JSON.parse(found.document) as Topic), ...showDocument(found), draft: found.isDraft };
}
