import type { NoticeRefusal } from "../../notify/notice.ts";
import type { Message } from "./transcript.ts";

/** The state of a notice, for the notification or broadcast that sent it. */
export type NoticeReport =
  /** `messages` are those of the notice and of the topic that it began. */
  | {
      readonly outcome: "sent";
      readonly at: number;
      readonly messages: readonly NoticeMessage[];
      /** Of all messages; an MMS counts as one. */
      readonly segments: number;
    }
  | { readonly outcome: "queued"; readonly until: number }
  /**
   * `capped` is not stored: the next request decides anew. Only `capped` has `until`, when the caps start anew;
   * milliseconds since 1970.
   */
  | { readonly outcome: "refused"; readonly reason: NoticeRefusal; readonly until?: number };

/** The report on a notice that this contact never got. */
export const UNKNOWN_NOTICE: NoticeReport = { outcome: "refused", reason: "no-answer" };

export type NoticeMessage = Pick<Message, "id" | "status" | "sid" | "error" | "at">;
