/** Which failures are worth another attempt: HTTP 4xx, HTTP 5xx, no connection, no answer in time. */
export type RetryReason = "4xx" | "5xx" | "ct" | "rt";

/** How a webhook is connected to, from the fragment of its URL (TWILIO.md 2.3). Times in milliseconds. */
export interface ConnectionOverrides {
  readonly connectMs: number;
  readonly readMs: number;
  readonly totalMs: number;
  readonly retries: number;
  readonly retryOn: ReadonlySet<RetryReason>;
}

const REASONS = ["4xx", "5xx", "ct", "rt"] as const satisfies readonly RetryReason[];

/**
 * Takes a webhook's URL as configured apart: what is requested and signed, and the connection overrides, which never leave
 * Twilio. Values out of range are taken to the next one in it; what is not understood is ignored.
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

function parseBounded(written: string | undefined, least: number, most: number, otherwise: number): number {
  if (written === undefined || !/^\d{1,9}$/u.test(written)) return otherwise;
  return Math.min(Math.max(Number(written), least), most);
}

function parseRetryPolicy(written: string | undefined): ReadonlySet<RetryReason> {
  const words = written?.split(",") ?? [];
  if (words.includes("all")) return new Set(REASONS);
  const known = REASONS.filter((reason) => words.includes(reason));
  return new Set(known.length === 0 ? ["ct"] : known);
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}
