import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { PlacedEntry } from "../../../src/chats/chat.ts";
import { hasDifference, playPassages } from "../../../src/chats/compare.ts";
import { parseChat } from "../../../src/chats/parse.ts";
import { createChatProgress, findParticipants } from "../../../src/chats/play.ts";
import { loadAnsweringApplication, loadLists } from "../../../src/cli/chat-documents.ts";
import { SAMPLE_FOLDER } from "../../../src/cli/sample-configuration.ts";
import type {
  Assistant,
  AssistantContext,
  AssistantEvent,
  AssistantMemory,
  ReadyApplication,
} from "../../../src/contract/assistant.ts";

const CHATS = path.join(import.meta.dirname, "../../chats");

/** Something that an assistant has heard, with all that it was given: it can be heard again. */
export interface Hearing {
  readonly assistant: Assistant;
  readonly event: AssistantEvent;
  /** As stored: it has been JSON. */
  readonly memory: AssistantMemory | null;
  readonly setting: AssistantContext;
}

/** @returns all that the topics hear in the conversations of `test/chats`, in order @throws where one of these goes differently */
export async function sampleHearings(): Promise<readonly Hearing[]> {
  const names = (await readdir(CHATS)).filter((name) => name.endsWith(".chat")).toSorted();
  const all = await Promise.all(names.map(async (name) => await hearingsIn(path.join(CHATS, name))));
  return all.flat();
}

async function hearingsIn(file: string): Promise<readonly Hearing[]> {
  const placed = placedIn(file, await readFile(file, "utf8"));
  const entries = placed.map(({ entry }) => entry);
  const answering = await loadAnsweringApplication(entries, [CHATS, SAMPLE_FOLDER]);
  const hearings: Hearing[] = [];
  const lists = await loadLists(entries, [CHATS, SAMPLE_FOLDER]);
  const heard: typeof answering = (...about) => {
    const found = answering(...about);
    return found === null ? null : overheard(found, (hearing) => hearings.push(hearing));
  };
  const cast = findParticipants(entries, heard, lists);
  if (playPassages(placed, createChatProgress(entries), cast).some(hasDifference))
    throw new Error(`${file} goes differently.`);
  return hearings;
}

function placedIn(file: string, written: string): readonly PlacedEntry[] {
  const parsed = parseChat(written);
  if (parsed.ok) return parsed.value;
  throw new Error(`${file} cannot be read.`);
}

function overheard(answering: ReadyApplication, listen: (hearing: Hearing) => void): ReadyApplication {
  const { assistant } = answering;
  const hear: Assistant["handleEvent"] = (event, memory, setting) => {
    listen({ assistant, event, memory: stored(memory), setting });
    return assistant.handleEvent(event, memory, setting);
  };
  return { ...answering, assistant: { ...assistant, handleEvent: hear } };
}

/** @returns what is left of a memory when it has been stored */
export function stored(memory: AssistantMemory | null): AssistantMemory | null {
  return JSON.parse(JSON.stringify(memory)) as AssistantMemory | null;
}

/** A turn is a text and all that it causes: what comes after a silence, a pause or a request belongs to the text before. */
export function turnsAmong(hearings: readonly Hearing[]): number {
  return hearings.filter(({ event }) => event.kind === "text").length;
}
