import type { JsonValue } from "../core/json.ts";

export type OutboundAnswer =
  | { readonly kind: "answered"; readonly status: number; readonly content: AnswerContent }
  | { readonly kind: "failed"; readonly reason: OutboundFailure; readonly where: string };

export type AnswerContent =
  | { readonly kind: "json"; readonly value: JsonValue }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "empty" };

/** `secret`: a secret that the request names does not exist or does not fit into a header. */
export type OutboundFailure =
  | "timeout"
  | "connection"
  | "too large"
  | "not allowed"
  | "too many redirects"
  | "not JSON"
  | "secret";

/**
 * Parses a response body. If JSON is expected, a success must be JSON or empty; an error may contain anything.
 * @returns null if JSON was expected and something else came
 */
export function parseContent(text: string, status: number, expect: "json" | "text"): AnswerContent | null {
  if (text.trim() === "") return { kind: "empty" };
  if (expect === "text") return { kind: "text", text };
  try {
    return { kind: "json", value: JSON.parse(text) as JsonValue };
  } catch {
    return status >= 200 && status < 300 ? null : { kind: "text", text };
  }
}

/** Whether the failure may pass by itself, so that a retry is worthwhile. */
export function isTransientFailure(answer: OutboundAnswer): boolean {
  if (answer.kind === "answered") return [500, 502, 503, 504].includes(answer.status);
  return answer.reason === "timeout" || answer.reason === "connection";
}
