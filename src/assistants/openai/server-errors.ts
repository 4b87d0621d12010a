import type { RequestOutcome } from "../../contract/assistant.ts";
import { isRecord, type JsonValue } from "../../core/json.ts";
import { parseCompletion } from "./completion.ts";
import type { OpenaiSettings } from "./settings.ts";

/** The cause of an error response, with regard to what can be repaired. */
export type ServerErrorKind =
  /** The server uses the other name of the token limit. */
  | "limit-name"
  /** The conversation exceeds the model's context. */
  | "too-long"
  /** Possibly a picture that the server cannot fetch or the model cannot see. */
  | "pictures"
  /** The provider's content filter withholds the answer. */
  | "filtered"
  | "other";

/** @returns possible causes, in the order in which repairs should be tried */
export function classifyError(status: number, json: JsonValue): readonly ServerErrorKind[] {
  const { code, words } = parseErrorBody(json);
  if (status !== 400 && status !== 413 && status !== 422) return ["other"];
  if (code === "content_filter" || code === "content_policy_violation") return ["filtered"];
  if (/context.?(?:length|window|size)/u.test(words) || status === 413) return ["too-long", "pictures"];
  if (/max_(?:completion_)?tokens/u.test(words)) return isTooLong(words) ? ["other"] : ["limit-name"];
  return isTooLong(words) ? ["too-long", "pictures"] : ["pictures"];
}

function isTooLong(words: string): boolean {
  return /too (?:long|large|many|big)|at most|less than|exceed/u.test(words);
}

interface ErrorBody {
  /** In lower case; empty if there is none. */
  readonly code: string;
  /** All texts of the error in lower case, to search for words. Never shown, because it may quote a key or a text. */
  readonly words: string;
}

/** Reads an error in OpenAI's format, without its envelope, or as plain text. */
function parseErrorBody(json: JsonValue): ErrorBody {
  const unwrapped: unknown = isRecord(json) ? (json["error"] ?? json) : json;
  const body = isRecord(unwrapped) ? unwrapped : { message: unwrapped };
  const words = ["code", "type", "param", "message", "detail"].map((field) => toLowerText(body[field]));
  return { code: words[0] ?? "", words: words.join(" ") };
}

function toLowerText(value: unknown): string {
  return typeof value === "string" ? value.toLowerCase() : "";
}

/** Fields that servers name in their errors. */
const FIELDS = ["temperature", "max_completion_tokens", "max_tokens", "tools", "tool_choice", "image", "model"];

/** @returns the problem as a clause, for the transcript and for the operator */
export function describeError(status: number, json: JsonValue, { model }: Pick<OpenaiSettings, "model">): string {
  const { words } = parseErrorBody(json);
  const httpStatus = `(HTTP ${status})`;
  switch (status) {
    case 401:
      return `it refused the key ${httpStatus}`;
    case 403:
      return `the key may not use this model, or not from here ${httpStatus}`;
    case 404:
      return /\bmodel/u.test(words)
        ? `it does not know the model "${model}" ${httpStatus}`
        : `there are no chat completions at this URL ${httpStatus}`;
    case 429:
      return hasNoCredit(words)
        ? `the account has no credit left ${httpStatus}`
        : `it received too many requests ${httpStatus}`;
    case 400:
    case 413:
    case 422: {
      const field = FIELDS.find((each) => words.includes(each));
      return `it refused the request${field === undefined ? "" : ` because of "${field}"`} ${httpStatus}`;
    }
    default:
      return `it answered with HTTP ${status}`;
  }
}

function hasNoCredit(words: string): boolean {
  return /insufficient_quota|billing|credit|exceeded your current quota/u.test(words);
}

/** @returns the problem with the settings as a sentence; null if they work */
export function judgeProbe(outcome: RequestOutcome, settings: Pick<OpenaiSettings, "model">): string | null {
  if (outcome.kind === "failed") return `The model could not be reached: ${outcome.reason}.`;
  const { status, json } = outcome;
  if (status >= 200 && status <= 299)
    return parseCompletion(json) === null
      ? "The response is not a chat completion: `url` must be the base of such an API, such as https://api.openai.com/v1."
      : null;
  // A rate limit passes, and the name of the limit is repaired when a text arrives.
  const isTransient = status === 429 && !hasNoCredit(parseErrorBody(json).words);
  if (isTransient || classifyError(status, json).includes("limit-name")) return null;
  return `The model did not answer: ${describeError(status, json, settings)}.${ADVICE[status] ?? ""}`;
}

const ADVICE: Readonly<Record<number, string>> = {
  401: " Is the secret that `apikey` names the right one, for this server?",
  404: " `url` is the base of the API, such as https://api.openai.com/v1, and `model` a name that the server lists.",
};
