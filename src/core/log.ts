/** Fields of a log line. Never log a body, phone number, token or key. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Writes one structured line; Workers Logs indexes its fields. */
export function logEvent(level: "info" | "warn" | "error", event: string, fields: LogFields = {}): void {
  // oxlint-disable-next-line no-console -- the one place that writes to the log
  console[level](JSON.stringify({ event, ...fields }));
}
