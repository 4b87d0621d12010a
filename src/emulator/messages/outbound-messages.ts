import { measureSegments } from "../../twilio/segments.ts";
import type { EmulatorContext } from "../context.ts";
import { fetchMedia } from "../media.ts";
import type { StatusChange } from "../state/message-lifecycle.ts";
import type { MessageListeners, MessageRecord, TwilioError } from "../state/records.ts";
import { isReportedStatus, scheduleCallbacks } from "./status-callbacks.ts";

/** An outbound message that Twilio has accepted. */
export interface OutboundMessage {
  readonly accountSid: string;
  readonly direction: "outbound-api" | "outbound-reply";
  /** One of the account's numbers. */
  readonly from: string;
  readonly to: string;
  readonly body: string;
  /** URLs, fetched when the message is sent. */
  readonly media: readonly string[];
  readonly listeners: MessageListeners;
}

export const NO_LISTENERS: MessageListeners = { statusCallback: null, action: null };

const UNREACHABLE: TwilioError = { code: 30003, message: "Unreachable destination handset" };
const SUSPENDED: TwilioError = { code: 30002, message: "Account suspended" };

/** Accepts an outbound message, which then moves from status to status at the emulator's pace. */
export function acceptMessage(context: EmulatorContext, outbound: OutboundMessage): MessageRecord {
  const message = addOutboundMessage(context, outbound);
  context.runLater(context.pace.queuedMs, () => void sendMessage(context, message, outbound.media));
  return message;
}

/** Records an outbound message as failed, as Twilio does if TwiML asks for a message that cannot be sent. */
export function refuseMessage(context: EmulatorContext, outbound: OutboundMessage, error: TwilioError): void {
  const message = addOutboundMessage(context, outbound);
  changeStatus(context, message.sid, { to: "failed", error });
}

/** Cancels a queued message. @returns null if it is no longer queued */
export function cancelMessage(context: EmulatorContext, sid: string): MessageRecord | null {
  return changeStatus(context, sid, { to: "canceled" });
}

function addOutboundMessage(context: EmulatorContext, { media, ...outbound }: OutboundMessage): MessageRecord {
  const now = context.now();
  return context.store.addMessage({
    ...outbound,
    sid: context.createSid(media.length > 0 ? "MM" : "SM"),
    numSegments: media.length > 0 ? 1 : measureSegments(outbound.body).segments,
    numMedia: media.length,
    mediaSids: [],
    state: { status: "queued" },
    createdAt: now,
    updatedAt: now,
  });
}

async function sendMessage(
  context: EmulatorContext,
  { sid, accountSid, to }: MessageRecord,
  media: readonly string[],
): Promise<void> {
  if (context.store.findAccount(accountSid)?.status !== "active") {
    changeStatus(context, sid, { to: "failed", error: SUSPENDED });
    return;
  }
  if (media.length > 0) {
    if (changeStatus(context, sid, { to: "sending" }) === null) return;
    const { abortSignal } = context;
    const files = await fetchMedia(media, abortSignal);
    if (abortSignal.aborted) return;
    if (!files.ok) {
      changeStatus(context, sid, { to: "failed", error: files.failure });
      return;
    }
    for (const file of files.value) {
      context.store.addMedia({
        ...file,
        sid: context.createSid("ME"),
        accountSid,
        messageSid: sid,
        createdAt: context.now(),
      });
    }
  }
  if (changeStatus(context, sid, { to: "sent" }) === null) return;
  context.runLater(context.pace.sentMs, () => deliverMessage(context, sid, to));
}

/** Delivers a message to a phone or to another of the operator's numbers. */
function deliverMessage(context: EmulatorContext, sid: string, to: string): void {
  const number = context.store.findNumber(to);
  const isReachable = number !== undefined || context.store.hasPhone(to);
  const delivered = changeStatus(
    context,
    sid,
    isReachable ? { to: "delivered" } : { to: "undelivered", error: UNREACHABLE },
  );
  if (delivered !== null && number !== undefined) context.forwardMessage(delivered, number);
}

function changeStatus(context: EmulatorContext, sid: string, change: StatusChange): MessageRecord | null {
  const message = context.store.advanceMessage(sid, change, context.now());
  if (message !== null && isReportedStatus(message)) scheduleCallbacks(context, message);
  return message;
}
