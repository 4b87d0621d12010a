import type { FaultPlan } from "./fault-plan.ts";

/** Draws a number from 0 to 1 for a named fault of the present subject. */
export type FaultDraw = (fault: string) => number;

/** The fault of a request that creates a message. */
export type CreateFault =
  | { readonly kind: "none" }
  | { readonly kind: "busy" | "busyRetryAfter"; readonly retryAfterSeconds: number | null }
  | { readonly kind: "errorBefore" | "errorAfter"; readonly status: 500 | 502 | 503 | 504 }
  | { readonly kind: "resetBefore" | "resetAfter" }
  | { readonly kind: "slow"; readonly milliseconds: number };

const KINDS = ["busy", "busyRetryAfter", "errorBefore", "errorAfter", "resetBefore", "resetAfter", "slow"] as const;

/** Picks by a single draw, so that a request has at most one fault. */
export function pickCreateFault({ create }: FaultPlan, draw: FaultDraw): CreateFault {
  let remaining = draw("create");
  const kind = KINDS.find((name) => {
    remaining -= create[name];
    return remaining < 0;
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

/** @returns the HTTP status with which a list fails, or null */
export function pickListStatus({ list }: FaultPlan, draw: FaultDraw): 500 | 502 | 503 | 504 | null {
  return draw("list") < list.error ? pickErrorStatus(draw) : null;
}

function pickErrorStatus(draw: FaultDraw): 500 | 502 | 503 | 504 {
  return ([500, 502, 503, 504] as const)[Math.floor(draw("status") * 4)] ?? 500;
}

/** @returns how long lists omit a message after it was accepted, in milliseconds */
export function pickListLag({ list }: FaultPlan, draw: FaultDraw): number {
  return draw("lag") < list.lag ? list.lagMs : 0;
}

/** How an inbound text reaches its webhook. */
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

/** Tells whether the response of one webhook attempt is lost. */
export function isAnswerLost({ webhook }: FaultPlan, draw: FaultDraw): boolean {
  return draw("lost") < webhook.lost;
}

/** Tells whether a message's first callback is sent before its create request is answered. */
export function isCallbackEarly({ callback }: FaultPlan, draw: FaultDraw): boolean {
  return draw("early") < callback.early;
}

/** Tells whether the callback for `sent` is sent after the last one. */
export function isOrderReversed({ callback }: FaultPlan, draw: FaultDraw): boolean {
  return draw("reversed") < callback.reversed;
}

/** @returns how often a callback is posted */
export function pickCallbackCopies({ callback }: FaultPlan, draw: FaultDraw): 0 | 1 | 2 {
  if (draw("missing") < callback.missing) return 0;
  return draw("doubled") < callback.doubled ? 2 : 1;
}
