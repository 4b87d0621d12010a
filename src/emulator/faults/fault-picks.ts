import type { FaultPlan } from "./fault-plan.ts";

/** Draws a number from 0 to 1 for a fault of the thing in question. */
export type FaultDraw = (fault: string) => number;

/** What befalls a request to create a message. */
export type CreateFault =
  | { readonly kind: "none" }
  | { readonly kind: "busy" | "busyRetryAfter"; readonly retryAfterSeconds: number | null }
  | { readonly kind: "errorBefore" | "errorAfter"; readonly status: 500 | 502 | 503 | 504 }
  | { readonly kind: "resetBefore" | "resetAfter" }
  | { readonly kind: "slow"; readonly milliseconds: number };

const KINDS = ["busy", "busyRetryAfter", "errorBefore", "errorAfter", "resetBefore", "resetAfter", "slow"] as const;

/** One draw decides, so that at most one fault befalls a request. */
export function pickCreateFault({ create }: FaultPlan, draw: FaultDraw): CreateFault {
  let left = draw("create");
  const kind = KINDS.find((name) => {
    left -= create[name];
    return left < 0;
  });
  switch (kind) {
    case undefined:
      return { kind: "none" };
    case "busy":
      return { kind, retryAfterSeconds: null };
    case "busyRetryAfter":
      return { kind, retryAfterSeconds: create.retryAfterSeconds };
    case "errorBefore":
    case "errorAfter":
      return { kind, status: pickErrorStatus(draw) };
    case "resetBefore":
    case "resetAfter":
      return { kind };
    case "slow":
      return { kind, milliseconds: create.slowMs };
  }
}

/** @returns the HTTP status that a list fails with, or null */
export function pickListStatus({ list }: FaultPlan, draw: FaultDraw): 500 | 502 | 503 | 504 | null {
  return draw("list") < list.error ? pickErrorStatus(draw) : null;
}

function pickErrorStatus(draw: FaultDraw): 500 | 502 | 503 | 504 {
  return ([500, 502, 503, 504] as const)[Math.floor(draw("status") * 4)] ?? 500;
}

/** @returns for how long lists do not show a message after it was taken */
export function pickListLag({ list }: FaultPlan, draw: FaultDraw): number {
  return draw("lag") < list.lag ? list.lagMs : 0;
}

/** How a person's text reaches its webhook. */
export interface WebhookArrival {
  readonly delayMs: number;
  readonly copies: number;
  readonly concurrent: boolean;
  readonly spreadMs: number;
}

export function pickWebhookArrival({ webhook }: FaultPlan, draw: FaultDraw): WebhookArrival {
  return {
    delayMs: draw("late") < webhook.late ? webhook.lateMs : 0,
    copies: draw("repeat") < webhook.repeat ? webhook.copies : 1,
    concurrent: draw("concurrent") < webhook.concurrent,
    spreadMs: webhook.spreadMs,
  };
}

/** Is the answer of one attempt lost? */
export function isAnswerLost({ webhook }: FaultPlan, draw: FaultDraw): boolean {
  return draw("lost") < webhook.lost;
}

/** Does a message's first callback come before its create is answered? */
export function isCallbackEarly({ callback }: FaultPlan, draw: FaultDraw): boolean {
  return draw("early") < callback.early;
}

/** Does the callback of `sent` come after the last one? */
export function isOrderReversed({ callback }: FaultPlan, draw: FaultDraw): boolean {
  return draw("reversed") < callback.reversed;
}

/** @returns how often one callback is posted */
export function pickCallbackCopies({ callback }: FaultPlan, draw: FaultDraw): 0 | 1 | 2 {
  if (draw("missing") < callback.missing) return 0;
  return draw("doubled") < callback.doubled ? 2 : 1;
}
