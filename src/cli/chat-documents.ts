import { readFile } from "node:fs/promises";
import path from "node:path";
import type * as z from "zod/mini";
import { checkValue } from "../admin/http.ts";
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

/** What cannot be used, a sentence. */
export class DocumentProblem extends Error {}

/** What `GET` adds to a document; a file may hold it. */
const ADDED = new Set(["id", "createdAt", "updatedAt", "published", "draft", "warnings"]);

/**
 * Reads the application and the topics that a conversation names.
 * @param folders where those are that are named by their ids
 * @returns what answers in the conversation, made as the Worker makes it
 * @throws DocumentProblem
 */
export async function loadAnsweringApplication(
  entries: readonly ChatEntry[],
  folders: readonly string[],
): Promise<ChatParticipants["findApplication"]> {
  const { id, application, topics } = await loadApplicationDocuments(entries, folders);
  const wrong = [...topics.values()].flatMap((topic) => findMissingTargets(topic, new Set(topics.keys())));
  if (wrong[0] !== undefined) throw new DocumentProblem(wrong[0].detail);
  const answering = prepareApplication(id, application, topics, 0);
  return () => answering;
}

/**
 * Reads the lists that a conversation names, all of them on the number that is texted.
 * @throws DocumentProblem
 */
export async function loadLists(
  entries: readonly ChatEntry[],
  folders: readonly string[],
): Promise<readonly ReadyList[]> {
  const number = findHeading(entries, "to")?.number ?? DEFAULT_TO;
  const names = findHeading(entries, "lists")?.names ?? [];
  const found = await Promise.all(
    names.map(async (name) => {
      const { id, file, document } = await findDocumentFile("list", name, folders);
      return { ...parseDocument(listSchema, document, file), id, number, createdAt: 0 };
    }),
  );
  return found.toSorted((a, b) => (a.id < b.id ? -1 : 1));
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
  const named = findHeading(entries, "application")?.name;
  if (named !== undefined) {
    const { id, file, document } = await findDocumentFile("application", named, folders);
    const application = parseDocument(applicationSchema, document, file);
    return {
      id,
      application,
      topics: await loadTopics(listTopicIds(application.assistant), [...folders, ...listNearbyFolders(file)]),
    };
  }
  const names = findHeading(entries, "topics")?.names;
  if (names === undefined)
    throw new DocumentProblem('name who answers, by "application pizza" or "topics pizza-menu pizza-order".');
  const topics = await loadTopics(names, folders);
  const [first] = topics.values();
  const assistant = { kind: "topics", topics: [...topics.keys()] };
  return { id: "topics", application: applicationSchema.parse({ name: first?.title, assistant }), topics };
}

async function loadTopics(
  names: readonly string[],
  folders: readonly string[],
): Promise<ReadonlyMap<string, NamedTopic>> {
  const found = await Promise.all(names.map(async (name) => await loadTopic(name, folders)));
  return new Map(found.map((topic) => [topic.id, topic]));
}

async function loadTopic(name: string, folders: readonly string[]): Promise<NamedTopic> {
  const { id, file, document } = await findDocumentFile("topic", name, folders);
  const { topic, errors } = checkDocument(extractBody(document));
  if (topic === null) throw createDocumentProblem(file, errors);
  return { ...topic, id };
}

/** An application's topics may stand beside it. */
function listNearbyFolders(file: string): readonly string[] {
  return [path.dirname(file), path.dirname(path.dirname(file))];
}

/** By a path that ends in .json, or by an id. */
async function findDocumentFile(noun: "application" | "topic" | "list", name: string, folders: readonly string[]) {
  const files = name.endsWith(".json")
    ? [path.resolve(folders[0] ?? "", name)]
    : folders.flatMap((folder) => [path.join(folder, `${noun}s`, `${name}.json`), path.join(folder, `${name}.json`)]);
  for (const file of files) {
    const text = await readFile(file, "utf8").catch(() => null);
    if (text === null) continue;
    const document = parseJson(text);
    if (document === undefined) throw new DocumentProblem(`${file} is not JSON.`);
    return { id: path.basename(file, ".json"), file, document };
  }
  throw new DocumentProblem(`there is no ${noun} "${name}": looked for ${files.join(", ")}.`);
}

function parseDocument<Schema extends z.ZodMiniType>(schema: Schema, document: unknown, file: string): z.infer<Schema> {
  const result = checkValue(schema, extractBody(document), 422, "");
  if (result.ok) return result.value;
  throw createDocumentProblem(file, result.failure.errors ?? []);
}

function createDocumentProblem(file: string, errors: readonly FieldProblem[]): DocumentProblem {
  const lines = errors.map(({ pointer, detail }) => `${file}${pointer === "" ? "" : ` at ${pointer}`}: ${detail}`);
  return new DocumentProblem(lines.join("\n"));
}

/** A document as it was saved, published, or is shown. */
function extractBody(file: unknown): unknown {
  if (!isRecord(file)) return file;
  return isRecord(file["document"])
    ? file["document"]
    : Object.fromEntries(Object.entries(file).filter(([key]) => !ADDED.has(key)));
}
