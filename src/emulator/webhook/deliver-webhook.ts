import { randomUUID } from "node:crypto";
import { fail, type Result, succeed } from "../../core/result.ts";
import type { EmulatorContext } from "../context.ts";
import type { WebhookAttempt } from "../contract.ts";
import { applyAnswerLoss } from "../faults/webhook-faults.ts";
import { ANSWER_SHOWN_CHARACTERS } from "../limits.ts";
import type { TwilioError } from "../state/records.ts";
import { type AttemptOutcome, attemptCall } from "./attempt.ts";
import { type ConnectionOverrides, parseOverrides, type RetryReason } from "./connection-overrides.ts";
import type { IncomingResponse } from "./http-exchange.ts";
import type { PendingWebhook } from "./pending-webhook.ts";

/** An answer that could be used, and the URL that gave it. */
export interface WebhookAnswer<Value> {
  readonly value: Value;
  readonly url: string;
}

/**
 * Calls a webhook until it answers or its retries are used up, and records every attempt.
 * @param read makes sense of an answer of HTTP 2xx; where it cannot, the webhook has failed
 * @returns what the answer says, or Twilio's error; null where the emulator was reset or stopped in between
 */
export function deliverWebhook<Value>(
  context: EmulatorContext,
  hook: PendingWebhook,
  read: (incoming: IncomingResponse) => Result<Value, TwilioError>,
): Promise<Result<WebhookAnswer<Value>, TwilioError> | null> {
  const { abortSignal } = context;
  return context.webhookLimiter.run(async () =>
    abortSignal.aborted ? null : deliverWithRetries(context, abortSignal, hook, read),
  );
}

async function deliverWithRetries<Value>(
  context: EmulatorContext,
  abortSignal: AbortSignal,
  hook: PendingWebhook,
  read: (incoming: IncomingResponse) => Result<Value, TwilioError>,
): Promise<Result<WebhookAnswer<Value>, TwilioError> | null> {
  const { url, overrides } = parseOverrides(hook.url);
  const call = { ...hook, url, idempotencyToken: randomUUID() };
  const deadline = context.now() + overrides.totalMs;
  for (let number = 1; ; number += 1) {
    const at = context.now();
    const outcome = applyAnswerLoss(
      context,
      hook,
      await attemptCall(call, limitTimeouts(deadline - at, overrides), abortSignal),
    );
    if (abortSignal.aborted) return null;
    const result = outcome.ok ? read(outcome.incoming) : fail(outcome.failure);
    context.store.addAttempt(toWebhookAttempt(hook, { at, number, milliseconds: context.now() - at }, outcome, result));
    if (outcome.ok) return result.ok ? succeed({ value: result.value, url: outcome.url }) : result;
    const again = number <= overrides.retries && context.now() < deadline && isWorthRetrying(outcome.reason, overrides);
    if (!again) return fail(outcome.failure);
  }
}

/** What is left of the total time limits each attempt. */
function limitTimeouts(
  leftMs: number,
  { connectMs, readMs }: ConnectionOverrides,
): { connectMs: number; readMs: number } {
  const left = Math.max(leftMs, 1);
  return { connectMs: Math.min(connectMs, left), readMs: Math.min(readMs, left) };
}

function isWorthRetrying(reason: RetryReason | null, { retryOn }: ConnectionOverrides): boolean {
  return reason !== null && retryOn.has(reason);
}

function toWebhookAttempt(
  hook: PendingWebhook,
  when: { readonly at: number; readonly number: number; readonly milliseconds: number },
  outcome: AttemptOutcome,
  result: Result<unknown, TwilioError>,
): Omit<WebhookAttempt, "id"> {
  return {
    at: when.at,
    kind: hook.kind,
    messageSid: hook.messageSid,
    url: hook.url,
    attempt: when.number,
    status: outcome.incoming?.status ?? null,
    error: result.ok ? null : result.failure,
    milliseconds: when.milliseconds,
    answer: (outcome.incoming?.body ?? "").slice(0, ANSWER_SHOWN_CHARACTERS),
  };
}
