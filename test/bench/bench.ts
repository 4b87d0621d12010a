import { parseArgs } from "node:util";
import { benchEngine } from "./engine/measure.ts";
import { engineReport, report } from "./report.ts";
import { bench } from "./run.ts";

const HELP = `npm run bench -- [options]   what a turn costs, beside the least that it could cost and what a person would write instead

  --rounds N    rounds that count (5)
  --seconds N   load on each program in a round (4)
  --turns N     how long one conversation becomes (10000)
  --engine      only the topics by themselves: no Worker, a quarter of the seconds
  --quick       to try it: 2 rounds of 1 s, 1000 turns`;

const QUICK = { rounds: 2, seconds: 1, turns: 1_000 };
const WHOLE = { rounds: 5, seconds: 4, turns: 10_000 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string" },
      seconds: { type: "string" },
      turns: { type: "string" },
      engine: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const usual = values.quick ? QUICK : WHOLE;
  const number = (name: "rounds" | "seconds" | "turns", least: number, most: number): number => {
    const value = Number(values[name] ?? usual[name]);
    if (value >= least && value <= most && (name === "seconds" || Number.isInteger(value))) return value;
    throw new Error(`--${name} takes a number from ${least} to ${most}, not "${values[name]}".`);
  };
  if (values.engine) {
    const engine = await benchEngine(number("rounds", 1, 100), number("seconds", 0.1, 60) / 4);
    return console.log(`\n${engineReport(engine)}\n`);
  }
  const began = performance.now();
  const enough = new AbortController();
  const listen = (): void => {
    // Wrangler's own listener would end the process before everything has stopped.
    process.removeAllListeners("SIGINT");
    process.once("SIGINT", () => enough.abort());
  };
  const figures = await bench({
    rounds: number("rounds", 1, 100),
    seconds: number("seconds", 0.1, 60),
    turns: number("turns", 300, 1_000_000),
    onProgress: (line) => console.log(`  ${line} …`),
    onStart: listen,
    enough: enough.signal,
  });
  console.log(`\n${report(figures)}\n\n  ${((performance.now() - began) / 60_000).toFixed(1)} minutes\n`);
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
