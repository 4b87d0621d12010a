import { access, constants, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createSecrets } from "../../src/cli/secrets.ts";
import { type Age, age } from "./age.ts";
import { type Cost, Meter } from "./cost.ts";
import { benchEngine, type EngineFigures } from "./engine/measure.ts";
import { press, type Target } from "./load.ts";
import { cpuOf, quantile } from "./measure.ts";
import { type Rival, startExpress } from "./rival.ts";
import { configure } from "./setup.ts";
import { NUMBERS, phoneOf } from "./texts.ts";
import { Twilio } from "./twilio.ts";
import { startWorkerd, type Workerd, type WorkerName } from "./workerd.ts";

/** What is timed, in the order of every round. */
export const PROGRAMS = ["floor", "barest", "accepted", "turn", "express"] as const;
export type ProgramName = (typeof PROGRAMS)[number];

export interface Options {
  /** That count; one more warms everything up. */
  readonly rounds: number;
  /** For which each program is under load in a round; half of it more goes to its latency. */
  readonly seconds: number;
  /** To which a conversation grows. */
  readonly turns: number;
  readonly onProgress?: (line: string) => void;
  /** Everything has been loaded. */
  readonly onStart?: () => void;
  /** Ends it before its time; then `bench` throws. */
  readonly enough?: AbortSignal;
}

/** One program in one round; times in milliseconds. Replies are NaN where the program sends none. */
export interface Round {
  readonly accepted50: number;
  readonly accepted99: number;
  readonly replied50: number;
  readonly replied99: number;
  /** Texts that were accepted, and answered where the program answers. */
  readonly perSecond: number;
  readonly cpu: number | null;
}

export interface Figures {
  readonly inMemory: boolean;
  readonly workerdVersion: string;
  readonly rounds: Readonly<Record<ProgramName, readonly Round[]>>;
  readonly costs: Readonly<Record<"floor" | "barest" | "accepted" | "turn" | "callback", Cost>>;
  readonly gzipBytes: Readonly<Record<WorkerName, number>>;
  readonly age: Age;
  readonly engine: EngineFigures;
}

/** So many people text by turns: nobody has two texts under way. */
const PEOPLE = 200;
const CONCURRENCY = 32;
const MEMORY = "/dev/shm";

interface Scene {
  readonly workerd: Workerd;
  readonly express: Rival;
  readonly twilio: Twilio;
}

/** Measures everything, once. */
export async function bench(options: Options): Promise<Figures> {
  const inMemory = await access(MEMORY, constants.W_OK).then(
    () => true,
    () => false,
  );
  const folder = await mkdtemp(path.join(inMemory ? MEMORY : tmpdir(), "parley-bench-"));
  const ends: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const twilio = new Twilio();
    await twilio.start();
    ends.push(() => twilio.stop());
    const secrets = createSecrets();
    const workerd = await startWorkerd(folder, twilio.origin, secrets);
    ends.push(workerd.stop);
    const express = await startExpress(folder, twilio.origin);
    ends.push(express.stop);
    await configure(workerd.origins.parley, secrets.ADMIN_KEY, twilio.origin);
    options.onStart?.();
    const figures = await Promise.race([measure(options, { workerd, express, twilio }), untilAborted(options.enough)]);
    return { inMemory, workerdVersion: workerd.version, ...figures };
  } finally {
    for (const end of ends.toReversed()) await end();
  }
}

/** Never resolves. @throws when it is enough */
function untilAborted(enough: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) =>
    enough?.addEventListener("abort", () => reject(new Error("Ended before its time."))),
  );
}

async function measure(
  { rounds: count, seconds, turns, onProgress = () => undefined }: Options,
  { workerd, express, twilio }: Scene,
): Promise<Omit<Figures, "inMemory" | "workerdVersion">> {
  const costs = await costsOf(workerd, twilio);
  const targets = targetsOf(workerd, express);
  const rounds: Record<ProgramName, Round[]> = { floor: [], barest: [], accepted: [], turn: [], express: [] };
  for (let round = 0; round <= count; round += 1) {
    onProgress(round === 0 ? "warming up" : `round ${round} of ${count}`);
    for (const name of PROGRAMS) {
      const { pid, ...target } = targets[name];
      const measured = await roundOf(target, pid, seconds * 1_000, twilio);
      if (round > 0) rounds[name].push(measured);
    }
  }
  onProgress(`a conversation of ${turns} turns`);
  const aged = await age({ workerd, twilio, target: targets.turn }, turns);
  onProgress("the topics by themselves");
  const engine = await benchEngine(count, seconds / 4);
  return { rounds, costs, gzipBytes: workerd.gzipBytes, age: aged, engine };
}

function targetsOf({ pid, origins }: Workerd, express: Rival): Record<ProgramName, Target & { readonly pid: number }> {
  const { echo, silent } = NUMBERS;
  return {
    floor: { pid, origin: origins.floor, number: echo, replies: false },
    barest: { pid, origin: origins.barest, number: echo, replies: true },
    accepted: { pid, origin: origins.parley, number: silent, replies: false },
    turn: { pid, origin: origins.parley, number: echo, replies: true },
    express: { pid: express.pid, origin: express.origin, number: echo, replies: true },
  };
}

async function roundOf(target: Target, pid: number, milliseconds: number, twilio: Twilio): Promise<Round> {
  const phones = Array.from({ length: PEOPLE }, (_, index) => phoneOf(index));
  const alone = await press(target, { concurrency: 1, milliseconds: milliseconds / 2, phones }, twilio);
  const before = await cpuOf(pid);
  const loaded = await press(target, { concurrency: CONCURRENCY, milliseconds, phones }, twilio);
  const after = await cpuOf(pid);
  return {
    accepted50: quantile(alone.accepted, 0.5),
    accepted99: quantile(alone.accepted, 0.99),
    replied50: quantile(alone.replied, 0.5),
    replied99: quantile(alone.replied, 0.99),
    perSecond: (loaded.texts / loaded.milliseconds) * 1_000,
    cpu: before === null || after === null ? null : (after - before) / loaded.texts,
  };
}

async function costsOf(workerd: Workerd, twilio: Twilio): Promise<Figures["costs"]> {
  const parley = new Meter(workerd, twilio, "parley");
  const { echo, silent } = NUMBERS;
  const turn = await parley.turn(echo, true);
  // Before anything else is sent: it reports on the part that came last.
  const callback = await parley.callback(echo);
  return {
    floor: await new Meter(workerd, twilio, "floor").turn(echo, false),
    barest: await new Meter(workerd, twilio, "barest").turn(echo, true),
    turn,
    callback,
    accepted: await parley.turn(silent, false),
  };
}
