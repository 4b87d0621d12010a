import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createSecrets } from "../../src/cli/secrets.ts";
import { prepareWorker } from "../../src/cli/worker.ts";
import { drawChance } from "../../src/emulator/faults/seeded-chance.ts";
import { type RunningEmulator, startEmulator } from "../../src/emulator/server.ts";
import { fastFolder } from "../support/folder.ts";
import { SlowBot } from "./bot.ts";
import type { Evidence, Offence } from "./evidence.ts";
import { judge } from "./judge.ts";
import { Load } from "./load.ts";
import { faults, freePort, KILLS_IN_A_SPELL, send, setUp, setUpBot, type Targets } from "./setup.ts";
import { settledTranscripts } from "./transcripts.ts";
import type { Order } from "./victim.child.ts";
import { Victim } from "./victim.ts";

export interface Options {
  readonly kills: number;
  readonly seed: number;
  /** No kills after so many minutes. */
  readonly minutes: number;
  readonly senders: number;
  /** Where the Worker's sources are. */
  readonly source: string;
  /** How long everything may take to come to rest in the end. */
  readonly restMilliseconds?: number;
  /** Ends the kills before their time. */
  readonly enough?: AbortSignal;
  /** The Worker runs, and people begin to text. */
  readonly onStart?: () => void;
  readonly onProgress?: (line: string) => void;
}

export interface Outcome {
  readonly kills: number;
  /** Milliseconds from the order to start until the Worker listens. */
  readonly restarts: readonly number[];
  readonly milliseconds: number;
  /** The longest time for which Twilio itself was not served by this machine. */
  readonly stallMilliseconds: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly logged: readonly string[];
  readonly evidence: Evidence;
  readonly offences: readonly Offence[];
}

/** How long the Worker waits before it settles a doubt; Twilio's lists lag less. */
const VARS = { SETTLE_SECONDS: "2" };

/** A part that is refused as too many again and again waits for longer and longer. */
const REST_MILLISECONDS = 120_000;

/** How long the Worker lives: shortly more often than long. */
const LIFE_MILLISECONDS = { least: 50, most: 1_500 };

/** Slower than most answers: a callback would settle what is in doubt before the Worker is back. */
const PACE = { queuedMs: 100, sentMs: 50 };

/** People text, Twilio misbehaves and the Worker is killed again and again; then all come to rest, and what they say is compared. */
export async function torture(options: Options): Promise<Outcome> {
  const folder = await mkdtemp(path.join(await fastFolder(), "parley-torture-"));
  try {
    const prepared = await prepareWorker(path.join(folder, "bundle"), options.source);
    const order = {
      port: await freePort(options.seed),
      state: path.join(folder, "state"),
      secrets: createSecrets(),
      vars: VARS,
      prepared,
    };
    return await tortureOne(options, order, path.join(folder, "tmp"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function tortureOne(options: Options, order: Order, temporary: string): Promise<Outcome> {
  const emulator = await startEmulator({ port: 0, pace: PACE });
  const bot = await SlowBot.start(options.seed);
  const victim = new Victim(order, temporary);
  const targets = { worker: victim.origin, emulator: emulator.origin, adminKey: order.secrets.ADMIN_KEY };
  try {
    await victim.start();
    return await runWith(options, { emulator, victim, bot, targets });
  } finally {
    await victim.end();
    await emulator.stop();
    bot.stop();
  }
}

interface Scene {
  readonly emulator: RunningEmulator;
  readonly victim: Victim;
  readonly bot: SlowBot;
  readonly targets: Targets;
}

async function runWith(options: Options, scene: Scene): Promise<Outcome> {
  const { emulator, victim, targets } = scene;
  const { seed, senders } = options;
  const began = performance.now();
  await setUp(targets, senders);
  await setUpBot(targets, scene.bot);
  options.onStart?.();
  const delay = monitorEventLoopDelay();
  delay.enable();
  const load = new Load(emulator.context, seed);
  load.start(senders);
  const spells = new Spells(emulator, seed);
  const restarts = await killAgainAndAgain(options, victim, spells);
  await load.stop();
  delay.disable();
  await spells.end();
  const evidence = await comeToRest(load, scene, options.restMilliseconds);
  return {
    kills: restarts.length,
    restarts,
    milliseconds: performance.now() - began,
    stallMilliseconds: delay.max / 1e6,
    faults: spells.counts,
    logged: victim.logged,
    evidence,
    offences: judge(evidence),
  };
}

/** Twilio's faults, which change from time to time. */
class Spells {
  readonly counts: Record<string, number> = {};
  readonly #emulator: RunningEmulator;
  readonly #seed: number;

  constructor(emulator: RunningEmulator, seed: number) {
    this.#emulator = emulator;
    this.#seed = seed;
  }

  async change(kills: number): Promise<void> {
    this.#keepCounts();
    await send("PUT", `${this.#emulator.origin}/emulator/faults`, faults(this.#seed, kills));
  }

  async end(): Promise<void> {
    this.#keepCounts();
    await send("DELETE", `${this.#emulator.origin}/emulator/faults`);
  }

  #keepCounts(): void {
    const { counts } = this.#emulator.context.faults.createReport();
    for (const [name, count] of Object.entries(counts)) this.counts[name] = (this.counts[name] ?? 0) + count;
  }
}

async function killAgainAndAgain(options: Options, victim: Victim, spells: Spells): Promise<readonly number[]> {
  const { kills, seed, minutes, enough, onProgress = () => undefined } = options;
  const deadline = performance.now() + minutes * 60_000;
  const restarts: number[] = [];
  const goesOn = (): boolean => restarts.length < kills && performance.now() < deadline && enough?.aborted !== true;
  while (goesOn()) {
    if (restarts.length % KILLS_IN_A_SPELL === 0) await spells.change(restarts.length);
    await new Promise((resolve) => setTimeout(resolve, lifeOf(drawChance(seed, `life ${restarts.length}`))));
    await victim.kill();
    restarts.push(await victim.start());
    if (restarts.length % 50 === 0) onProgress(`${restarts.length} kills`);
  }
  return restarts;
}

function lifeOf(draw: number): number {
  const { least, most } = LIFE_MILLISECONDS;
  return least + Math.floor(draw ** 2 * (most - least));
}

/** What is held back arrives, what is in doubt is settled. */
async function comeToRest(
  load: Load,
  { emulator, bot, targets }: Scene,
  patience = REST_MILLISECONDS,
): Promise<Evidence> {
  const { context } = emulator;
  const deadline = Date.now() + patience;
  while (context.faults.createReport().pending > 0 && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const { texts } = load;
  const transcripts = await settledTranscripts(targets, texts, deadline);
  return { texts, taken: load.taken, transcripts, asked: bot.asked };
}
