import { between, type Evidence, type Offence, type OffenceKind, type TranscriptMessage } from "./evidence.ts";
import type { Outcome } from "./run.ts";
import { isRefused } from "./turns.ts";
import { STOP } from "./words.ts";

const KINDS: readonly OffenceKind[] = ["lost", "duplicated", "disordered", "unwanted", "difference", "misasked"];

/** What makes Parley unsure whether a message was taken. */
const AMBIGUOUS = ["errorBefore", "errorAfter", "resetBefore", "resetAfter", "unheard"];

const OFFENCES_SHOWN = 5;
const HISTORY_LINES = 12;

export function countOf(offences: readonly Offence[], kind: OffenceKind): number {
  return offences.filter((offence) => offence.kind === kind).length;
}

export function ambiguousIn({ faults }: Outcome): number {
  return AMBIGUOUS.reduce((sum, name) => sum + (faults[`create.${name}`] ?? 0), 0);
}

/** Questions that the bot had heard before: the Worker died before it had the answer. */
export function askedAgain({ asked }: Evidence): number {
  return asked.length - new Set(asked.map(({ turn }) => turn)).size;
}

/** The result as a table of numbers, and the first offences with their histories. */
export function report(outcome: Outcome, seed: number): string {
  const { evidence, offences, kills, restarts, milliseconds, stallMilliseconds } = outcome;
  const accepted = evidence.texts.filter(({ acceptedAt }) => acceptedAt !== null).length;
  const lines: readonly (readonly [string, string | number])[] = [
    ["kills", `${kills}   (back after ${Math.round(median(restarts))} ms in the median)`],
    ["texts", `${evidence.texts.length}   (${accepted} accepted)`],
    ["replies", evidence.taken.length],
    ["ambiguous sends", ambiguousIn(outcome)],
    ["STOPs", stops(evidence)],
    ["questions to the bot", `${evidence.asked.length}   (${askedAgain(evidence)} once more)`],
    ["lost", countOf(offences, "lost")],
    ["duplicated", countOf(offences, "duplicated")],
    ["disordered", countOf(offences, "disordered")],
    ["sent after STOP", countOf(offences, "unwanted")],
    ["transcript differences", countOf(offences, "difference")],
    ["asked under other ids", countOf(offences, "misasked")],
    ["minutes", (milliseconds / 60_000).toFixed(1)],
    ["Worker's warnings", warnings(outcome.logged)],
    ["longest stall", `${Math.round(stallMilliseconds)} ms`],
  ];
  const table = lines.map(([name, value]) => `  ${name.padEnd(24)}${value}`).join("\n");
  if (offences.length === 0) return table;
  const first = KINDS.flatMap((kind) => offences.filter((offence) => offence.kind === kind).slice(0, OFFENCES_SHOWN));
  const told = first.map((offence) => tell(offence, evidence)).join("\n\n");
  return `${table}\n\n${told}\n\n  To see it again: npm run torture -- --seed ${seed}`;
}

/** How often people opted out, and what came of it. */
function stops({ texts, transcripts }: Evidence): string {
  const messages = transcripts.flatMap((transcript) => transcript.messages);
  const accepted = texts.filter(({ body, acceptedAt }) => body === STOP && acceptedAt !== null).length;
  const count = (is: (message: TranscriptMessage) => boolean): number => messages.filter(is).length;
  const dropped = count(({ status }) => status === "dropped");
  return `${accepted}   (${dropped} parts dropped, ${count(isRefused)} refused by Twilio)`;
}

/** How often the Worker logged what. */
function warnings(logged: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const line of logged) {
    const event = /"event":"([\w-]+)"/u.exec(line)?.[1] ?? line.slice(0, 60);
    counts.set(event, (counts.get(event) ?? 0) + 1);
  }
  return [...counts].map(([event, count]) => `${count} ${event}`).join(", ") || "none";
}

function tell(offence: Offence, evidence: Evidence): string {
  const { kind, phone, number, what } = offence;
  return [`  ${kind}: ${phone} and ${number}: ${what}`, ...history(offence, evidence)].join("\n");
}

/** All that was heard of what the offence is about, on each of the three sides. */
function history(offence: Offence, { texts, taken, transcripts }: Evidence): readonly string[] {
  const tokens = offence.about.flatMap((words) => words.match(/\bt\d+\b|\b[A-Z]{2}[0-9a-f]{32}\b/gu) ?? []);
  const concerns = (line: string): boolean => tokens.some((token) => new RegExp(`\\b${token}\\b`, "u").test(line));
  const sent = between(texts, offence).map(
    ({ sid, body, startedAt, acceptedAt }) =>
      `phone       ${clock(startedAt)} ${sid} "${body}" ${acceptedAt === null ? "not accepted" : `accepted ${clock(acceptedAt)}`}`,
  );
  const at = between(taken, offence).map(({ sid, body }, index) => `Twilio      ${index + 1}. ${sid} "${body}"`);
  const shown = between(transcripts, offence).flatMap(({ messages }) =>
    messages.map(({ id, direction, status, sid, text }) => `transcript  ${id} ${direction} ${status} ${sid} "${text}"`),
  );
  return [...sent, ...at, ...shown]
    .filter(concerns)
    .slice(0, HISTORY_LINES)
    .map((line) => `      ${line}`);
}

function clock(at: number): string {
  return Number.isFinite(at) ? new Date(at).toISOString().slice(11, 23) : "never";
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
