import type { RequestOutcome } from "../assistants/contract.ts";
import { EXCHANGE_CHARACTERS, EXCHANGES_PER_TURN } from "../core/limits.ts";
import type { Exchange, Rest, Turn } from "./state.ts";

/** @returns the turn, which remembers how a request has ended that it has waited for; headers, which may name secrets, are left out */
export function withExchange(
  turn: Turn,
  { request, since }: Extract<Rest, { kind: "request" }>,
  outcome: RequestOutcome,
  at: number,
): Turn {
  const { exchanges = [] } = turn;
  if (exchanges.length >= EXCHANGES_PER_TURN) return turn;
  const { method, url, body } = request;
  const kept = { request: { method, url, body }, outcome };
  const isShort = JSON.stringify(kept).length <= EXCHANGE_CHARACTERS;
  const exchange: Exchange = { since, at, kept: isShort ? kept : null };
  return { ...turn, exchanges: [...exchanges, exchange] };
}
