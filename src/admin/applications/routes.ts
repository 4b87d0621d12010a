import { eq } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { listTopicIds } from "../../assistants/catalog.ts";
import { parseApplication } from "../../configuration/saved-documents.ts";
import type { Application } from "../../configuration/schemas.ts";
import { parseJson } from "../../core/json.ts";
import { createProblem } from "../../core/problem-document.ts";
import { type DrizzleDatabase, openDatabase, PARAMETERS_PER_QUERY, splitIntoChunks } from "../../db/database.ts";
import { applications, applicationTopics, numbers } from "../../db/schema.ts";
import { slug } from "../../schema/ids.ts";
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
import { checkApplication } from "./checks.ts";
import { APPLICATION_EXAMPLE, applicationBody, applicationResource, savedApplication } from "./schema.ts";

const NOUN = { path: "/v1/applications/{id}", tag: "Applications" } as const;
const ABSENT = "The application does not exist.";

export const applicationRoutes: readonly Route[] = [
  route({
    tag: NOUN.tag,
    method: "get",
    path: "/v1/applications",
    operationId: "listApplications",
    summary: "List applications",
    query: pageQuery,
    responses: { 200: json("One page of applications, by id.", pageSchema(applicationResource)) },
    handle: async ({ query }, c) =>
      answer(200, await listDocuments(openDatabase(c.env.DB), applications, query, showApplication)),
  }),
  route({
    ...NOUN,
    method: "get",
    operationId: "getApplication",
    summary: "Get an application",
    parameters: { id: lookup(slug) },
    responses: { 200: json("The application.", applicationResource), 404: ABSENT },
    handle: async ({ parameters: { id } }, c) => {
      const found = await findDocument(openDatabase(c.env.DB), applications, id);
      return found === undefined ? respondNotFound(`application "${id}"`) : answer(200, showApplication(found));
    },
  }),
  route({
    ...NOUN,
    method: "put",
    operationId: "saveApplication",
    summary: "Create or replace an application, and publish it",
    parameters: { id: slug },
    body: uncheckedJsonBody(applicationBody, APPLICATION_EXAMPLE),
    responses: {
      200: json("The application was replaced, or is unchanged.", savedApplication),
      201: json("The application was created.", savedApplication),
      409: "A related resource changed at the same time.",
    },
    handle: async ({ parameters: { id }, body }, c) => {
      const db = openDatabase(c.env.DB);
      const { application, errors, warnings } = await checkApplication(c, body);
      if (application === null)
        return { ...createProblem(422, "The application is invalid; see errors.", errors), warnings };
      const before = await findDocument(db, applications, id);
      const row = createDocumentRow(id, JSON.stringify(application), before, Date.now());
      if (before?.document === row.document && !before.isDraft)
        return answer(200, { ...showApplication(before), warnings });
      const published = await publishVersion(
        db,
        applications,
        row,
        storeStatements(db, row, application),
        row.updatedAt,
      );
      if ("detail" in published) return published;
      const { version, at, by } = published;
      const saved = showApplication({ ...row, published: { version, at, by } });
      return answer(before === undefined ? 201 : 200, { ...saved, warnings });
    },
  }),
  route({
    ...NOUN,
    method: "delete",
    operationId: "deleteApplication",
    summary: "Delete an application that no number uses",
    parameters: { id: lookup(slug) },
    responses: {
      204: empty("The application was deleted."),
      404: ABSENT,
      409: "A number still uses the application.",
    },
    handle: async ({ parameters: { id } }, c) => {
      const db = openDatabase(c.env.DB);
      if ((await findDocument(db, applications, id)) === undefined) return respondNotFound(`application "${id}"`);
      const users = await db.select({ number: numbers.number }).from(numbers).where(eq(numbers.application, id));
      if (users.length > 0)
        return respondInUse(
          `Application "${id}"`,
          users.map(({ number }) => `/v1/numbers/${number}`),
        );
      return (await saveConfiguration(db, [db.delete(applications).where(eq(applications.id, id))])) ?? NO_CONTENT;
    },
  }),
];

export const publishableApplications: PublishableNoun = {
  table: applications,
  checkDocument: async (c, _, document) => (await checkApplication(c, parseJson(document))).errors,
  relatedStatements: (db, id, document, now) => {
    const application = parseApplication(document);
    const row = createDocumentRow(id, document, undefined, now);
    return application === null ? [] : storeStatements(db, row, application);
  },
};

/** Makes the statements that store an application and the list of its topics. */
function storeStatements(
  db: DrizzleDatabase,
  row: DocumentRow,
  { assistant }: Application,
): readonly BatchItem<"sqlite">[] {
  const { id, document, updatedAt } = row;
  const uses = [...new Set(listTopicIds(assistant))].map((topic) => ({ application: id, topic }));
  return [
    db.insert(applications).values(row).onConflictDoUpdate({ target: applications.id, set: { document, updatedAt } }),
    db.delete(applicationTopics).where(eq(applicationTopics.application, id)),
    ...splitIntoChunks(uses, PARAMETERS_PER_QUERY / 2).map((some) => db.insert(applicationTopics).values(some)),
  ];
}

function showApplication(found: Omit<FoundDocument, "isDraft">) {
  return { ...(JSON.parse(found.document) as Application), ...showDocument(found) };
}
