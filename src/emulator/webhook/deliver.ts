import { randomUUID } from "node:crypto";
import { fail, type Result, succeed } from "../../core/result.ts";
import type { WebhookAttempt } from "../contract.ts";
import { asSeen } from "../faults/webhook.ts";
import { ANSWER_SHOWN_CHARACTERS } from "../limits.ts";
import type { Failure } from "../model.ts";
import type { World } from "../world.ts";
import { type Attempt, attempt } from "./attempt.ts";
import type { Incoming } from "./exchange.ts";
import type { Hook } from "./hook.ts";
import { type Overrides, parseOverrides, type RetryReason } from "./overrides.ts";

/** An answer that could be used, and the URL that gave it. */
export interface Answer<Value> {
  readonly value: Value;
  readonly url: string;
}

/**
 * Calls a webhook until it answers or its retries are used up, and records every attempt.
 * @param read makes sense of an answer of HTTP 2xx; where it cannot, the webhook has failed
 * @returns what the answer says, or Twilio's error; null where the emulator was reset or stopped in between
 */
export function deliver<Value>(
  world: World,
  hook: Hook,
  read: (incoming: Incoming) => Result<Value, Failure>,
): Promise<Result<Answer<Value>, Failure> | null> {
  const { ending } = world;
  return world.lane.run(async () => (ending.aborted ? null : deliverNow(world, ending, hook, read)));
}

async function deliverNow<Value>(
  world: World,
  ending: AbortSignal,
  hook: Hook,
  read: (incoming: Incoming) => Result<Value, Failure>,
): Promise<Result<Answer<Value>, Failure> | null> {
  const { url, overrides } = parseOverrides(hook.url);
  const call = { ...hook, url, idempotencyToken: randomUUID() };
  const deadline = world.now() + overrides.totalMs;
  for (let number = 1; ; number += 1) {
    const at = world.now();
    const outcome = asSeen(world, hook, await attempt(call, patienceUntil(deadline - at, overrides), ending));
    if (ending.aborted) return null;
    const result = outcome.ok ? read(outcome.incoming) : fail(outcome.failure);
    world.store.addAttempt(record(hook, { at, number, milliseconds: world.now() - at }, outcome, result));
    if (outcome.ok) return result.ok ? succeed({ value: result.value, url: outcome.url }) : result;
    const again = number <= overrides.retries && world.now() < deadline && isWorthRetrying(outcome.reason, overrides);
    if (!again) return fail(outcome.failure);
  }
}

/** What is left of the total time limits each attempt. */
function patienceUntil(leftMs: number, { connectMs, readMs }: Overrides): { connectMs: number; readMs: number } {
  const left = Math.max(leftMs, 1);
  return { connectMs: Math.min(connectMs, left), readMs: Math.min(readMs, left) };
}

function isWorthRetrying(reason: RetryReason | null, { retryOn }: Overrides): boolean {
  return reason !== null && retryOn.has(reason);
}

function record(
  hook: Hook,
  when: { readonly at: number; readonly number: number; readonly milliseconds: number },
  outcome: Attempt,
  result: Result<unknown, Failure>,
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
