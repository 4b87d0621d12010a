import type { ShownBroadcast } from "./setup.ts";
import type { Watch } from "./watch.ts";

interface Evidence {
  readonly recipients: number;
  /** Segments a second that were configured; every text has one. */
  readonly pace: number;
  readonly kills: number;
  readonly shown: ShownBroadcast;
  /** Spans in which the pace says nothing: a start, a kill and what it takes to recover; milliseconds since 1970. */
  readonly disturbed: readonly (readonly [from: number, to: number])[];
  readonly watch: Watch;
  readonly phoneOf: (index: number) => string;
}

/** What is to be told, and what is wrong with it. */
export interface Findings {
  readonly lines: readonly string[];
  readonly offences: readonly string[];
}

const WINDOW_MILLISECONDS = 10_000;
const MOST_OPERATIONS = 0.05;
/** What was out when it was killed is given out once more: with fewer recipients that weighs more than it may. */
const MANY = 10_000;
const PACE_TOLERANCE = 0.05;

export function judge(evidence: Evidence): Findings {
  const { recipients, pace, shown, watch, kills } = evidence;
  const all = Array.from({ length: recipients }, (_, index) => watch.taken.get(evidence.phoneOf(index))?.length ?? 0);
  const missed = all.filter((times) => times === 0).length;
  const doubled = all.filter((times) => times > 1).length;
  const { progress } = shown;
  const operations = (3 * progress.queueMessages) / recipients;
  const rates = ratesIn(evidence);
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const fastest = Math.max(...rates);
  const calm = quantile(watch.waits.calm, 0.99);
  const busy = quantile(watch.waits.broadcast, 0.99);
  const offences = [
    ...(missed > 0 ? [`${missed} missed`] : []),
    ...(doubled > 0 ? [`${doubled} doubled`] : []),
    ...(progress.sent === recipients && progress.waiting === 0 ? [] : [`the API says ${JSON.stringify(progress)}`]),
    ...(recipients >= MANY && operations > MOST_OPERATIONS
      ? [`${operations.toFixed(4)} queue operations a recipient`]
      : []),
    ...(rates.length > 0 && Math.abs(mean / pace - 1) > PACE_TOLERANCE ? [`a pace of ${mean.toFixed(1)}`] : []),
    ...(rates.length > 0 && fastest / pace - 1 > PACE_TOLERANCE ? [`a pace of ${fastest.toFixed(1)} for 10 s`] : []),
    ...(busy > 2 * calm ? [`answers take ${busy.toFixed(0)} ms instead of ${calm.toFixed(0)}`] : []),
  ];
  const lines = [
    `recipients              ${recipients}, ${kills} kills`,
    `missed, doubled         ${missed}, ${doubled}`,
    `the API says            ${JSON.stringify(progress)}`,
    `queue operations        ${operations.toFixed(4)} a recipient (at most ${MOST_OPERATIONS} from ${MANY} recipients on)`,
    `pace                    ${rates.length === 0 ? "too short a run to tell" : paceIn(rates, mean)}; configured ${pace}`,
    `answers, nothing else   p50 ${quantile(watch.waits.calm, 0.5).toFixed(0)} ms, p99 ${calm.toFixed(0)} ms (${watch.waits.calm.length})`,
    `answers, meanwhile      p50 ${quantile(watch.waits.broadcast, 0.5).toFixed(0)} ms, p99 ${busy.toFixed(0)} ms (${watch.waits.broadcast.length})`,
  ];
  return { lines, offences };
}

function paceIn(rates: readonly number[], mean: number): string {
  const [least, most] = [Math.min(...rates), Math.max(...rates)].map((rate) => rate.toFixed(1));
  return `${mean.toFixed(2)} a second in ${rates.length} windows of 10 s, ${least} to ${most}`;
}

/** @returns recipients a second, in each whole window in which nothing else happened, but for the last */
function ratesIn({ watch, disturbed }: Evidence): readonly number[] {
  const moments = [...watch.taken.values()].map(([first = 0]) => first).toSorted((a, b) => a - b);
  const begin = disturbed[0]?.[1] ?? 0;
  const end = (moments.at(-1) ?? 0) - WINDOW_MILLISECONDS / 2;
  const rates: number[] = [];
  for (let from = begin; from + WINDOW_MILLISECONDS <= end; from += WINDOW_MILLISECONDS) {
    const to = from + WINDOW_MILLISECONDS;
    if (disturbed.slice(1).some(([start, stop]) => start < to && stop > from)) continue;
    rates.push((moments.filter((moment) => moment >= from && moment < to).length * 1_000) / WINDOW_MILLISECONDS);
  }
  return rates;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
