import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import type { ChatEntry, PlacedEntry } from "../chats/chat.ts";
import { playPassages, writePlayedChat } from "../chats/compare.ts";
import { findDifferences } from "../chats/diff.ts";
import { parseChat } from "../chats/parse.ts";
import { createChatProgress, findParticipants } from "../chats/play.ts";
import { DocumentProblem, loadAnsweringApplication, loadLists } from "./chat-documents.ts";
import { recordChat } from "./chat-recorder.ts";
import { SAMPLE_FOLDER } from "./sample-configuration.ts";

const HELP = `npm run chat -- FILE.chat …                    plays conversations, and shows where they go differently
npm run chat -- --update FILE.chat …           writes into the files how they go now
npm run chat -- --record FILE.chat --application ID
npm run chat -- --record FILE.chat --topics A.json B.json
                                               writes a conversation that you type: what is typed is a text, but
                                               "wait 31m", "= 200 {…}", "! notice" and "# remark" are what they are in a file
                                               ("> wait 31m" is a text). Time passes only by "wait". Ctrl-D ends.

  --documents DIR   where applications and topics are that are named by their ids; else beside the file, then in
                    src/cli/sample

Exits with 1 when a conversation goes differently. The format: src/chats/README.md`;

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
  if (positionals.length === 0) throw new DocumentProblem(`Name a .chat file.\n\n${HELP}`);
  let all = true;
  for (const file of positionals) all = (await playFile(file, values.documents, values.update)) && all;
  return all;
}

/** @returns whether it goes as written, or does so now */
async function playFile(file: string, documents: readonly string[], update: boolean): Promise<boolean> {
  const written = await readFile(file, "utf8").catch(() => {
    throw new DocumentProblem(`${file} cannot be read.`);
  });
  const placed = parseChatEntries(file, written);
  const entries = placed.map(({ entry }): ChatEntry => entry);
  const folders = [path.dirname(file), ...documents, SAMPLE_FOLDER];
  const needed = Promise.all([loadAnsweringApplication(entries, folders), loadLists(entries, folders)]);
  const [answering, lists] = await needed.catch((error: unknown) => {
    throw error instanceof DocumentProblem
      ? new DocumentProblem(`${file}:${findAnswererLine(placed)}: ${error.message}`)
      : error;
  });
  const passages = playPassages(placed, createChatProgress(entries), findParticipants(entries, answering, lists));
  const differences = findDifferences(passages);
  const isUpdated = update && differences.length > 0;
  if (isUpdated) {
    await writeFile(file, writePlayedChat(passages)).catch(() => {
      throw new DocumentProblem(`${file} cannot be written.`);
    });
  }
  console.log(`${differences.length === 0 ? "ok       " : isUpdated ? "updated  " : "differs  "}${file}`);
  for (const { line, lines } of differences) {
    console.log(`\n  ${file}:${line}`);
    for (const each of lines) console.log(`    ${each}`);
  }
  if (differences.length > 0) console.log();
  return differences.length === 0 || isUpdated;
}

function parseChatEntries(file: string, written: string): readonly PlacedEntry[] {
  const parsed = parseChat(written);
  if (parsed.ok) return parsed.value;
  throw new DocumentProblem(parsed.failure.map(({ line, detail }) => `${file}:${line}: ${detail}`).join("\n"));
}

/** Where the conversation says who answers. */
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
  return error instanceof DocumentProblem || code.startsWith("ERR_PARSE_ARGS");
}
