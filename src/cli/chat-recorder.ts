import { access, unlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { type ChatEntry, isChatEvent } from "../chats/chat.ts";
import { parseEntry } from "../chats/entry-parser.ts";
import { writeChat, writeEntry } from "../chats/entry-writer.ts";
import { type ChatParticipants, createChatProgress, findParticipants, playEvent } from "../chats/play.ts";
import { DocumentProblem, loadAnsweringApplication } from "./chat-documents.ts";

export interface RecordOptions {
  /** Where the conversation is written to; it must not be there yet. */
  readonly file: string;
  /** An id or a path; either this or topics. */
  readonly application: string | undefined;
  readonly topics: readonly string[];
  /** Where applications and topics are that are named by their ids. */
  readonly folders: readonly string[];
}

/**
 * Plays a conversation that is typed at the terminal, or comes through a pipe, and writes it down.
 * @throws DocumentProblem
 */
export async function recordChat(recorder: RecordOptions): Promise<void> {
  const { file, folders } = recorder;
  if (await fileExists(file)) throw new DocumentProblem(`${file} is there already; choose another name.`);
  // Before anything is typed: it would be lost.
  await writeFile(file, "").catch(() => {
    throw new DocumentProblem(`${file} cannot be written.`);
  });
  await unlink(file);
  const heading = createHeading(recorder);
  const findApplication = await loadAnsweringApplication([heading], [path.dirname(file), ...folders]);
  const entries = await recordEntries(heading, findParticipants([heading], findApplication));
  await writeFile(file, writeChat(entries));
  console.log(`\nWritten: ${file}`);
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
    const played = isChatEvent(entry) ? playEvent(progress, entry, participants) : { progress, results: [] };
    ({ progress } = played);
    if (played.results.some(({ kind }) => kind === "unasked")) console.log("(nothing waits for an answer)");
    else entries.push(entry, ...printEntries(entry, played.results as readonly ChatEntry[]));
    if (isTerminal) lines.prompt();
  }
  return entries;
}

/** Shows what has come. @returns it, as it is written down */
function printEntries(entry: ChatEntry, results: readonly ChatEntry[]): readonly ChatEntry[] {
  const actual: readonly ChatEntry[] = results.length === 0 && entry.kind === "text" ? [{ kind: "nothing" }] : results;
  for (const each of actual) console.log(writeEntry(each));
  return actual;
}

/** What is no other line of a conversation is a text. */
function parseTypedLine(line: string): ChatEntry {
  const source = line.trimEnd();
  const own = source === "" || /^(?:[>=!](?: |$)|wait |#)/u.test(source) ? parseEntry(source) : null;
  if (own?.ok === true) return own.value;
  const text = parseEntry(`> ${source}`);
  return text.ok ? text.value : { kind: "text", text: line, media: [], optOut: null };
}

function createHeading({ file, application, topics }: RecordOptions): ChatEntry {
  if ((application === undefined) === (topics.length === 0))
    throw new DocumentProblem("Say who answers: --application ID, or --topics A.json B.json.");
  const toRelativePath = (name: string) => (name.endsWith(".json") ? path.relative(path.dirname(file), name) : name);
  if (application !== undefined) return { kind: "application", name: toRelativePath(application) };
  const astray = topics.find((name) => /\s/u.test(name));
  if (astray !== undefined)
    throw new DocumentProblem(`"${astray}" holds a space, by which topics are kept apart; rename it.`);
  return { kind: "topics", names: topics.map(toRelativePath) };
}

async function fileExists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}
