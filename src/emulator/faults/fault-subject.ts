import type { MessageRecord } from "../state/records.ts";

/** What a message is about, the same in every run: its SID is not. */
export function toFaultSubject({ to, from, body }: MessageRecord): string {
  return `${to} ${from} ${body}`;
}
