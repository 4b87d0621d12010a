import { longHearings, longTopics } from "./long-topic.ts";
import { type Hearing, sampleHearings, turnsAmong } from "./turns.ts";

/** How fast the topics are by themselves: no Worker, no storage, no network; one core. A value for each round. */
export interface EngineFigures {
  /** Turns of the sample conversations per second of CPU time. */
  readonly turnsPerSecond: readonly number[];
  /** CPU microseconds of a turn in a topic of 1,000 steps. */
  readonly long: readonly number[];
  /** In twenty topics of 50, which have as many words together: the same ones are in the processor's caches. */
  readonly several: readonly number[];
  /** In one topic of 50, again and again: all of it is in the processor's nearest cache. */
  readonly short: readonly number[];
}

const SHORT_STEPS = 50;
const LONG_STEPS = 1_000;

/** As many turns as it takes to come round the longer topic once. */
const LONG_TURNS = LONG_STEPS / 2;
const SEVERAL = LONG_STEPS / SHORT_STEPS;

/**
 * Hears again what was heard in the conversations of the samples, and in short and long topics of the same kinds of steps, in alternating rounds.
 * CPU time, garbage collection included: what else runs on the machine matters less than it would to a clock.
 * @param seconds of CPU for each program in a round
 */
export async function benchEngine(rounds: number, seconds: number): Promise<EngineFigures> {
  const programs = {
    samples: await sampleHearings(),
    long: longHearings(longTopics(1, LONG_STEPS), LONG_TURNS),
    several: longHearings(longTopics(SEVERAL, SHORT_STEPS), LONG_TURNS / SEVERAL),
    short: longHearings(longTopics(1, SHORT_STEPS), LONG_TURNS),
  };
  const times: Record<keyof typeof programs, number[]> = { samples: [], long: [], several: [], short: [] };
  // The first round makes the code warm, and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of ["samples", "long", "several", "short"] as const) {
      const time = secondsPerTurn(programs[name], seconds);
      if (round > 0) times[name].push(time);
    }
  }
  const microseconds = (all: readonly number[]) => all.map((time) => time * 1_000_000);
  return {
    turnsPerSecond: times.samples.map((time) => 1 / time),
    long: microseconds(times.long),
    several: microseconds(times.several),
    short: microseconds(times.short),
  };
}

function secondsPerTurn(hearings: readonly Hearing[], seconds: number): number {
  const turns = turnsAmong(hearings);
  const began = process.cpuUsage();
  for (let heard = turns; ; heard += turns) {
    for (const { assistant, event, memory, setting } of hearings) assistant.handleEvent(event, memory, setting);
    const { user, system } = process.cpuUsage(began);
    if (user + system >= seconds * 1_000_000) return (user + system) / 1_000_000 / heard;
  }
}
