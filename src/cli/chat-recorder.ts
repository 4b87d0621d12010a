import { access, unlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { type ChatEntry, isChatEvent } from "../chats/chat.ts";
import { parseEntry } from "../chats/entry-parser.ts";
import { writeChat, writeEntry } from "../chats/entry-writer.ts";
import { type ChatParticipants, createChatProgress, findParticipants, playEvent } from "../chats/play.ts";
import { DocumentError, loadAnsweringApplication } from "./chat-documents.ts";

export interface RecordOptions {
  /** The file to write, which must not exist yet. */
  readonly file: string;
  /** An id or a path. Either this or `topics` must be set. */
  readonly application: string | undefined;
  readonly topics: readonly string[];
  /** Folders that are searched for documents named by an id. */
  readonly folders: readonly string[];
}

/**
 * Plays a conversation that is typed at the terminal or read from a pipe, and records it in a file.
 * @throws DocumentError
 */
export async function recordChat(options: RecordOptions): Promise<void> {
  const { file, folders } = options;
  if (await fileExists(file)) throw new DocumentError(`${file} already exists. Choose another name.`);
  // Checked first, so that a typed conversation is not lost.
  await writeFile(file, "").catch(() => {
    throw new DocumentError(`${file} cannot be written.`);
  });
  await unlink(file);
  const heading = createHeading(options);
  const findApplication = await loadAnsweringApplication([heading], [path.dirname(file), ...folders]);
  const entries = await recordEntries(heading, findParticipants([heading], findApplication));
  await writeFile(file, writeChat(entries));
  console.log(`\nSaved: ${file}`);
}

async function recordEntries(heading: ChatEntry, participants: ChatParticipants): Promise<readonly ChatEntry[]> {
  const entries: ChatEntry[] = [heading];
  let progress = createChatProgress(entries);
  const isTerminal = process.stdin.isTTY;
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: "> ", terminal: isTerminal });
  if (isTerminal) lines.prompt();
  for await (const line of lines) {
    const entry = parseTypedLine(line);
    if (!isTerminal) console.log(writeEntry(entry));
    const result = isChatEvent(entry) ? playEvent(progress, entry, participants) : { progress, results: [] };
    ({ progress } = result);
    if (result.results.some(({ kind }) => kind === "unasked")) console.log("(no request is waiting for a response)");
    else entries.push(entry, ...printEntries(entry, result.results as readonly ChatEntry[]));
    if (isTerminal) lines.prompt();
  }
  return entries;
}

/** Prints the results of an entry. @returns the entries to record */
function printEntries(entry: ChatEntry, results: readonly ChatEntry[]): readonly ChatEntry[] {
  const entries: readonly ChatEntry[] = results.length === 0 && entry.kind === "text" ? [{ kind: "nothing" }] : results;
  for (const result of entries) console.log(writeEntry(result));
  return entries;
}

/** Parses a typed line, which is a text unless it is a valid line of another kind. */
function parseTypedLine(line: string): ChatEntry {
  const source = line.trimEnd();
  const entry = source === "" || /^(?:[>=!](?: |$)|wait |#)/u.test(source) ? parseEntry(source) : null;
  if (entry?.ok === true) return entry.value;
  const text = parseEntry(`> ${source}`);
  return text.ok ? text.value : { kind: "text", text: line, media: [], optOut: null };
}

function createHeading({ file, application, topics }: RecordOptions): ChatEntry {
  if ((application === undefined) === (topics.length === 0))
    throw new DocumentError("Pass either --application ID or --topics A.json B.json.");
  const toRelativePath = (name: string) => (name.endsWith(".json") ? path.relative(path.dirname(file), name) : name);
  if (application !== undefined) return { kind: "application", name: toRelativePath(application) };
  const nameWithSpace = topics.find((name) => /\s/u.test(name));
  if (nameWithSpace !== undefined)
    throw new DocumentError(`"${nameWithSpace}" contains a space, which separates topics. Rename the file.`);
  return { kind: "topics", names: topics.map(toRelativePath) };
}

async function fileExists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}
