/** What a log line may say. No body, phone number, token or key ever belongs here. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Writes one structured line; Workers Logs indexes its fields. */
export function logEvent(level: "info" | "warn" | "error", event: string, fields: LogFields = {}): void {
  // oxlint-disable-next-line no-console -- the one place that writes to the log
  console[level](JSON.stringify({ event, ...fields }));
}
