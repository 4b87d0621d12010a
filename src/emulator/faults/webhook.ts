import { isFinal } from "../life.ts";
import type { Message } from "../model.ts";
import type { Attempt } from "../webhook/attempt.ts";
import { failure } from "../webhook/failures.ts";
import type { Hook } from "../webhook/hook.ts";
import type { World } from "../world.ts";
import { type Arrival, arrival, callbackCopies, isLost, isReversed } from "./decide.ts";
import { subjectOf } from "./subject.ts";

const AT_ONCE: Arrival = { delayMs: 0, copies: 1, concurrent: false, spreadMs: 0 };

/**
 * Calls a person's webhook as often, and as late, as the plan says.
 * @param call calls it once, with retries and fallback
 * @returns when the first delivery is over; where all come at once, when all are
 */
export async function deliverCopies(world: World, message: Message, call: () => Promise<void>): Promise<void> {
  const plan = world.faults.decide(`text ${subjectOf(message)}`, arrival, AT_ONCE);
  const { ending } = world;
  if (plan.delayMs > 0) {
    world.faults.count("webhook.late");
    await world.faults.pend(world.pause(plan.delayMs));
  }
  if (ending.aborted) return;
  if (plan.copies > 1) world.faults.count("webhook.repeat", plan.copies - 1);
  if (plan.concurrent) await Promise.all(Array.from({ length: plan.copies }, call));
  else {
    await call();
    void world.faults.pend(later(world, ending, plan, call));
  }
}

async function later(world: World, ending: AbortSignal, plan: Arrival, call: () => Promise<void>): Promise<void> {
  for (let copy = 2; copy <= plan.copies; copy += 1) {
    await world.pause(plan.spreadMs);
    if (ending.aborted) return;
    await call();
  }
}

/** @returns the attempt as Twilio sees it: an answer may have been lost on its way */
export function asSeen(world: World, { kind, messageSid }: Hook, attempt: Attempt): Attempt {
  const message = world.store.message(messageSid);
  if (!attempt.ok || kind === "status" || message === undefined) return attempt;
  if (!world.faults.decide(`answer ${subjectOf(message)}`, isLost, false)) return attempt;
  world.faults.count("webhook.lost");
  return { ok: false, incoming: null, failure: failure(11200, "the answer was lost"), reason: "rt" };
}

/**
 * Posts a message's status callback as often as the plan says, and `sent` after the last one where it says so.
 * @param post posts it once
 */
export async function reportStatus(world: World, message: Message, post: () => Promise<void>): Promise<void> {
  const { faults } = world;
  const { sid, state } = message;
  const subject = `callback ${state.status} ${subjectOf(message)}`;
  const copies = faults.decide(subject, callbackCopies, 1);
  if (copies === 0) faults.count("callback.missing");
  if (copies === 2) faults.count("callback.doubled");
  const go = async (): Promise<void> => {
    await Promise.all(Array.from({ length: copies }, post));
    faults.calledBack(sid);
  };
  if (!isFinal(state.status) && faults.decide(`order ${subject}`, isReversed, false)) {
    faults.count("callback.reversed");
    faults.hold(sid, go);
    return;
  }
  await go();
  if (isFinal(state.status)) await faults.release(sid)?.();
}
