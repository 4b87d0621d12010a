import { parseArgs } from "node:util";
import { PROJECT_ROOT } from "../../src/cli/bundle.ts";
import { report } from "./report.ts";
import { torture } from "./run.ts";

const HELP = `npm run torture -- [options]   kills the Worker while people text and Twilio misbehaves, and looks for what was lost

  --kills N      how often (20)
  --senders N    how many people text (28)
  --minutes M    no kills after that (30)
  --seed S       what happens follows from it (a random one)
  --source DIR   the Worker's sources (these)

Ctrl-C ends the kills sooner.`;

const options = {
  kills: { type: "string", default: "20" },
  senders: { type: "string", default: "28" },
  minutes: { type: "string", default: "30" },
  seed: { type: "string", default: String(Math.floor(Math.random() * 1e6)) },
  source: { type: "string", default: PROJECT_ROOT },
  help: { type: "boolean", default: false },
} as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  if (values.help) return console.log(HELP);
  const number = (name: "kills" | "senders" | "minutes" | "seed", least: number, most: number): number => {
    const value = Number(values[name]);
    if (value >= least && value <= most && (name === "minutes" || Number.isInteger(value))) return value;
    throw new Error(`--${name} takes a number from ${least} to ${most}, not "${values[name]}".`);
  };
  const seed = number("seed", 0, 2 ** 32 - 1);
  const kills = number("kills", 0, 100_000);
  const senders = number("senders", 1, 1_000);
  console.log(`\n  seed ${seed}: ${kills} kills, ${senders} people …`);
  const enough = new AbortController();
  // The first Ctrl-C ends the kills, and what was done so far is judged; the second ends everything.
  const listen = (): void => {
    // Wrangler's own listener would end the process before everything has stopped.
    process.removeAllListeners("SIGINT");
    process.once("SIGINT", () => enough.abort());
  };
  const outcome = await torture({
    kills,
    seed,
    senders,
    minutes: number("minutes", 0, 600),
    source: values.source,
    enough: enough.signal,
    onStart: listen,
    onProgress: (line) => console.log(`  ${line}`),
  });
  console.log(`\n${report(outcome, seed)}\n`);
  if (outcome.offences.length > 0) process.exitCode = 1;
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
