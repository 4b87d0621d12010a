import type { TurnAt } from "./age.ts";
import type { EngineFigures } from "./engine/measure.ts";
import { quantile } from "./measure.ts";
import type { Figures, ProgramName, Round } from "./run.ts";

export interface Target {
  readonly name: string;
  readonly most?: number;
  readonly least?: number;
  /** NaN where it could not be measured here. */
  readonly measured: number;
  /** Counted, so the same on every machine; else timed. */
  readonly counted: boolean;
}

/** How far the 10,000th turn may be from the first. */
const SAME = 1.1;

/** What Parley must keep to, beside what was measured. */
export function targetsOf(figures: Figures): readonly Target[] {
  const { turn } = figures.costs;
  const { first, last, turns } = figures.age;
  const counted = (name: string, measured: number, most: number): Target => ({ name, measured, most, counted: true });
  const atMost = (name: string, measured: number, most: number): Target => ({ name, measured, most, counted: false });
  const atLeast = (name: string, measured: number, least: number): Target => ({
    name,
    measured,
    least,
    counted: false,
  });
  const ratio = (one: ProgramName, other: ProgramName, field: keyof Round): number =>
    medianOf(figures, one, field) / medianOf(figures, other, field);
  const aged = (field: keyof TurnAt): number => (last[field] ?? Number.NaN) / (first[field] ?? Number.NaN);
  const nth = `turn ${turns}, of the first`;
  return [
    counted("Worker requests of a warm turn", turn.requests, 1),
    counted("object requests", turn.objectRequests, 2),
    counted("rows written", turn.rowsWritten, 5),
    counted("D1 queries", turn.queries, 0),
    counted("subrequests", turn.subrequests, 1),
    atMost("accepted webhook's p50, of the floor's", ratio("accepted", "floor", "accepted50"), 1.5),
    atLeast("accepted webhooks per second, of the floor's", ratio("accepted", "floor", "perSecond"), 0.6),
    atLeast("replies per second, of the barest turn's", ratio("turn", "barest", "perSecond"), 0.75),
    atLeast("replies per second, of the express program's", ratio("turn", "express", "perSecond"), 1),
    atMost("CPU per turn, of the barest turn's", ratio("turn", "barest", "cpu"), 1.5),
    counted(`${nth}: rows written`, aged("rowsWritten"), SAME),
    counted(`${nth}: rows read`, aged("rowsRead"), SAME),
    atMost(`${nth}: time to the reply`, aged("replyMilliseconds"), SAME),
    atMost(`${nth}: CPU`, aged("cpuMilliseconds"), SAME),
    ...engineTargets(figures.engine),
  ];
}

/** What the topics must keep to by themselves. */
export function engineTargets({ turnsPerSecond, long, several }: EngineFigures): readonly Target[] {
  const longer = quantile(long, 0.5) / quantile(several, 0.5);
  return [
    {
      name: "turns of the topics per CPU second",
      measured: quantile(turnsPerSecond, 0.5),
      least: 50_000,
      counted: false,
    },
    { name: "a turn in a topic of 1,000 steps, of one in 50", measured: longer, most: 1.1, counted: false },
  ];
}

/** @returns null where it could not be measured */
export function isMet({ measured, most, least }: Target): boolean | null {
  if (Number.isNaN(measured)) return null;
  return measured <= (most ?? Number.POSITIVE_INFINITY) && measured >= (least ?? Number.NEGATIVE_INFINITY);
}

/** The median of the rounds; NaN where it could not be measured. */
export function medianOf({ rounds }: Figures, program: ProgramName, field: keyof Round): number {
  return quantile(
    rounds[program].map((round) => round[field] ?? Number.NaN),
    0.5,
  );
}
