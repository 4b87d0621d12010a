import { access, unlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { type Entry, isAct } from "../chats/chat.ts";
import { beginningOf, type Cast, castOf, perform } from "../chats/play.ts";
import { readEntry } from "../chats/read.ts";
import { writeChat, writeEntry } from "../chats/write.ts";
import { answeringFor, DocumentProblem } from "./documents.ts";

export interface Recorder {
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
export async function record(recorder: Recorder): Promise<void> {
  const { file, folders } = recorder;
  if (await isThere(file)) throw new DocumentProblem(`${file} is there already; choose another name.`);
  // Before anything is typed: it would be lost.
  await writeFile(file, "").catch(() => {
    throw new DocumentProblem(`${file} cannot be written.`);
  });
  await unlink(file);
  const heading = headingFor(recorder);
  const answering = await answeringFor([heading], [path.dirname(file), ...folders]);
  const entries = await converse(heading, castOf([heading], answering));
  await writeFile(file, writeChat(entries));
  console.log(`\nWritten: ${file}`);
}

async function converse(heading: Entry, cast: Cast): Promise<readonly Entry[]> {
  const entries: Entry[] = [heading];
  let stage = beginningOf(entries);
  const isTerminal = process.stdin.isTTY;
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: "> ", terminal: isTerminal });
  if (isTerminal) lines.prompt();
  for await (const line of lines) {
    const entry = typed(line);
    if (!isTerminal) console.log(writeEntry(entry));
    const performed = isAct(entry) ? perform(stage, entry, cast) : { stage, happened: [] };
    ({ stage } = performed);
    if (performed.happened.some(({ kind }) => kind === "unasked")) console.log("(nothing waits for an answer)");
    else entries.push(entry, ...told(entry, performed.happened as readonly Entry[]));
    if (isTerminal) lines.prompt();
  }
  return entries;
}

/** Shows what has come. @returns it, as it is written down */
function told(entry: Entry, happened: readonly Entry[]): readonly Entry[] {
  const came: readonly Entry[] = happened.length === 0 && entry.kind === "text" ? [{ kind: "nothing" }] : happened;
  for (const each of came) console.log(writeEntry(each));
  return came;
}

/** What is no other line of a conversation is a text. */
function typed(line: string): Entry {
  const source = line.trimEnd();
  const own = source === "" || /^(?:[>=!](?: |$)|wait |#)/u.test(source) ? readEntry(source) : null;
  if (own?.ok === true) return own.value;
  const text = readEntry(`> ${source}`);
  return text.ok ? text.value : { kind: "text", text: line, media: [], optOut: null };
}

function headingFor({ file, application, topics }: Recorder): Entry {
  if ((application === undefined) === (topics.length === 0))
    throw new DocumentProblem("Say who answers: --application ID, or --topics A.json B.json.");
  const fromThere = (name: string) => (name.endsWith(".json") ? path.relative(path.dirname(file), name) : name);
  if (application !== undefined) return { kind: "application", name: fromThere(application) };
  const astray = topics.find((name) => /\s/u.test(name));
  if (astray !== undefined)
    throw new DocumentProblem(`"${astray}" holds a space, by which topics are kept apart; rename it.`);
  return { kind: "topics", names: topics.map(fromThere) };
}

async function isThere(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}
