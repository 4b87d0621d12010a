import type { RequestOutcome } from "../../contract/assistant.ts";
import { LOGGED_REQUEST_CHARACTERS, LOGGED_REQUESTS_PER_TURN } from "../../core/limits/sender.ts";
import type { Conversation, LoggedRequest, Turn, Wait } from "../model/state.ts";

/** Logs the request in the turn, if its conversation has just begun to wait for one. */
export function logRequestStart(turn: Turn, before: Conversation | undefined, after: Conversation): Turn {
  const { exchanges = [] } = turn;
  const wait = findRequestWait(after);
  if (wait === null || wait.id === findRequestWait(before)?.id || exchanges.length >= LOGGED_REQUESTS_PER_TURN)
    return turn;
  const { method, url, body, confidential } = wait.request;
  if (confidential) return turn;
  const exchange: LoggedRequest = { since: wait.since, request: omitIfTooLong({ method, url, body }), end: null };
  return { ...turn, exchanges: [...exchanges, exchange] };
}

/** Logs how the last request of the turn ended. */
export function logRequestEnd(turn: Turn, outcome: RequestOutcome, at: number): Turn {
  const { exchanges = [] } = turn;
  const last = exchanges.at(-1);
  if (last === undefined || last.end !== null) return turn;
  return { ...turn, exchanges: [...exchanges.slice(0, -1), { ...last, end: { at, outcome: omitIfTooLong(outcome) } }] };
}

function findRequestWait(conversation: Conversation | undefined): Extract<Wait, { kind: "request" }> | null {
  return conversation?.status === "open" && conversation.rest.kind === "request" ? conversation.rest : null;
}

function omitIfTooLong<Value>(value: Value): Value | null {
  return JSON.stringify(value).length <= LOGGED_REQUEST_CHARACTERS ? value : null;
}
