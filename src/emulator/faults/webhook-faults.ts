import type { EmulatorContext } from "../context.ts";
import { isFinalStatus } from "../state/message-lifecycle.ts";
import type { MessageRecord } from "../state/records.ts";
import type { AttemptOutcome } from "../webhook/attempt.ts";
import type { PendingWebhook } from "../webhook/pending-webhook.ts";
import { createWebhookError } from "../webhook/webhook-errors.ts";
import {
  isAnswerLost,
  isOrderReversed,
  pickCallbackCopies,
  pickWebhookArrival,
  type WebhookArrival,
} from "./fault-picks.ts";
import { toFaultSubject } from "./fault-subject.ts";

const IMMEDIATE_ARRIVAL: WebhookArrival = { delayMs: 0, copies: 1, concurrent: false, spreadMs: 0 };

/**
 * Calls the webhook of an inbound text as often and as late as the plan says. Resolves after the first delivery; if
 * all are made at once, after all of them.
 * @param call calls the webhook once, with retries and fallback
 */
export async function deliverCopies(
  context: EmulatorContext,
  message: MessageRecord,
  call: () => Promise<void>,
): Promise<void> {
  const plan = context.faults.decideFault(`text ${toFaultSubject(message)}`, pickWebhookArrival, IMMEDIATE_ARRIVAL);
  const { abortSignal } = context;
  if (plan.delayMs > 0) {
    context.faults.countFault("webhook.late");
    await context.faults.trackPending(context.pause(plan.delayMs));
  }
  if (abortSignal.aborted) return;
  if (plan.copies > 1) context.faults.countFault("webhook.repeat", plan.copies - 1);
  if (plan.concurrent) await Promise.all(Array.from({ length: plan.copies }, call));
  else {
    await call();
    void context.faults.trackPending(callLaterCopies(context, abortSignal, plan, call));
  }
}

async function callLaterCopies(
  context: EmulatorContext,
  abortSignal: AbortSignal,
  plan: WebhookArrival,
  call: () => Promise<void>,
): Promise<void> {
  for (let copy = 2; copy <= plan.copies; copy += 1) {
    await context.pause(plan.spreadMs);
    if (abortSignal.aborted) return;
    await call();
  }
}

/** @returns the attempt as Twilio sees it: failed if the plan loses its response */
export function applyAnswerLoss(
  context: EmulatorContext,
  { kind, messageSid }: PendingWebhook,
  attempt: AttemptOutcome,
): AttemptOutcome {
  const message = context.store.findMessage(messageSid);
  if (!attempt.ok || kind === "status" || message === undefined) return attempt;
  if (!context.faults.decideFault(`answer ${toFaultSubject(message)}`, isAnswerLost, false)) return attempt;
  context.faults.countFault("webhook.lost");
  return { ok: false, incoming: null, failure: createWebhookError(11200, "the response was lost"), reason: "rt" };
}

/**
 * Posts a message's status callback as often as the plan says, and holds `sent` back if the plan reverses the order.
 * @param post posts the callback once
 */
export async function reportStatus(
  context: EmulatorContext,
  message: MessageRecord,
  post: () => Promise<void>,
): Promise<void> {
  const { faults } = context;
  const { sid, state } = message;
  const subject = `callback ${state.status} ${toFaultSubject(message)}`;
  const copies = faults.decideFault(subject, pickCallbackCopies, 1);
  if (copies === 0) faults.countFault("callback.missing");
  if (copies === 2) faults.countFault("callback.doubled");
  const postCopies = async (): Promise<void> => {
    await Promise.all(Array.from({ length: copies }, post));
    faults.notifyCallback(sid);
  };
  if (!isFinalStatus(state.status) && faults.decideFault(`order ${subject}`, isOrderReversed, false)) {
    faults.countFault("callback.reversed");
    faults.holdCallback(sid, postCopies);
    return;
  }
  await postCopies();
  if (isFinalStatus(state.status)) await faults.releaseCallback(sid)?.();
}
