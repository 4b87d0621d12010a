import { readFile } from "node:fs/promises";
import path from "node:path";
import type * as z from "zod/mini";
import { checkValue } from "../admin/http/check.ts";
import { listTopicIds } from "../assistants/catalog.ts";
import { type ChatEntry, DEFAULT_TO, findHeading } from "../chats/chat.ts";
import type { ChatParticipants } from "../chats/play.ts";
import { prepareApplication } from "../configuration/ready-application.ts";
import { type Application, applicationSchema } from "../configuration/schemas.ts";
import { isRecord, parseJson } from "../core/json.ts";
import type { FieldProblem } from "../core/problem-document.ts";
import { listSchema, type ReadyList } from "../notify/list.ts";
import { checkDocument } from "../topics/checks/check-topic.ts";
import type { NamedTopic } from "../topics/definition.ts";
import { findMissingTargets } from "../topics/targets.ts";

/** An error in a file or option that the developer named. */
export class DocumentError extends Error {}

/** Fields that `GET` adds to a document; files may contain them. */
const SERVER_FIELDS = new Set(["id", "createdAt", "updatedAt", "published", "draft", "warnings"]);

/**
 * Loads the application and the topics that a conversation names.
 * @param folders folders that are searched for documents named by an id
 * @returns the application, prepared as in the Worker
 * @throws DocumentError
 */
export async function loadAnsweringApplication(
  entries: readonly ChatEntry[],
  folders: readonly string[],
): Promise<ChatParticipants["findApplication"]> {
  const { id, application, topics } = await loadApplicationDocuments(entries, folders);
  const problems = [...topics.values()].flatMap((topic) => findMissingTargets(topic, new Set(topics.keys())));
  if (problems[0] !== undefined) throw new DocumentError(problems[0].detail);
  const readyApplication = prepareApplication(id, application, topics, 0);
  return () => readyApplication;
}

/**
 * Loads the lists that a conversation names; all of them belong to the number that is texted.
 * @throws DocumentError
 */
export async function loadLists(
  entries: readonly ChatEntry[],
  folders: readonly string[],
): Promise<readonly ReadyList[]> {
  const number = findHeading(entries, "to")?.number ?? DEFAULT_TO;
  const names = findHeading(entries, "lists")?.names ?? [];
  const lists = await Promise.all(
    names.map(async (name) => {
      const { id, file, document } = await findDocumentFile("list", name, folders);
      return { ...parseDocument(listSchema, document, file), id, number, createdAt: 0 };
    }),
  );
  return lists.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

interface ApplicationDocuments {
  readonly id: string;
  readonly application: Application;
  readonly topics: ReadonlyMap<string, NamedTopic>;
}

async function loadApplicationDocuments(
  entries: readonly ChatEntry[],
  folders: readonly string[],
): Promise<ApplicationDocuments> {
  const name = findHeading(entries, "application")?.name;
  if (name !== undefined) {
    const { id, file, document } = await findDocumentFile("application", name, folders);
    const application = parseDocument(applicationSchema, document, file);
    return {
      id,
      application,
      topics: await loadTopics(listTopicIds(application.assistant), [...folders, ...listNearbyFolders(file)]),
    };
  }
  const names = findHeading(entries, "topics")?.names;
  if (names === undefined)
    throw new DocumentError('no application or topics. Add "application pizza" or "topics pizza-menu pizza-order".');
  const topics = await loadTopics(names, folders);
  const [first] = topics.values();
  const assistant = { kind: "topics", topics: [...topics.keys()] };
  return { id: "topics", application: applicationSchema.parse({ name: first?.title, assistant }), topics };
}

async function loadTopics(
  names: readonly string[],
  folders: readonly string[],
): Promise<ReadonlyMap<string, NamedTopic>> {
  const topics = await Promise.all(names.map(async (name) => await loadTopic(name, folders)));
  return new Map(topics.map((topic) => [topic.id, topic]));
}

async function loadTopic(name: string, folders: readonly string[]): Promise<NamedTopic> {
  const { id, file, document } = await findDocumentFile("topic", name, folders);
  const { topic, errors } = checkDocument(extractBody(document));
  if (topic === null) throw createDocumentError(file, errors);
  return { ...topic, id };
}

/** Lists the folders beside an application's file, which may contain its topics. */
function listNearbyFolders(file: string): readonly string[] {
  return [path.dirname(file), path.dirname(path.dirname(file))];
}

/**
 * Finds and reads a document.
 * @param name a path that ends in .json, relative to the first folder, or an id
 */
async function findDocumentFile(noun: "application" | "topic" | "list", name: string, folders: readonly string[]) {
  const files = name.endsWith(".json")
    ? [path.resolve(folders[0] ?? "", name)]
    : folders.flatMap((folder) => [path.join(folder, `${noun}s`, `${name}.json`), path.join(folder, `${name}.json`)]);
  for (const file of files) {
    const text = await readFile(file, "utf8").catch(() => null);
    if (text === null) continue;
    const document = parseJson(text);
    if (document === undefined) throw new DocumentError(`${file} is not valid JSON.`);
    return { id: path.basename(file, ".json"), file, document };
  }
  throw new DocumentError(`${noun} "${name}" not found. Searched: ${files.join(", ")}.`);
}

function parseDocument<Schema extends z.ZodMiniType>(schema: Schema, document: unknown, file: string): z.infer<Schema> {
  const result = checkValue(schema, extractBody(document), 422, "");
  if (result.ok) return result.value;
  throw createDocumentError(file, result.failure.errors ?? []);
}

function createDocumentError(file: string, errors: readonly FieldProblem[]): DocumentError {
  const lines = errors.map(({ pointer, detail }) => `${file}${pointer === "" ? "" : ` at ${pointer}`}: ${detail}`);
  return new DocumentError(lines.join("\n"));
}

/** @returns the saved document, without the fields that `GET` adds, or out of a publication */
function extractBody(json: unknown): unknown {
  if (!isRecord(json)) return json;
  return isRecord(json["document"])
    ? json["document"]
    : Object.fromEntries(Object.entries(json).filter(([key]) => !SERVER_FIELDS.has(key)));
}
