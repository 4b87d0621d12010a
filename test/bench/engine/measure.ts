import { longHearings } from "./long-topic.ts";
import { type Hearing, sampleHearings, turnsAmong } from "./turns.ts";

/** How fast the topics are by themselves: no Worker, no storage, no network; one core. A value for each round. */
export interface EngineFigures {
  /** Turns of the sample conversations per second of CPU time. */
  readonly turnsPerSecond: readonly number[];
  /** CPU microseconds of a turn in a topic of 50 steps, and of 1,000. */
  readonly short: readonly number[];
  readonly long: readonly number[];
}

const SHORT_STEPS = 50;
const LONG_STEPS = 1_000;

/** As many turns as it takes to come round the longer topic once. */
const LONG_TURNS = 1 + (LONG_STEPS / 10) * 5;

/**
 * Hears again what was heard in the conversations of the samples, and in a short and a long topic of the same kinds of steps, in alternating rounds.
 * CPU time, garbage collection included: what else runs on the machine matters less than it would to a clock.
 * @param seconds of CPU for each program in a round
 */
export async function benchEngine(rounds: number, seconds: number): Promise<EngineFigures> {
  const programs = {
    samples: await sampleHearings(),
    short: longHearings(SHORT_STEPS, LONG_TURNS),
    long: longHearings(LONG_STEPS, LONG_TURNS),
  };
  const times: Record<keyof typeof programs, number[]> = { samples: [], short: [], long: [] };
  // The first round makes the code warm, and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of ["samples", "short", "long"] as const) {
      const time = secondsPerTurn(programs[name], seconds);
      if (round > 0) times[name].push(time);
    }
  }
  const microseconds = (all: readonly number[]) => all.map((time) => time * 1_000_000);
  return {
    turnsPerSecond: times.samples.map((time) => 1 / time),
    short: microseconds(times.short),
    long: microseconds(times.long),
  };
}

function secondsPerTurn(hearings: readonly Hearing[], seconds: number): number {
  const turns = turnsAmong(hearings);
  const began = process.cpuUsage();
  for (let heard = turns; ; heard += turns) {
    for (const { assistant, event, memory, setting } of hearings) assistant.hear(event, memory, setting);
    const { user, system } = process.cpuUsage(began);
    if (user + system >= seconds * 1_000_000) return (user + system) / 1_000_000 / heard;
  }
}
