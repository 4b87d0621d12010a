import { measureSegments } from "../../twilio/segments.ts";
import type { EmulatorWorld } from "../context.ts";
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
import { runWebhook, type WebhookOccasion } from "./twiml-replies.ts";

/** A text that a person sends from a phone of the emulator's. */
export interface PhoneText {
  readonly from: string;
  readonly to: OwnedNumber;
  readonly body: string;
  readonly media: readonly MediaContent[];
}

/**
 * Takes a person's text: records it, minds words of consent, and calls the number's webhook.
 * @returns the message, and what resolves when its webhook, the fallback, and all redirects are over
 */
export function receivePhoneText(
  world: EmulatorWorld,
  text: PhoneText,
): { readonly message: EmulatedMessage; readonly over: Promise<void> } {
  const message = addInboundMessage(world, text);
  applyConsentKeyword(world, message, text.to);
  const over = callWebhook(world, message, text.to);
  return { message: toEmulatedMessage(message, world.store.listMedia(message)), over };
}

/** A message from one of the operator's numbers to another comes in there, as any text does. */
export function createMessageCarrier(world: EmulatorWorld): EmulatorWorld["carry"] {
  return (message, to) => {
    const { from, body } = message;
    receivePhoneText(world, { from, to, body, media: world.store.listMedia(message) });
  };
}

function addInboundMessage(world: EmulatorWorld, { from, to, body, media }: PhoneText): MessageRecord {
  const now = world.now();
  const { accountSid } = to;
  const { sid } = world.store.addMessage({
    sid: world.createSid(media.length > 0 ? "MM" : "SM"),
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
    world.store.addMedia({ ...file, sid: world.createSid("ME"), accountSid, messageSid: sid, createdAt: now });
  }
  const message = world.store.findMessage(sid);
  if (message === undefined) throw new Error("a message that was just added is gone");
  return message;
}

/** Twilio answers before the webhook is called, and past the block. */
function applyConsentKeyword(
  world: EmulatorWorld,
  { accountSid, from: phone, to: number, body }: MessageRecord,
  owned: OwnedNumber,
): void {
  const verdict = decideOptOut(owned, body, world.store.isBlocked(number, phone));
  if (verdict.kind === "none") return;
  if (verdict.kind !== "help") world.store.setBlocked(number, phone, verdict.kind === "block");
  acceptMessage(world, {
    accountSid,
    direction: "outbound-reply",
    from: number,
    to: phone,
    body: verdict.answer,
    media: [],
    listeners: NO_LISTENERS,
  });
}

async function callWebhook(world: EmulatorWorld, message: MessageRecord, number: OwnedNumber): Promise<void> {
  const account = world.store.findAccount(number.accountSid);
  if (number.smsUrl === "" || account?.status !== "active") return;
  const occasion: WebhookOccasion = {
    message,
    authToken: account.authToken,
    parameters: toInboundParameters(world, message),
  };
  const primary: PendingWebhook = {
    kind: "message",
    messageSid: message.sid,
    url: number.smsUrl,
    method: number.smsMethod,
    parameters: occasion.parameters,
    authToken: account.authToken,
  };
  await deliverCopies(world, message, () => callWithFallback(world, occasion, primary, number));
}

async function callWithFallback(
  world: EmulatorWorld,
  occasion: WebhookOccasion,
  primary: PendingWebhook,
  number: OwnedNumber,
): Promise<void> {
  const broken = await runWebhook(world, occasion, primary);
  if (broken === null || number.smsFallbackUrl === "") return;
  const fallback: PendingWebhook = {
    ...primary,
    kind: "fallback",
    url: number.smsFallbackUrl,
    method: number.smsFallbackMethod,
    parameters: [
      ...occasion.parameters,
      ["ErrorCode", String(broken.failure.code)],
      ["ErrorUrl", parseOverrides(broken.url).url],
    ],
  };
  await runWebhook(world, occasion, fallback);
}

/** TWILIO.md 2.1. */
function toInboundParameters(world: EmulatorWorld, message: MessageRecord): WebhookParameters {
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
    ...world.store.listMedia(message).flatMap(
      (file, index): WebhookParameters => [
        [`MediaContentType${index}`, file.contentType],
        [`MediaUrl${index}`, `${world.origin}/2010-04-01/Accounts/${accountSid}/Messages/${sid}/Media/${file.sid}`],
      ],
    ),
  ];
}
