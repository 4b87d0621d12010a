/** The status of a broadcast. Times are milliseconds since 1970. */
export type BroadcastStatus =
  | { readonly status: "draft" }
  | { readonly status: "scheduled"; readonly at: number }
  | { readonly status: "running"; readonly since: number }
  | { readonly status: "paused"; readonly since: number }
  /** No further recipients are texted; texts in flight are still counted. */
  | { readonly status: "cancelled"; readonly at: number }
  /** All recipients have been texted or skipped; delivery reports may still arrive. */
  | { readonly status: "done"; readonly at: number };

/** A command of an operator on a broadcast. */
export type BroadcastCommand =
  | { readonly kind: "start" /** Null: at once. */; readonly at: number | null }
  | { readonly kind: "pause" | "resume" | "cancel" };

/**
 * Applies a command.
 * @param hasQueuedNotices whether notices of the broadcast are queued at Senders
 * @returns the new status; the same object if nothing changes; or a sentence that explains why the command is refused
 */
export function applyCommand(
  life: BroadcastStatus,
  command: BroadcastCommand,
  hasQueuedNotices: boolean,
  now: number,
): BroadcastStatus | string {
  switch (command.kind) {
    case "start":
      return startBroadcast(life, command.at, now);
    case "pause":
      if (life.status === "paused") return life;
      return life.status === "running"
        ? { status: "paused", since: now }
        : explainRefusal(life, "be paused", "running");
    case "resume":
      if (life.status === "running") return life;
      return life.status === "paused"
        ? { status: "running", since: now }
        : explainRefusal(life, "be resumed", "paused");
    case "cancel":
      if (life.status === "cancelled") return life;
      return (life.status === "done" && !hasQueuedNotices) || life.status === "draft"
        ? explainRefusal(life, "be cancelled", "scheduled, running or paused")
        : { status: "cancelled", at: now };
  }
}

function startBroadcast(life: BroadcastStatus, at: number | null, now: number): BroadcastStatus | string {
  if (life.status === "running" && at === null) return life;
  if (!isEditable(life)) return explainRefusal(life, "be started", "a draft or scheduled");
  return at === null || at <= now ? { status: "running", since: now } : { status: "scheduled", at };
}

function explainRefusal({ status }: BroadcastStatus, action: string, condition: string): string {
  return `The broadcast is ${status === "draft" ? "a draft" : status}; it can ${action} only while it is ${condition}.`;
}

/** @returns whether the content may still be changed, because no recipient has it yet */
export function isEditable({ status }: BroadcastStatus): boolean {
  return status === "draft" || status === "scheduled";
}

/** @returns whether no further recipients will be texted */
export function isEnded({ status }: BroadcastStatus): boolean {
  return status === "cancelled" || status === "done";
}
