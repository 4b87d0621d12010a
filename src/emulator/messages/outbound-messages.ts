import { measureSegments } from "../../twilio/segments.ts";
import type { EmulatorWorld } from "../context.ts";
import { fetchMedia } from "../media.ts";
import type { StatusChange } from "../state/message-lifecycle.ts";
import type { MessageListeners, MessageRecord, TwilioError } from "../state/records.ts";
import { isReportedStatus, scheduleCallbacks } from "./status-callbacks.ts";

/** An outbound message that Twilio has agreed to take. */
export interface OutboundMessage {
  readonly accountSid: string;
  readonly direction: "outbound-api" | "outbound-reply";
  /** One of the account's numbers. */
  readonly from: string;
  readonly to: string;
  readonly body: string;
  /** Addresses that are fetched when the message is sent. */
  readonly media: readonly string[];
  readonly listeners: MessageListeners;
}

export const NO_LISTENERS: MessageListeners = { statusCallback: null, action: null };

const UNREACHABLE: TwilioError = { code: 30003, message: "Unreachable destination handset" };
const SUSPENDED: TwilioError = { code: 30002, message: "Account suspended" };

/** Takes an outbound message; what becomes of it happens by itself, at the emulator's pace. */
export function acceptMessage(world: EmulatorWorld, draft: OutboundMessage): MessageRecord {
  const message = addOutboundMessage(world, draft);
  world.runLater(world.pace.queuedMs, () => void sendMessage(world, message, draft.media));
  return message;
}

/** Records an outbound message that Twilio could not send, as it logs those that TwiML asks for in vain. */
export function refuseMessage(world: EmulatorWorld, draft: OutboundMessage, error: TwilioError): void {
  const message = addOutboundMessage(world, draft);
  changeStatus(world, message.sid, { to: "failed", error });
}

/** Takes a message back that is still queued. @returns null where it is not, or no longer */
export function cancelMessage(world: EmulatorWorld, sid: string): MessageRecord | null {
  return changeStatus(world, sid, { to: "canceled" });
}

function addOutboundMessage(world: EmulatorWorld, { media, ...draft }: OutboundMessage): MessageRecord {
  const now = world.now();
  return world.store.addMessage({
    ...draft,
    sid: world.createSid(media.length > 0 ? "MM" : "SM"),
    numSegments: media.length > 0 ? 1 : measureSegments(draft.body).segments,
    numMedia: media.length,
    mediaSids: [],
    state: { status: "queued" },
    createdAt: now,
    updatedAt: now,
  });
}

async function sendMessage(
  world: EmulatorWorld,
  { sid, accountSid, to }: MessageRecord,
  media: readonly string[],
): Promise<void> {
  if (world.store.findAccount(accountSid)?.status !== "active") {
    changeStatus(world, sid, { to: "failed", error: SUSPENDED });
    return;
  }
  if (media.length > 0) {
    if (changeStatus(world, sid, { to: "sending" }) === null) return;
    const { abortSignal: ending } = world;
    const files = await fetchMedia(media, ending);
    if (ending.aborted) return;
    if (!files.ok) {
      changeStatus(world, sid, { to: "failed", error: files.failure });
      return;
    }
    for (const file of files.value) {
      world.store.addMedia({
        ...file,
        sid: world.createSid("ME"),
        accountSid,
        messageSid: sid,
        createdAt: world.now(),
      });
    }
  }
  if (changeStatus(world, sid, { to: "sent" }) === null) return;
  world.runLater(world.pace.sentMs, () => deliverMessage(world, sid, to));
}

/** To a phone, or to another of the operator's numbers. */
function deliverMessage(world: EmulatorWorld, sid: string, to: string): void {
  const number = world.store.findNumber(to);
  const isThere = number !== undefined || world.store.hasPhone(to);
  const delivered = changeStatus(world, sid, isThere ? { to: "delivered" } : { to: "undelivered", error: UNREACHABLE });
  if (delivered !== null && number !== undefined) world.carry(delivered, number);
}

function changeStatus(world: EmulatorWorld, sid: string, next: StatusChange): MessageRecord | null {
  const message = world.store.advanceMessage(sid, next, world.now());
  if (message !== null && isReportedStatus(message)) scheduleCallbacks(world, message);
  return message;
}
