import type { RequestOutcome } from "../../contract/assistant.ts";
import { isRecord, type JsonValue } from "../../core/json.ts";
import { toText } from "./activity.ts";

/** Explanations of Direct Line's HTTP statuses, for operators. */
const MEANINGS: Readonly<Record<number, string>> = {
  400: "it did not understand the request",
  401: "it refused the key or token",
  403: "it refused the key or token, or the bot belongs to another region",
  404: "the conversation does not exist, or the URL is wrong",
  409: "the request conflicts with another one",
  410: "the conversation has ended",
  429: "it received too many requests",
  500: "Direct Line itself failed",
  502: "the bot behind it failed or cannot be reached",
  503: "Direct Line is not available",
  504: "the bot behind it took too long",
};

/** @returns the meaning of an error response, as a clause for the transcript */
export function explainStatus(status: number, json: JsonValue): string {
  const code = findErrorCode(json);
  const name = code === null ? `HTTP ${status}` : `HTTP ${status}, ${code}`;
  const meaning = MEANINGS[status];
  return meaning === undefined ? `it answered with ${name}` : `${meaning} (${name})`;
}

/**
 * Reads the error code, which is one of Direct Line's own. The error's message may contain anything and is not used.
 */
function findErrorCode(json: JsonValue): string | null {
  const error = isRecord(json) ? json["error"] : null;
  const code = isRecord(error) ? toText(error["code"]) : null;
  return code !== null && /^\w{1,40}$/u.test(code) ? code : null;
}

/** @returns why a conversation, or a token for one, could not be obtained, as a sentence; null if it could */
export function judgeProbe(outcome: RequestOutcome, expected: "conversation" | "token"): string | null {
  const summary = expected === "token" ? "No token could be obtained" : "No conversation could be started";
  if (outcome.kind === "failed") return `${summary}: ${outcome.reason}.`;
  const { status, json } = outcome;
  if (status < 200 || status > 299) return `${summary}: ${explainStatus(status, json)}.`;
  const field = expected === "token" ? "token" : "conversationId";
  if (isRecord(json) && toText(json[field]) !== null) return null;
  return `${summary}: the answer has no \`${field}\`; is the URL that of a Direct Line 3.0 service?`;
}
