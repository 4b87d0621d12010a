/** The life of a broadcast; moments in milliseconds since 1970. */
export type BroadcastStatus =
  | { readonly status: "draft" }
  | { readonly status: "scheduled"; readonly at: number }
  | { readonly status: "running"; readonly since: number }
  | { readonly status: "paused"; readonly since: number }
  /** What was on its way is being counted; nobody else is texted. */
  | { readonly status: "cancelled"; readonly at: number }
  /** Everybody has been texted, or is counted as skipped; reports on deliveries still come. */
  | { readonly status: "done"; readonly at: number };

/** What an operator can do with it. */
export type BroadcastCommand =
  | { readonly kind: "start" /** Null: at once. */; readonly at: number | null }
  | { readonly kind: "pause" | "resume" | "cancel" };

/**
 * @param isWaitedFor a notice of it waits for somebody at their Sender
 * @returns its life after an order, the same one where it is so already, or a sentence that says why it cannot be
 */
export function applyCommand(
  life: BroadcastStatus,
  order: BroadcastCommand,
  isWaitedFor: boolean,
  now: number,
): BroadcastStatus | string {
  switch (order.kind) {
    case "start":
      return startBroadcast(life, order.at, now);
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
      return (life.status === "done" && !isWaitedFor) || life.status === "draft"
        ? explainRefusal(life, "be cancelled", "scheduled, running or paused")
        : { status: "cancelled", at: now };
  }
}

function startBroadcast(life: BroadcastStatus, at: number | null, now: number): BroadcastStatus | string {
  if (life.status === "running" && at === null) return life;
  if (!isEditable(life)) return explainRefusal(life, "be started", "a draft, or scheduled");
  return at === null || at <= now ? { status: "running", since: now } : { status: "scheduled", at };
}

function explainRefusal({ status }: BroadcastStatus, what: string, when: string): string {
  return `It is ${status === "draft" ? "a draft" : status}, and can ${what} only while it is ${when}.`;
}

/** What it says may still be changed: nobody has got it. */
export function isEditable({ status }: BroadcastStatus): boolean {
  return status === "draft" || status === "scheduled";
}

/** Nobody will be texted any more. */
export function isEnded({ status }: BroadcastStatus): boolean {
  return status === "cancelled" || status === "done";
}
