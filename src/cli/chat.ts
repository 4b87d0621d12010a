import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import type { ChatEntry, PlacedEntry } from "../chats/chat.ts";
import { playPassages, writePlayedChat } from "../chats/compare.ts";
import { findDifferences } from "../chats/diff.ts";
import { parseChat } from "../chats/parse.ts";
import { createChatProgress, findParticipants } from "../chats/play.ts";
import { DocumentError, loadAnsweringApplication, loadLists } from "./chat-documents.ts";
import { recordChat } from "./chat-recorder.ts";
import { SAMPLE_FOLDER } from "./sample-configuration.ts";

const HELP = `npm run chat -- FILE.chat …                    plays conversations and shows where they differ from the files
npm run chat -- --update FILE.chat …           updates the files to the present conversations
npm run chat -- --record FILE.chat --application ID
npm run chat -- --record FILE.chat --topics A.json B.json
                                               records a conversation that you type. Lines are texts, except
                                               "wait 31m", "= 200 {…}", "! notice" and "# remark", which mean the same as in
                                               a file ("> wait 31m" is a text). Time passes only by "wait". Press Ctrl-D to end.

  --documents DIR   folder with the applications and topics that are named by an id; searched after the folder of the
                    file, and before src/cli/sample

Exits with 1 if a conversation differs. The format is described in src/chats/README.md.`;

const OPTIONS = {
  update: { type: "boolean", default: false },
  record: { type: "string" },
  application: { type: "string" },
  topics: { type: "string", multiple: true, default: [] as string[] },
  documents: { type: "string", multiple: true, default: [] as string[] },
  help: { type: "boolean", default: false },
} as const;

async function runChatCommand(): Promise<boolean> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (values.help) {
    console.log(HELP);
    return true;
  }
  if (values.record !== undefined) {
    const { record: file, application, documents } = values;
    const topics = [...values.topics, ...positionals];
    await recordChat({ file, application, topics, folders: [...documents, SAMPLE_FOLDER] });
    return true;
  }
  if (positionals.length === 0) throw new DocumentError(`Pass the path of a .chat file.\n\n${HELP}`);
  let allMatch = true;
  for (const file of positionals) allMatch = (await playFile(file, values.documents, values.update)) && allMatch;
  return allMatch;
}

/** Plays a file and prints its differences. @returns whether the conversation matches the file, or was updated */
async function playFile(file: string, documentFolders: readonly string[], update: boolean): Promise<boolean> {
  const source = await readFile(file, "utf8").catch(() => {
    throw new DocumentError(`${file} cannot be read.`);
  });
  const placed = parseChatEntries(file, source);
  const entries = placed.map(({ entry }): ChatEntry => entry);
  const folders = [path.dirname(file), ...documentFolders, SAMPLE_FOLDER];
  const documents = Promise.all([loadAnsweringApplication(entries, folders), loadLists(entries, folders)]);
  const [findApplication, lists] = await documents.catch((error: unknown) => {
    throw error instanceof DocumentError
      ? new DocumentError(`${file}:${findAnswererLine(placed)}: ${error.message}`)
      : error;
  });
  const passages = playPassages(placed, createChatProgress(entries), findParticipants(entries, findApplication, lists));
  const differences = findDifferences(passages);
  const isUpdated = update && differences.length > 0;
  if (isUpdated) {
    await writeFile(file, writePlayedChat(passages)).catch(() => {
      throw new DocumentError(`${file} cannot be written.`);
    });
  }
  console.log(`${differences.length === 0 ? "ok       " : isUpdated ? "updated  " : "differs  "}${file}`);
  for (const { line, lines } of differences) {
    console.log(`\n  ${file}:${line}`);
    for (const text of lines) console.log(`    ${text}`);
  }
  if (differences.length > 0) console.log();
  return differences.length === 0 || isUpdated;
}

function parseChatEntries(file: string, source: string): readonly PlacedEntry[] {
  const parsed = parseChat(source);
  if (parsed.ok) return parsed.value;
  throw new DocumentError(parsed.failure.map(({ line, detail }) => `${file}:${line}: ${detail}`).join("\n"));
}

/** @returns the line that names the application or the topics; 1 if there is no such line */
function findAnswererLine(placed: readonly PlacedEntry[]): number {
  return placed.find(({ entry }) => entry.kind === "application" || entry.kind === "topics")?.line ?? 1;
}

try {
  process.exitCode = (await runChatCommand()) ? 0 : 1;
} catch (error) {
  if (!isExpectedError(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function isExpectedError(error: unknown): error is Error {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return error instanceof DocumentError || code.startsWith("ERR_PARSE_ARGS");
}
