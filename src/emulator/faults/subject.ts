import type { Message } from "../model.ts";

/** What a message is about, the same in every run: its SID is not. */
export function subjectOf({ to, from, body }: Message): string {
  return `${to} ${from} ${body}`;
}
