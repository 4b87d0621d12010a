import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Placed } from "../../../src/chats/chat.ts";
import { differs, play } from "../../../src/chats/compare.ts";
import { parseChat } from "../../../src/chats/parse.ts";
import { beginningOf, castOf } from "../../../src/chats/play.ts";
import { answeringFor, listsFor } from "../../../src/cli/documents.ts";
import { SAMPLES } from "../../../src/cli/sample.ts";
import type { Answering, Assistant, Event, Memory, Setting } from "../../../src/contract/assistant.ts";

const CHATS = path.join(import.meta.dirname, "../../chats");

/** Something that an assistant has heard, with all that it was given: it can be heard again. */
export interface Hearing {
  readonly assistant: Assistant;
  readonly event: Event;
  /** As stored: it has been JSON. */
  readonly memory: Memory | null;
  readonly setting: Setting;
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
  const answering = await answeringFor(entries, [CHATS, SAMPLES]);
  const hearings: Hearing[] = [];
  const lists = await listsFor(entries, [CHATS, SAMPLES]);
  const heard: typeof answering = (...about) => {
    const found = answering(...about);
    return found === null ? null : overheard(found, (hearing) => hearings.push(hearing));
  };
  const cast = castOf(entries, heard, lists);
  if (play(placed, beginningOf(entries), cast).some(differs)) throw new Error(`${file} goes differently.`);
  return hearings;
}

function placedIn(file: string, written: string): readonly Placed[] {
  const parsed = parseChat(written);
  if (parsed.ok) return parsed.value;
  throw new Error(`${file} cannot be read.`);
}

function overheard(answering: Answering, listen: (hearing: Hearing) => void): Answering {
  const { assistant } = answering;
  const hear: Assistant["hear"] = (event, memory, setting) => {
    listen({ assistant, event, memory: stored(memory), setting });
    return assistant.hear(event, memory, setting);
  };
  return { ...answering, assistant: { ...assistant, hear } };
}

/** @returns what is left of a memory when it has been stored */
export function stored(memory: Memory | null): Memory | null {
  return JSON.parse(JSON.stringify(memory)) as Memory | null;
}

/** A turn is a text and all that it causes: what comes after a silence, a pause or a request belongs to the text before. */
export function turnsAmong(hearings: readonly Hearing[]): number {
  return hearings.filter(({ event }) => event.kind === "text").length;
}
