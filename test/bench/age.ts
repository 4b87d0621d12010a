import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { rowsOf } from "./cost.ts";
import { converse, type Target } from "./load.ts";
import { cpuOf, quantile } from "./measure.ts";
import { phoneOf } from "./texts.ts";
import type { Twilio } from "./twilio.ts";
import type { Workerd } from "./workerd.ts";

/** A turn at some age of its conversation. */
export interface TurnAt {
  /** From the text to its reply at Twilio; median, milliseconds. */
  readonly replyMilliseconds: number;
  readonly cpuMilliseconds: number | null;
  readonly rowsWritten: number;
  readonly rowsRead: number;
}

export interface Age {
  readonly turns: number;
  readonly first: TurnAt;
  readonly last: TurnAt;
  /** What a turn adds to the storage. */
  readonly bytesPerTurn: number;
}

interface Scene {
  readonly workerd: Workerd;
  readonly twilio: Twilio;
  readonly target: Target;
}

/** Two people each, who text by turns: the one's reply is marked while the other's is asked for. */
const OLD = [phoneOf(990), phoneOf(991)];
const YOUNG = [phoneOf(992), phoneOf(993)];

/** The side by side of old and young: so many blocks of so many texts, by turns; what disturbs the machine disturbs both. */
const BLOCKS = 10;
const TEXTS_IN_A_BLOCK = 40;
const WARM_TURNS = 20;

/** Lets conversations grow to so many turns, and sets their last turns beside the first ones of new conversations. */
export async function age(scene: Scene, turns: number): Promise<Age> {
  const measured = (BLOCKS * TEXTS_IN_A_BLOCK) / OLD.length;
  const { twilio, target } = scene;
  await Promise.all(OLD.map((phone) => converse(target, [phone], Math.max(WARM_TURNS, turns - measured), twilio)));
  await Promise.all(YOUNG.map((phone) => converse(target, [phone], WARM_TURNS, twilio)));
  const old = new Side(scene, OLD);
  const young = new Side(scene, YOUNG);
  for (const side of [old, young]) await side.begin();
  for (let block = 0; block < BLOCKS; block += 1) {
    // Who comes first changes from block to block.
    for (const side of block % 2 === 0 ? [young, old] : [old, young]) await side.run();
  }
  const bytesPerTurn = (await largestFile(scene.workerd.storage)) / turns;
  return { turns, first: await young.end(), last: await old.end(), bytesPerTurn };
}

/** One of the two that are compared. */
class Side {
  readonly #scene: Scene;
  readonly #phones: readonly string[];
  readonly #replied: number[] = [];
  #cpu: number | null = 0;
  #before = { written: 0, read: 0 };

  constructor(scene: Scene, phones: readonly string[]) {
    this.#scene = scene;
    this.#phones = phones;
  }

  async begin(): Promise<void> {
    this.#before = await this.#rows();
  }

  async run(): Promise<void> {
    const { workerd, target, twilio } = this.#scene;
    const before = await cpuOf(workerd.pid);
    const { replied } = await converse(target, this.#phones, TEXTS_IN_A_BLOCK, twilio);
    const after = await cpuOf(workerd.pid);
    this.#replied.push(...replied);
    this.#cpu = this.#cpu === null || before === null || after === null ? null : this.#cpu + after - before;
  }

  async end(): Promise<TurnAt> {
    const after = await this.#rows();
    const texts = this.#replied.length;
    return {
      replyMilliseconds: quantile(this.#replied, 0.5),
      cpuMilliseconds: this.#cpu === null ? null : this.#cpu / texts,
      rowsWritten: (after.written - this.#before.written) / texts,
      rowsRead: (after.read - this.#before.read) / texts,
    };
  }

  /** Of all its people, when nothing changes any more. */
  async #rows(): Promise<{ readonly written: number; readonly read: number }> {
    const all = async () =>
      await Promise.all(this.#phones.map((phone) => rowsOf(this.#scene.workerd, "parley", phone)));
    for (let before = await all(); ; ) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      const now = await all();
      if (JSON.stringify(now) === JSON.stringify(before)) {
        const sum = (field: "written" | "read") => now.reduce((total, rows) => total + rows[field], 0);
        return { written: sum("written"), read: sum("read") };
      }
      before = now;
    }
  }
}

async function largestFile(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sqlite"));
  const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(folder, name))).size));
  return Math.max(0, ...sizes);
}
