import { type BillLine, billOfMillion, totalOf, type Usage } from "./bill.ts";
import type { EngineFigures } from "./engine/measure.ts";
import { quantile } from "./measure.ts";
import { type Figures, PROGRAMS, type ProgramName, type Round } from "./run.ts";
import { engineTargets, isMet, medianOf, type Target, targetsOf } from "./targets.ts";

const NAMES: Readonly<Record<ProgramName, string>> = {
  floor: "floor: one row",
  barest: "barest turn",
  accepted: "Parley, accepted",
  turn: "Parley, whole turn",
  express: "express + twilio",
};

/** Twilio answers a create in some tenths of a second; here it answers at once. Its object is awake for so long more. */
const TWILIO_MILLISECONDS = 200;

/** All that was measured, as text. */
export function report(figures: Figures): string {
  return [
    conditions(figures),
    timesTable(figures),
    costsTable(figures),
    ageTable(figures),
    billTable(figures),
    engineTable(figures.engine),
    targetsTable(targetsOf(figures)),
  ].join("\n\n");
}

/** What was measured of the topics by themselves, as text. */
export function engineReport(figures: EngineFigures): string {
  return [engineTable(figures), targetsTable(engineTargets(figures))].join("\n\n");
}

function engineTable({ turnsPerSecond, long, several, short }: EngineFigures): string {
  const row = (name: string, values: readonly number[], digits: number): readonly string[] => [
    name,
    quantile(values, 0.5).toFixed(digits),
    `${Math.min(...values).toFixed(digits)}-${Math.max(...values).toFixed(digits)}`,
  ];
  return table([
    ["the topics by themselves, of CPU time", "median", "rounds"],
    row("sample conversations, turns per second", turnsPerSecond, 0),
    row("one topic of 1,000 steps, microseconds a turn", long, 1),
    row("twenty topics of 50 steps, as many words", several, 1),
    row("one topic of 50 steps, a twentieth of the words", short, 1),
  ]);
}

function conditions({ inMemory, workerdVersion }: Figures): string {
  return `  workerd ${workerdVersion} and node ${process.version}, reached directly; storage ${inMemory ? "on a memory disk" : "in the temporary folder: no memory disk here"};
  a Twilio that takes every message at once and reports on none. Medians of the rounds (least-most).`;
}

function timesTable(figures: Figures): string {
  const heads = ["", "accepted p50 ms", "p99", "reply p50 ms", "p99", "per second", "CPU ms each"];
  const fields: readonly (keyof Round)[] = ["accepted50", "accepted99", "replied50", "replied99", "perSecond", "cpu"];
  const rows = PROGRAMS.map((program) => [
    NAMES[program],
    ...fields.map((field) => spread(figures, program, field, field === "perSecond" ? 0 : 2)),
  ]);
  return table([heads, ...rows]);
}

function spread(figures: Figures, program: ProgramName, field: keyof Round, digits: number): string {
  const median = medianOf(figures, program, field);
  if (Number.isNaN(median)) return "–";
  const all = figures.rounds[program].map((round) => round[field] ?? Number.NaN);
  return `${median.toFixed(digits)} (${Math.min(...all).toFixed(digits)}-${Math.max(...all).toFixed(digits)})`;
}

function costsTable({ costs, gzipBytes }: Figures): string {
  const heads = [
    "a warm …",
    "requests",
    "object requests",
    "subrequests",
    "D1 queries",
    "rows written",
    "rows read",
    "bundle gzip",
  ];
  const names = {
    floor: NAMES.floor,
    barest: NAMES.barest,
    accepted: NAMES.accepted,
    turn: NAMES.turn,
    callback: "and each status callback",
  } as const;
  const bundles = { ...gzipBytes, accepted: Number.NaN, turn: gzipBytes.parley, callback: Number.NaN };
  const rows = (["floor", "barest", "accepted", "turn", "callback"] as const).map((name) => {
    const { requests, objectRequests, subrequests, queries, rowsWritten, rowsRead } = costs[name];
    const counts = [requests, objectRequests, subrequests, queries, rowsWritten, rowsRead].map(String);
    return [names[name], ...counts, Number.isNaN(bundles[name]) ? "" : `${(bundles[name] / 1_000).toFixed(1)} KB`];
  });
  return table([heads, ...rows]);
}

function ageTable({ age: { turns, first, last, bytesPerTurn } }: Figures): string {
  const row = (name: string, turn: typeof first): readonly string[] => [
    name,
    turn.replyMilliseconds.toFixed(2),
    turn.cpuMilliseconds?.toFixed(2) ?? "–",
    turn.rowsWritten.toFixed(2),
    turn.rowsRead.toFixed(2),
  ];
  const heads = ["one conversation", "reply p50 ms", "CPU ms", "rows written", "rows read"];
  return `${table([heads, row("its first turns", first), row(`its turns up to ${turns}`, last)])}
  ${Math.round(bytesPerTurn)} bytes are stored for each turn.`;
}

function billTable(figures: Figures): string {
  const { turn, callback } = figures.costs;
  const usage: Usage = {
    ...turn,
    cpuMilliseconds: medianOf(figures, "turn", "cpu") || 0,
    objectMilliseconds: medianOf(figures, "turn", "replied50") + TWILIO_MILLISECONDS,
    storedBytes: figures.age.bytesPerTurn,
  };
  const lines = billOfMillion(usage);
  const row = ({ what, quantity, unit, dollars }: BillLine): readonly string[] => [
    what,
    `${quantity.toLocaleString("en-US", { maximumFractionDigits: 2 })} ${unit}`,
    `$${dollars.toFixed(2)}`,
  ];
  const reported = totalOf(billOfMillion({ ...callback, cpuMilliseconds: 0, objectMilliseconds: 0, storedBytes: 0 }));
  return `${table([["a million turns", "", "at list price"], ...lines.map(row), ["together", "", `$${totalOf(lines).toFixed(2)}`]])}
  Nothing that a plan includes is taken off; CPU is the whole process's, of which Cloudflare bills a part; Twilio is given ${TWILIO_MILLISECONDS} ms to answer.
  A million status callbacks are $${reported.toFixed(2)} more, without their time.`;
}

function targetsTable(targets: readonly Target[]): string {
  const verdict = (target: Target): string => {
    const met = isMet(target);
    if (met === null) return "not measured here";
    return met ? "ok" : "MISSED";
  };
  const bound = ({ most, least }: Target): string => (most === undefined ? `≥ ${least}` : `≤ ${most}`);
  const rows = targets.map((target) => [
    target.name,
    bound(target),
    Number.isInteger(target.measured) ? String(target.measured) : target.measured.toFixed(2),
    verdict(target),
  ]);
  return table([["target", "bound", "measured", ""], ...rows]);
}

/** Columns side by side; the first one leans to the left. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
    )
    .map((cells) => `  ${cells.join("  ")}`.trimEnd())
    .join("\n");
}
