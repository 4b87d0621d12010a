import type { RequestOutcome } from "../../contract/assistant.ts";
import { EXCHANGE_CHARACTERS, EXCHANGES_PER_TURN } from "../../core/limits/sender.ts";
import type { Conversation, Exchange, Rest, Turn } from "../model/state.ts";

/** @returns the turn, which remembers the request that its conversation waits for now and did not before */
export function withAsked(turn: Turn, before: Conversation | undefined, after: Conversation): Turn {
  const { exchanges = [] } = turn;
  const rest = requestIn(after);
  if (rest === null || rest.id === requestIn(before)?.id || exchanges.length >= EXCHANGES_PER_TURN) return turn;
  const { method, url, body, confidential } = rest.request;
  if (confidential) return turn;
  const exchange: Exchange = { since: rest.since, request: short({ method, url, body }), end: null };
  return { ...turn, exchanges: [...exchanges, exchange] };
}

/** @returns the turn, which remembers how its last request has ended */
export function withEnd(turn: Turn, outcome: RequestOutcome, at: number): Turn {
  const { exchanges = [] } = turn;
  const last = exchanges.at(-1);
  if (last === undefined || last.end !== null) return turn;
  return { ...turn, exchanges: [...exchanges.slice(0, -1), { ...last, end: { at, outcome: short(outcome) } }] };
}

function requestIn(conversation: Conversation | undefined): Extract<Rest, { kind: "request" }> | null {
  return conversation?.status === "open" && conversation.rest.kind === "request" ? conversation.rest : null;
}

function short<Value>(value: Value): Value | null {
  return JSON.stringify(value).length <= EXCHANGE_CHARACTERS ? value : null;
}
