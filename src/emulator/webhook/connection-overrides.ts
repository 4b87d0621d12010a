/** A kind of failure that may be retried: HTTP 4xx, HTTP 5xx, connection timeout, read timeout. */
export type RetryReason = "4xx" | "5xx" | "ct" | "rt";

/** Timeouts in milliseconds and retries of a webhook, from the fragment of its URL. */
export interface ConnectionOverrides {
  readonly connectMs: number;
  readonly readMs: number;
  readonly totalMs: number;
  readonly retries: number;
  readonly retryOn: ReadonlySet<RetryReason>;
}

const REASONS = ["4xx", "5xx", "ct", "rt"] as const satisfies readonly RetryReason[];

/**
 * Splits a configured webhook URL into the URL that is requested and signed, and the connection overrides, which never
 * leave Twilio. Values out of range are clamped; unknown ones are ignored.
 */
export function parseOverrides(configured: string): { readonly url: string; readonly overrides: ConnectionOverrides } {
  const [url, fragment] = splitOnce(configured, "#");
  const settings = new Map(fragment.split("&").map((pair) => splitOnce(pair, "=")));
  return {
    url,
    overrides: {
      connectMs: parseBounded(settings.get("ct"), 100, 10_000, 5_000),
      readMs: parseBounded(settings.get("rt"), 100, 15_000, 15_000),
      totalMs: parseBounded(settings.get("tt"), 100, 15_000, 15_000),
      retries: parseBounded(settings.get("rc"), 0, 5, 1),
      retryOn: parseRetryPolicy(settings.get("rp")),
    },
  };
}

function parseBounded(input: string | undefined, minimum: number, maximum: number, defaultValue: number): number {
  if (input === undefined || !/^\d{1,9}$/u.test(input)) return defaultValue;
  return Math.min(Math.max(Number(input), minimum), maximum);
}

function parseRetryPolicy(input: string | undefined): ReadonlySet<RetryReason> {
  const words = input?.split(",") ?? [];
  if (words.includes("all")) return new Set(REASONS);
  const reasons = REASONS.filter((reason) => words.includes(reason));
  return new Set(reasons.length === 0 ? ["ct"] : reasons);
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const index = text.indexOf(separator);
  return index === -1 ? [text, ""] : [text.slice(0, index), text.slice(index + separator.length)];
}
