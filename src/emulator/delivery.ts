import { segments } from "../twilio/segments.ts";
import { isReported, scheduleCallbacks } from "./callbacks.ts";
import type { Step } from "./life.ts";
import { fetchMedia } from "./media.ts";
import type { Failure, Listeners, Message } from "./model.ts";
import type { World } from "./world.ts";

/** An outbound message that Twilio has agreed to take. */
export interface Draft {
  readonly accountSid: string;
  readonly direction: "outbound-api" | "outbound-reply";
  /** One of the account's numbers. */
  readonly from: string;
  readonly to: string;
  readonly body: string;
  /** Addresses that are fetched when the message is sent. */
  readonly media: readonly string[];
  readonly listeners: Listeners;
}

export const UNHEARD: Listeners = { statusCallback: null, action: null };

const UNREACHABLE: Failure = { code: 30003, message: "Unreachable destination handset" };
const SUSPENDED: Failure = { code: 30002, message: "Account suspended" };

/** Takes an outbound message; what becomes of it happens by itself, at the emulator's pace. */
export function accept(world: World, draft: Draft): Message {
  const message = addOutbound(world, draft);
  world.after(world.pace.queuedMs, () => void send(world, message, draft.media));
  return message;
}

/** Records an outbound message that Twilio could not send, as it logs those that TwiML asks for in vain. */
export function refuse(world: World, draft: Draft, error: Failure): void {
  const message = addOutbound(world, draft);
  step(world, message.sid, { to: "failed", error });
}

/** Takes a message back that is still queued. @returns null where it is not, or no longer */
export function cancel(world: World, sid: string): Message | null {
  return step(world, sid, { to: "canceled" });
}

function addOutbound(world: World, { media, ...draft }: Draft): Message {
  const now = world.now();
  return world.store.addMessage({
    ...draft,
    sid: world.sid(media.length > 0 ? "MM" : "SM"),
    numSegments: media.length > 0 ? 1 : segments(draft.body).segments,
    numMedia: media.length,
    mediaSids: [],
    state: { status: "queued" },
    createdAt: now,
    updatedAt: now,
  });
}

async function send(world: World, { sid, accountSid, to }: Message, media: readonly string[]): Promise<void> {
  if (world.store.account(accountSid)?.status !== "active") {
    step(world, sid, { to: "failed", error: SUSPENDED });
    return;
  }
  if (media.length > 0) {
    if (step(world, sid, { to: "sending" }) === null) return;
    const { ending } = world;
    const files = await fetchMedia(media, ending);
    if (ending.aborted) return;
    if (!files.ok) {
      step(world, sid, { to: "failed", error: files.failure });
      return;
    }
    for (const file of files.value) {
      world.store.addMedia({ ...file, sid: world.sid("ME"), accountSid, messageSid: sid, createdAt: world.now() });
    }
  }
  if (step(world, sid, { to: "sent" }) === null) return;
  world.after(world.pace.sentMs, () => deliverTo(world, sid, to));
}

/** To a phone, or to another of the operator's numbers. */
function deliverTo(world: World, sid: string, to: string): void {
  const number = world.store.number(to);
  const isThere = number !== undefined || world.store.hasPhone(to);
  const delivered = step(world, sid, isThere ? { to: "delivered" } : { to: "undelivered", error: UNREACHABLE });
  if (delivered !== null && number !== undefined) world.carry(delivered, number);
}

function step(world: World, sid: string, next: Step): Message | null {
  const message = world.store.advanceMessage(sid, next, world.now());
  if (message !== null && isReported(message)) scheduleCallbacks(world, message);
  return message;
}
