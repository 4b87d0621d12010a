import { parseArgs } from "node:util";
import { PROJECT_ROOT } from "../../src/cli/bundle.ts";
import { flood } from "./run.ts";

const HELP = `npm run flood -- [options]   a broadcast by a Worker that is killed in the middle of it, while others text

  --recipients N   how many (2000)
  --kills N        how often (3)
  --pace N         segments a second (100)
  --seed S         when it is killed follows from it (a random one)
  --source DIR     the Worker's sources (these)`;

const options = {
  recipients: { type: "string", default: "2000" },
  kills: { type: "string", default: "3" },
  pace: { type: "string", default: "100" },
  seed: { type: "string", default: String(Math.floor(Math.random() * 1e6)) },
  source: { type: "string", default: PROJECT_ROOT },
  help: { type: "boolean", default: false },
} as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  if (values.help) return console.log(HELP);
  const number = (name: "recipients" | "kills" | "pace" | "seed", least: number, most: number): number => {
    const value = Number(values[name]);
    if (value >= least && value <= most) return value;
    throw new Error(`--${name} takes a number from ${least} to ${most}, not "${values[name]}".`);
  };
  const began = performance.now();
  const { lines, offences } = await flood({
    recipients: number("recipients", 1, 120_000),
    kills: number("kills", 0, 1_000),
    pace: number("pace", 0.1, 800),
    seed: number("seed", 0, 2 ** 32 - 1),
    source: values.source,
    onProgress: (line) => console.log(`  ${line}`),
  });
  console.log(`\n${lines.join("\n")}\n${((performance.now() - began) / 1_000).toFixed(0)} s\n`);
  for (const offence of offences) console.log(`WRONG: ${offence}`);
  if (offences.length > 0) process.exitCode = 1;
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
