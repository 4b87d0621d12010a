import type { MessageRecord } from "../state/records.ts";

/** Describes a message by fields that are the same in every run, unlike its SID. */
export function toFaultSubject({ to, from, body }: MessageRecord): string {
  return `${to} ${from} ${body}`;
}
