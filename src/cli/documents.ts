import { readFile } from "node:fs/promises";
import path from "node:path";
import type * as z from "zod/mini";
import { check } from "../admin/http.ts";
import { topicsOf } from "../assistants/catalog.ts";
import { DEFAULT_TO, type Entry, headingOf } from "../chats/chat.ts";
import type { Cast } from "../chats/play.ts";
import { makeAnswering } from "../configuration/answering.ts";
import { type Application, applicationSchema } from "../configuration/nouns.ts";
import { isRecord, parseJson } from "../core/json.ts";
import type { FieldProblem } from "../core/problem.ts";
import { listSchema, type ReadyList } from "../notify/list.ts";
import { checkDocument } from "../topics/checks/check.ts";
import type { NamedTopic } from "../topics/definition.ts";
import { missingTargets } from "../topics/targets.ts";

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
export async function answeringFor(entries: readonly Entry[], folders: readonly string[]): Promise<Cast["answering"]> {
  const { id, application, topics } = await applicationFor(entries, folders);
  const wrong = [...topics.values()].flatMap((topic) => missingTargets(topic, new Set(topics.keys())));
  if (wrong[0] !== undefined) throw new DocumentProblem(wrong[0].detail);
  const answering = makeAnswering(id, application, topics, 0);
  return () => answering;
}

/**
 * Reads the lists that a conversation names, all of them on the number that is texted.
 * @throws DocumentProblem
 */
export async function listsFor(entries: readonly Entry[], folders: readonly string[]): Promise<readonly ReadyList[]> {
  const number = headingOf(entries, "to")?.number ?? DEFAULT_TO;
  const names = headingOf(entries, "lists")?.names ?? [];
  const found = await Promise.all(
    names.map(async (name) => {
      const { id, file, document } = await find("list", name, folders);
      return { ...checked(listSchema, document, file), id, number, createdAt: 0 };
    }),
  );
  return found.toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

interface Documents {
  readonly id: string;
  readonly application: Application;
  readonly topics: ReadonlyMap<string, NamedTopic>;
}

async function applicationFor(entries: readonly Entry[], folders: readonly string[]): Promise<Documents> {
  const named = headingOf(entries, "application")?.name;
  if (named !== undefined) {
    const { id, file, document } = await find("application", named, folders);
    const application = checked(applicationSchema, document, file);
    return { id, application, topics: await topicsFor(topicsOf(application.assistant), [...folders, ...around(file)]) };
  }
  const names = headingOf(entries, "topics")?.names;
  if (names === undefined)
    throw new DocumentProblem('name who answers, by "application pizza" or "topics pizza-menu pizza-order".');
  const topics = await topicsFor(names, folders);
  const [first] = topics.values();
  const assistant = { kind: "topics", topics: [...topics.keys()] };
  return { id: "topics", application: applicationSchema.parse({ name: first?.title, assistant }), topics };
}

async function topicsFor(
  names: readonly string[],
  folders: readonly string[],
): Promise<ReadonlyMap<string, NamedTopic>> {
  const found = await Promise.all(names.map(async (name) => await topicFor(name, folders)));
  return new Map(found.map((topic) => [topic.id, topic]));
}

async function topicFor(name: string, folders: readonly string[]): Promise<NamedTopic> {
  const { id, file, document } = await find("topic", name, folders);
  const { topic, errors } = checkDocument(bodyOf(document));
  if (topic === null) throw wrongAt(file, errors);
  return { ...topic, id };
}

/** An application's topics may stand beside it. */
function around(file: string): readonly string[] {
  return [path.dirname(file), path.dirname(path.dirname(file))];
}

/** By a path that ends in .json, or by an id. */
async function find(noun: "application" | "topic" | "list", name: string, folders: readonly string[]) {
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

function checked<Schema extends z.ZodMiniType>(schema: Schema, document: unknown, file: string): z.infer<Schema> {
  const result = check(schema, bodyOf(document), 422, "");
  if (result.ok) return result.value;
  throw wrongAt(file, result.failure.errors ?? []);
}

function wrongAt(file: string, errors: readonly FieldProblem[]): DocumentProblem {
  const lines = errors.map(({ pointer, detail }) => `${file}${pointer === "" ? "" : ` at ${pointer}`}: ${detail}`);
  return new DocumentProblem(lines.join("\n"));
}

/** A document as it was saved, published, or is shown. */
function bodyOf(file: unknown): unknown {
  if (!isRecord(file)) return file;
  return isRecord(file["document"])
    ? file["document"]
    : Object.fromEntries(Object.entries(file).filter(([key]) => !ADDED.has(key)));
}
