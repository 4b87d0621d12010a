import { measureSegments } from "../../twilio/segments.ts";
import type { EmulatorContext } from "../context.ts";
import type { EmulatedMessage } from "../contract.ts";
import { deliverCopies } from "../faults/webhook-faults.ts";
import type { MediaContent } from "../media.ts";
import { toEmulatedMessage } from "../state/emulated-views.ts";
import type { MessageRecord, OwnedNumber } from "../state/records.ts";
import { parseOverrides } from "../webhook/connection-overrides.ts";
import type { PendingWebhook } from "../webhook/pending-webhook.ts";
import type { WebhookParameters } from "../webhook/signature.ts";
import { findPlace } from "./number-places.ts";
import { decideOptOut } from "./opt-out.ts";
import { acceptMessage, NO_LISTENERS } from "./outbound-messages.ts";
import { type InboundWebhook, runWebhook } from "./twiml-replies.ts";

/** A text that a contact sends from an emulated phone. */
export interface PhoneText {
  readonly from: string;
  readonly to: OwnedNumber;
  readonly body: string;
  readonly media: readonly MediaContent[];
}

/**
 * Receives a contact's text: records it, handles STOP, START and HELP, and calls the number's webhook.
 * @returns the message, and a promise that resolves after its webhook, the fallback and all redirects
 */
export function receivePhoneText(
  context: EmulatorContext,
  text: PhoneText,
): { readonly message: EmulatedMessage; readonly webhookDone: Promise<void> } {
  const message = addInboundMessage(context, text);
  applyConsentKeyword(context, message, text.to);
  const webhookDone = callWebhook(context, message, text.to);
  return { message: toEmulatedMessage(message, context.store.listMedia(message)), webhookDone };
}

/** Creates the function that delivers a message from one of the operator's numbers to another, as an inbound text. */
export function createMessageForwarder(context: EmulatorContext): EmulatorContext["forwardMessage"] {
  return (message, to) => {
    const { from, body } = message;
    receivePhoneText(context, { from, to, body, media: context.store.listMedia(message) });
  };
}

function addInboundMessage(context: EmulatorContext, { from, to, body, media }: PhoneText): MessageRecord {
  const now = context.now();
  const { accountSid } = to;
  const { sid } = context.store.addMessage({
    sid: context.createSid(media.length > 0 ? "MM" : "SM"),
    accountSid,
    direction: "inbound",
    from,
    to: to.phoneNumber,
    body,
    numSegments: media.length > 0 ? 1 : measureSegments(body).segments,
    numMedia: media.length,
    mediaSids: [],
    state: { status: "received", sentAt: now },
    listeners: NO_LISTENERS,
    createdAt: now,
    updatedAt: now,
  });
  for (const file of media) {
    context.store.addMedia({ ...file, sid: context.createSid("ME"), accountSid, messageSid: sid, createdAt: now });
  }
  const message = context.store.findMessage(sid);
  if (message === undefined) throw new Error("a message that was just added is missing");
  return message;
}

/** Updates the opt-out and sends Twilio's reply, before the webhook is called and even if the contact is blocked. */
function applyConsentKeyword(
  context: EmulatorContext,
  { accountSid, from: phone, to: number, body }: MessageRecord,
  owned: OwnedNumber,
): void {
  const verdict = decideOptOut(owned, body, context.store.isBlocked(number, phone));
  if (verdict.kind === "none") return;
  if (verdict.kind !== "help") context.store.setBlocked(number, phone, verdict.kind === "block");
  acceptMessage(context, {
    accountSid,
    direction: "outbound-reply",
    from: number,
    to: phone,
    body: verdict.answer,
    media: [],
    listeners: NO_LISTENERS,
  });
}

async function callWebhook(context: EmulatorContext, message: MessageRecord, number: OwnedNumber): Promise<void> {
  const account = context.store.findAccount(number.accountSid);
  if (number.smsUrl === "" || account?.status !== "active") return;
  const inbound: InboundWebhook = {
    message,
    authToken: account.authToken,
    parameters: toInboundParameters(context, message),
  };
  const primary: PendingWebhook = {
    kind: "message",
    messageSid: message.sid,
    url: number.smsUrl,
    method: number.smsMethod,
    parameters: inbound.parameters,
    authToken: account.authToken,
  };
  await deliverCopies(context, message, () => callWithFallback(context, inbound, primary, number));
}

async function callWithFallback(
  context: EmulatorContext,
  inbound: InboundWebhook,
  primary: PendingWebhook,
  number: OwnedNumber,
): Promise<void> {
  const primaryFailure = await runWebhook(context, inbound, primary);
  if (primaryFailure === null || number.smsFallbackUrl === "") return;
  const fallback: PendingWebhook = {
    ...primary,
    kind: "fallback",
    url: number.smsFallbackUrl,
    method: number.smsFallbackMethod,
    parameters: [
      ...inbound.parameters,
      ["ErrorCode", String(primaryFailure.failure.code)],
      ["ErrorUrl", parseOverrides(primaryFailure.url).url],
    ],
  };
  await runWebhook(context, inbound, fallback);
}

/** @returns the webhook's parameters, in Twilio's order */
function toInboundParameters(context: EmulatorContext, message: MessageRecord): WebhookParameters {
  const { sid, accountSid, from, to } = message;
  return [
    ["ToCountry", findPlace(to).country],
    ["ToState", findPlace(to).state],
    ["SmsMessageSid", sid],
    ["NumMedia", String(message.mediaSids.length)],
    ["ToCity", findPlace(to).city],
    ["FromZip", findPlace(from).zip],
    ["SmsSid", sid],
    ["FromState", findPlace(from).state],
    ["SmsStatus", "received"],
    ["FromCity", findPlace(from).city],
    ["Body", message.body],
    ["FromCountry", findPlace(from).country],
    ["To", to],
    ["ToZip", findPlace(to).zip],
    ["NumSegments", String(message.numSegments)],
    ["MessageSid", sid],
    ["AccountSid", accountSid],
    ["From", from],
    ["ApiVersion", "2010-04-01"],
    ...context.store.listMedia(message).flatMap(
      (file, index): WebhookParameters => [
        [`MediaContentType${index}`, file.contentType],
        [`MediaUrl${index}`, `${context.origin}/2010-04-01/Accounts/${accountSid}/Messages/${sid}/Media/${file.sid}`],
      ],
    ),
  ];
}
