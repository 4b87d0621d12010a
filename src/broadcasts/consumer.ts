import { loadConfiguration, loadLatestConfiguration } from "../configuration/store.ts";
import { BATCH_STATUS_POLL_MILLISECONDS, RECIPIENTS_AT_ONCE } from "../core/limits/broadcasts.ts";
import { logEvent } from "../core/log.ts";
import type { PhoneNumber } from "../core/phone.ts";
import type { Notice } from "../notify/notice.ts";
import type { BatchMessage, ConsumerAssignment } from "./object.ts";
import type { RecipientOutcome } from "./outcome-book.ts";

/**
 * Texts the batches whose messages the Cloudflare queue delivers, all messages of a delivery at once. The queue
 * redelivers a message that fails, and the object gives its batch out again after a timeout.
 */
export async function sendBatches(messageBatch: MessageBatch, env: Env, ctx: ExecutionContext): Promise<void> {
  await Promise.all(
    messageBatch.messages.map(async (message) => {
      try {
        await sendBatch(message.body as BatchMessage, env, ctx);
        message.ack();
      } catch (error) {
        logEvent("error", "batch-failed", { error: error instanceof Error ? error.name : "unknown" });
        message.retry();
      }
    }),
  );
}

async function sendBatch(message: BatchMessage, env: Env, ctx: ExecutionContext): Promise<void> {
  const broadcasts = env.BROADCASTS.getByName(message.number);
  const assignment = await broadcasts.begin(message);
  if (assignment === null) return;
  const runInBackground = (task: Promise<unknown>) => ctx.waitUntil(task);
  // The list may be newer than this isolate's configuration. While D1 is unavailable, the cached one must do.
  const { revision } = await loadLatestConfiguration(env, runInBackground).catch(() =>
    loadConfiguration(env, runInBackground),
  );
  const { origin } = assignment;
  const notice = JSON.parse(assignment.notice) as Notice;
  const notifyRecipient = async (phone: PhoneNumber): Promise<RecipientOutcome> => {
    try {
      const report = await env.SENDER.getByName(phone).notify({ phone, notice, origin, revision });
      switch (report.outcome) {
        case "sent":
          return { kind: "sent", segments: report.segments };
        case "queued":
          return { kind: "queued" };
        case "refused":
          // A notice refused for a cap is not stored, so it can be retried when the caps reset.
          return report.until === undefined
            ? { kind: "refused", reason: report.reason }
            : { kind: "capped", until: report.until };
      }
    } catch (error) {
      return { kind: "failed", reason: error instanceof Error ? error.name : "unknown" };
    }
  };
  await broadcasts.end(message, [
    ...(await notifyRecipients(assignment, notifyRecipient, async () => await broadcasts.goesOn(message))),
  ]);
}

/**
 * Notifies one recipient after the other, each at its time, while `mayContinue` allows.
 * @returns the outcomes of those notified
 */
async function notifyRecipients(
  { phones, wait, every }: ConsumerAssignment,
  notifyRecipient: (phone: PhoneNumber) => Promise<RecipientOutcome>,
  mayContinue: () => Promise<boolean>,
): Promise<ReadonlyMap<PhoneNumber, RecipientOutcome>> {
  const outcomes = new Map<PhoneNumber, RecipientOutcome>();
  const inFlight = new Set<Promise<unknown>>();
  const start = Date.now() + wait;
  let checkedAt = Date.now();
  for (const [index, phone] of phones.entries()) {
    await scheduler.wait(Math.max(0, start + index * every - Date.now()));
    if (Date.now() - checkedAt >= BATCH_STATUS_POLL_MILLISECONDS) {
      if (!(await mayContinue())) break;
      checkedAt = Date.now();
    }
    if (inFlight.size >= RECIPIENTS_AT_ONCE) await Promise.race(inFlight);
    const pending = notifyRecipient(phone).then((outcome) => outcomes.set(phone, outcome));
    inFlight.add(pending);
    void pending.then(() => inFlight.delete(pending));
  }
  await Promise.all(inFlight);
  return outcomes;
}
