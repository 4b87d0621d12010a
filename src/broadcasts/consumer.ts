import { loadConfiguration, loadLatestConfiguration } from "../configuration/store.ts";
import { BATCH_STATUS_POLL_MILLISECONDS, RECIPIENTS_AT_ONCE } from "../core/limits/broadcasts.ts";
import { logEvent } from "../core/log.ts";
import type { PhoneNumber } from "../core/phone.ts";
import type { Notice } from "../notify/notice.ts";
import type { BatchMessage, ConsumerAssignment } from "./object.ts";
import type { RecipientOutcome } from "./outcome-book.ts";

/** Texts the lots that the queue brings, all of a batch at once. What fails is brought again by the queue, or given out anew. */
export async function sendBatches(batch: MessageBatch, env: Env, ctx: ExecutionContext): Promise<void> {
  await Promise.all(
    batch.messages.map(async (message) => {
      try {
        await sendBatch(message.body as BatchMessage, env, ctx);
        message.ack();
      } catch (error) {
        logEvent("error", "lot-failed", { error: error instanceof Error ? error.name : "unknown" });
        message.retry();
      }
    }),
  );
}

async function sendBatch(name: BatchMessage, env: Env, ctx: ExecutionContext): Promise<void> {
  const broadcasts = env.BROADCASTS.getByName(name.number);
  const work = await broadcasts.begin(name);
  if (work === null) return;
  const runInBackground = (more: Promise<unknown>) => ctx.waitUntil(more);
  // The list may be younger than what this isolate knows; while D1 is away, what it knows is the best there is.
  const { revision } = await loadLatestConfiguration(env, runInBackground).catch(() =>
    loadConfiguration(env, runInBackground),
  );
  const { origin } = work;
  const notice = JSON.parse(work.notice) as Notice;
  const notifyRecipient = async (phone: PhoneNumber): Promise<RecipientOutcome> => {
    try {
      const report = await env.SENDER.getByName(phone).notify({ phone, notice, origin, revision });
      switch (report.outcome) {
        case "sent":
          return { kind: "sent", segments: report.segments };
        case "queued":
          return { kind: "queued" };
        case "refused":
          // Nothing is stored of it: they are asked again when the caps begin anew.
          return report.until === undefined
            ? { kind: "refused", reason: report.reason }
            : { kind: "capped", until: report.until };
      }
    } catch (error) {
      return { kind: "failed", reason: error instanceof Error ? error.name : "unknown" };
    }
  };
  await broadcasts.end(name, [
    ...(await notifyRecipients(work, notifyRecipient, async () => await broadcasts.goesOn(name))),
  ]);
}

/** Texts one after the other, each at its moment; stops where it may not go on. @returns what has come of those who were texted */
async function notifyRecipients(
  { phones, wait, every }: ConsumerAssignment,
  text: (phone: PhoneNumber) => Promise<RecipientOutcome>,
  goesOn: () => Promise<boolean>,
): Promise<ReadonlyMap<PhoneNumber, RecipientOutcome>> {
  const outcomes = new Map<PhoneNumber, RecipientOutcome>();
  const underWay = new Set<Promise<unknown>>();
  const start = Date.now() + wait;
  let checkedAt = Date.now();
  for (const [index, phone] of phones.entries()) {
    await scheduler.wait(Math.max(0, start + index * every - Date.now()));
    if (Date.now() - checkedAt >= BATCH_STATUS_POLL_MILLISECONDS) {
      if (!(await goesOn())) break;
      checkedAt = Date.now();
    }
    if (underWay.size >= RECIPIENTS_AT_ONCE) await Promise.race(underWay);
    const texted = text(phone).then((outcome) => outcomes.set(phone, outcome));
    underWay.add(texted);
    void texted.then(() => underWay.delete(texted));
  }
  await Promise.all(underWay);
  return outcomes;
}
