import { EXCHANGE_CHARACTERS } from "../core/limits.ts";
import { OPTED_OUT } from "../sender/machine.ts";
import type { Recording } from "../sender/recording.ts";
import type { Exchange, HeardText, Turn } from "../sender/state.ts";
import { type Act, type Entry, isExpectation } from "./chat.ts";
import { utcOf } from "./moment.ts";
import { askedOf } from "./play.ts";

/** Something of a recorded conversation, to be put in order. */
interface Moment {
  readonly at: number;
  /** Of what has the same time: texts, then answers of requests, then what they brought, then what was asked. */
  readonly rank: 0 | 1 | 2 | 3;
  readonly entries: readonly Entry[];
}

const OPTED_OUT_BEFORE: readonly Entry[] = [
  remark("They had opted out before."),
  { kind: "text", text: "STOP", media: [], optOut: null },
  { kind: "nothing" },
];

/**
 * Writes down a conversation that really was, so that it can be played again. Times are rounded down to whole seconds since the text before:
 * what Parley did when a time was over, is due when it is played, too.
 */
export function chatOf(recording: Recording): readonly Entry[] {
  const { phone, number, turns, pending, isCut } = recording;
  const [first] = turns;
  if (first === undefined) return [];
  const asked = pending === null ? [] : [{ at: pending.since, rank: 3, entries: [askedOf(pending.request)] } as const];
  const moments = [...turns.flatMap(momentsOf), ...asked].toSorted((a, b) => a.at - b.at || a.rank - b.rank);
  return [
    { kind: "from", number: phone },
    { kind: "to", number },
    { kind: "at", local: utcOf(first.heard.at), zone: "Etc/UTC" },
    ...(wasOptedOut(first) ? OPTED_OUT_BEFORE : []),
    ...withSilences(withWaits(moments)),
    ...(isCut ? [remark("It was longer; the rest is left out.")] : []),
  ];
}

function remark(text: string): Entry {
  return { kind: "remark", line: `# ${text}` };
}

/** Nothing was said to them, or START brought them back. */
function wasOptedOut({ notes }: Turn): boolean {
  return notes.includes(OPTED_OUT) || notes.includes("Answered by the carrier: START.");
}

function momentsOf({ heard, parts, exchanges = [] }: Turn): readonly Moment[] {
  const said = parts.map(
    ({ at = heard.at, text, media }): Moment => ({ at, rank: 2, entries: [{ kind: "said", text, media }] }),
  );
  return [{ at: heard.at, rank: 0, entries: [textOf(heard)] }, ...exchanges.flatMap(exchanged), ...said];
}

function textOf({ text, media, optOut }: HeardText): Entry {
  return { kind: "text", text, media: media.map(({ contentType }) => contentType), optOut: optOut ?? null };
}

function exchanged({ since, at, kept }: Exchange): readonly Moment[] {
  if (kept === null) {
    const lost = `Your system was asked here; it was more than the ${EXCHANGE_CHARACTERS} characters that are kept.`;
    return [{ at, rank: 1, entries: [remark(lost)] }];
  }
  const outcome: Act = { kind: "outcome", outcome: kept.outcome };
  return [
    { at: since, rank: 3, entries: [askedOf(kept.request)] },
    { at, rank: 1, entries: [outcome] },
  ];
}

function withWaits(moments: readonly Moment[]): readonly Entry[] {
  let text = moments[0]?.at ?? 0;
  let waited = 0;
  return moments.flatMap(({ at, rank, entries }) => {
    const seconds = Math.floor((at - text) / 1_000);
    const wait: readonly Entry[] = seconds > waited ? [{ kind: "wait", seconds: seconds - waited }] : [];
    [text, waited] = rank === 0 ? [at, 0] : [text, Math.max(waited, seconds)];
    return [...wait, ...entries];
  });
}

/** Says so where a text brought nothing. */
function withSilences(entries: readonly Entry[]): readonly Entry[] {
  return entries.flatMap((entry, index): readonly Entry[] => {
    const next = entries[index + 1];
    const isSilent = entry.kind === "text" && (next === undefined || !isExpectation(next));
    return isSilent ? [entry, { kind: "nothing" }] : [entry];
  });
}
