import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { createSecrets } from "../../src/cli/secrets.ts";
import { prepareWorker } from "../../src/cli/worker.ts";
import { BULK_RATE_SHARE } from "../../src/core/limits/broadcasts.ts";
import { drawChance } from "../../src/emulator/faults/seeded-chance.ts";
import { type RunningEmulator, startEmulator } from "../../src/emulator/server.ts";
import { fastFolder } from "../support/folder.ts";
import { freePort } from "../torture/setup.ts";
import { Victim } from "../torture/victim.ts";
import { type Findings, judge } from "./judge.ts";
import { Api, phoneOf, setUp, subscribe, TALKERS, type Targets } from "./setup.ts";
import { Watch } from "./watch.ts";

export interface Options {
  readonly recipients: number;
  readonly kills: number;
  /** Segments a second that the broadcast is to keep to. */
  readonly pace: number;
  readonly seed: number;
  /** Where the Worker's sources are. */
  readonly source: string;
  /** So long people text before the broadcast begins, to know what answers take without it. */
  readonly calmMilliseconds?: number;
  /** So long after the last kill, or the start, it is waited for the end. */
  readonly patienceMilliseconds?: number;
  readonly onProgress?: (line: string) => void;
}

/** How long the Worker waits for word of a lot before it gives it out again, and before it asks Twilio what it has taken. */
const VARS = { SETTLE_SECONDS: "5" };

/** Twilio reports on every message soon, so that its reports are part of the load. */
const TWILIO = { queuedMs: 50, sentMs: 100 };

const CALM_MILLISECONDS = 15_000;
const PATIENCE_MILLISECONDS = 3_600_000;

/** After a kill the first lots wait until nobody tells of those that were lost. */
const RECOVERY_MILLISECONDS = 12_000;

/** A broadcast to many people, by a Worker that is killed in the middle of it, while others text and wait for answers. */
export async function flood(options: Options): Promise<Findings> {
  const folder = await mkdtemp(path.join(await fastFolder(), "parley-flood-"));
  const emulator = await startEmulator({ port: 0, pace: TWILIO });
  const prepared = await prepareWorker(path.join(folder, "bundle"), options.source);
  const port = await freePort(options.seed);
  const order = { port, state: path.join(folder, "state"), secrets: createSecrets(), vars: VARS, prepared };
  const victim = new Victim(order, path.join(folder, "tmp"));
  try {
    await victim.start();
    const targets = { worker: victim.origin, emulator: emulator.origin, adminKey: order.secrets.ADMIN_KEY };
    return await floodWith(options, emulator, victim, targets);
  } finally {
    await victim.end();
    await emulator.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function floodWith(
  options: Options,
  emulator: RunningEmulator,
  victim: Victim,
  targets: Targets,
): Promise<Findings> {
  const { recipients, kills, pace, seed, onProgress = () => undefined } = options;
  const api = new Api(targets);
  const watch = new Watch(emulator.context);
  await setUp(targets, pace / BULK_RATE_SHARE);
  for (let index = 0; index < recipients; index += 1) emulator.context.store.addPhone(phoneOf(index));
  await subscribe(api, recipients, onProgress);
  onProgress("people text, and nothing else happens");
  watch.talk(TALKERS);
  await pause(options.calmMilliseconds ?? CALM_MILLISECONDS);
  onProgress("the broadcast begins");
  const startedAt = Date.now();
  watch.begin("broadcast");
  await api.ask("POST", "/broadcasts/flood/start");
  const disturbed: [number, number][] = [[startedAt, startedAt + 3_000]];
  for (let kill = 0; kill < kills; kill += 1) {
    await watch.untilTexted(momentOf(recipients, kills, kill, seed));
    const killedAt = Date.now();
    watch.begin("kill");
    await victim.kill();
    await victim.start();
    disturbed.push([killedAt, Date.now() + RECOVERY_MILLISECONDS]);
    onProgress(`killed at ${watch.texted} of ${recipients}`);
    setTimeout(() => watch.begin("broadcast"), RECOVERY_MILLISECONDS).unref();
  }
  const shown = await api.untilDone(options.patienceMilliseconds ?? PATIENCE_MILLISECONDS, onProgress);
  watch.stop();
  return judge({ recipients, pace, shown, disturbed, watch, phoneOf, kills });
}

/** Each kill is somewhere in its own part of the broadcast. @returns after how many recipients */
function momentOf(recipients: number, kills: number, kill: number, seed: number): number {
  const part = recipients / (kills + 1);
  return Math.floor(part * (kill + 0.5 + drawChance(seed, `kill ${kill}`) * 0.5));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
