import type { RequestOutcome } from "../../contract/assistant.ts";
import { isRecord, type JsonValue } from "../../core/json.ts";
import { toText } from "./activity.ts";

/** What Direct Line's statuses mean, for an operator. */
const MEANINGS: Readonly<Record<number, string>> = {
  400: "it did not understand the request",
  401: "it wants a key or a token, and took none of ours",
  403: "it refused the key or the token, or the bot is one of another region",
  404: "it knows no such conversation, or nothing is at the URL",
  409: "it is in conflict with another request",
  410: "the conversation is over",
  429: "it was asked too often",
  500: "Direct Line itself failed",
  502: "the bot behind it failed, or cannot be reached",
  503: "Direct Line is not available now",
  504: "the bot behind it took too long",
};

/** @returns what an answer that is no success means, a clause for the journal */
export function explainStatus(status: number, json: JsonValue): string {
  const code = findErrorCode(json);
  const name = code === null ? `HTTP ${status}` : `HTTP ${status}, ${code}`;
  const meaning = MEANINGS[status];
  return meaning === undefined ? `it answered with ${name}` : `${meaning} (${name})`;
}

/** The code of an error is one of Direct Line's own words; its message may be anything. */
function findErrorCode(json: JsonValue): string | null {
  const error = isRecord(json) ? json["error"] : null;
  const code = isRecord(error) ? toText(error["code"]) : null;
  return code !== null && /^\w{1,40}$/u.test(code) ? code : null;
}

/** @returns what is wrong with a place where a conversation, or a token for one, could not be had; a sentence, or null where it could */
export function judgeProbe(outcome: RequestOutcome, expected: "conversation" | "token"): string | null {
  const summary = expected === "token" ? "No token could be had" : "No conversation could be begun";
  if (outcome.kind === "failed") return `${summary}: ${outcome.reason}.`;
  const { status, json } = outcome;
  if (status < 200 || status > 299) return `${summary}: ${explainStatus(status, json)}.`;
  const field = expected === "token" ? "token" : "conversationId";
  if (isRecord(json) && toText(json[field]) !== null) return null;
  return `${summary}: the answer has no \`${field}\`; is the URL that of a Direct Line 3.0 service?`;
}
