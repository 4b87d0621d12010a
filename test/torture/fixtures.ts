import type { Evidence, TranscriptMessage } from "./evidence.ts";
import { judge } from "./judge.ts";

/** Who texts whom in the tests of the judge. */
export const PAIR = { phone: "+14255550100", number: "+12025550100" };

const clock = (milliseconds: number) => new Date(milliseconds).toISOString();

export const heard = (turn: number, text: string, sid = `SM-in-${turn}`): TranscriptMessage => ({
  id: String(turn),
  direction: "in",
  text,
  status: "received",
  sid,
  error: null,
  at: clock(turn * 1_000),
});

export const said = (turn: number, part: number, text: string, sid: string): TranscriptMessage => ({
  id: `${turn}.${part}`,
  direction: "out",
  text,
  status: "delivered",
  sid,
  error: null,
  at: clock(turn * 1_000 + 100 + part),
});

/** What a judged world is accused of. */
export const kinds = (evidence: Evidence) => [...new Set(judge(evidence).map(({ kind }) => kind))];

export const transcribed = (evidence: Evidence, messages: readonly TranscriptMessage[]): Evidence => ({
  ...evidence,
  transcripts: [{ ...PAIR, messages }],
});

export const messagesOf = ({ transcripts }: Evidence) => transcripts[0]?.messages ?? [];
