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

/** A parsed response, with the URL that it came from. */
export interface WebhookAnswer<Value> {
  readonly value: Value;
  readonly url: string;
}

/**
 * Calls a webhook until it responds or its retries are used up, and records each attempt.
 * @param parseResponse parses a response with HTTP 2xx; if this fails, the webhook has failed
 * @returns the parsed response or Twilio's error; null if the emulator was reset or stopped meanwhile
 */
export function deliverWebhook<Value>(
  context: EmulatorContext,
  hook: PendingWebhook,
  parseResponse: (incoming: IncomingResponse) => Result<Value, TwilioError>,
): Promise<Result<WebhookAnswer<Value>, TwilioError> | null> {
  const { abortSignal } = context;
  return context.webhookLimiter.run(async () =>
    abortSignal.aborted ? null : deliverWithRetries(context, abortSignal, hook, parseResponse),
  );
}

async function deliverWithRetries<Value>(
  context: EmulatorContext,
  abortSignal: AbortSignal,
  hook: PendingWebhook,
  parseResponse: (incoming: IncomingResponse) => Result<Value, TwilioError>,
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
    const result = outcome.ok ? parseResponse(outcome.incoming) : fail(outcome.failure);
    context.store.addAttempt(toWebhookAttempt(hook, { at, number, milliseconds: context.now() - at }, outcome, result));
    if (outcome.ok) return result.ok ? succeed({ value: result.value, url: outcome.url }) : result;
    const shouldRetry =
      number <= overrides.retries && context.now() < deadline && isWorthRetrying(outcome.reason, overrides);
    if (!shouldRetry) return fail(outcome.failure);
  }
}

/** Limits an attempt's timeouts to the time that is left for all attempts. */
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
  timing: { readonly at: number; readonly number: number; readonly milliseconds: number },
  outcome: AttemptOutcome,
  result: Result<unknown, TwilioError>,
): Omit<WebhookAttempt, "id"> {
  return {
    at: timing.at,
    kind: hook.kind,
    messageSid: hook.messageSid,
    url: hook.url,
    attempt: timing.number,
    status: outcome.incoming?.status ?? null,
    error: result.ok ? null : result.failure,
    milliseconds: timing.milliseconds,
    answer: (outcome.incoming?.body ?? "").slice(0, ANSWER_SHOWN_CHARACTERS),
  };
}
