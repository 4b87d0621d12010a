import { segments } from "../twilio/segments.ts";
import type { EmulatedMessage } from "./contract.ts";
import { accept, UNHEARD } from "./delivery.ts";
import { deliverCopies } from "./faults/webhook.ts";
import type { Media } from "./media.ts";
import type { Message, OwnedNumber } from "./model.ts";
import { optOut } from "./optout.ts";
import { placeOf } from "./places.ts";
import { type Occasion, run } from "./replies.ts";
import { showMessage } from "./show.ts";
import type { Hook } from "./webhook/hook.ts";
import { parseOverrides } from "./webhook/overrides.ts";
import type { Parameters } from "./webhook/signing.ts";
import type { World } from "./world.ts";

/** A text that a person sends from a phone of the emulator's. */
export interface PhoneText {
  readonly from: string;
  readonly to: OwnedNumber;
  readonly body: string;
  readonly media: readonly Media[];
}

/**
 * Takes a person's text: records it, minds words of consent, and calls the number's webhook.
 * @returns the message, and what resolves when its webhook, the fallback, and all redirects are over
 */
export function receive(
  world: World,
  text: PhoneText,
): { readonly message: EmulatedMessage; readonly over: Promise<void> } {
  const message = addInbound(world, text);
  mindConsent(world, message, text.to);
  const over = callWebhook(world, message, text.to);
  return { message: showMessage(message, world.store.mediaOf(message)), over };
}

/** A message from one of the operator's numbers to another comes in there, as any text does. */
export function carryBetween(world: World): World["carry"] {
  return (message, to) => {
    const { from, body } = message;
    receive(world, { from, to, body, media: world.store.mediaOf(message) });
  };
}

function addInbound(world: World, { from, to, body, media }: PhoneText): Message {
  const now = world.now();
  const { accountSid } = to;
  const { sid } = world.store.addMessage({
    sid: world.sid(media.length > 0 ? "MM" : "SM"),
    accountSid,
    direction: "inbound",
    from,
    to: to.phoneNumber,
    body,
    numSegments: media.length > 0 ? 1 : segments(body).segments,
    numMedia: media.length,
    mediaSids: [],
    state: { status: "received", sentAt: now },
    listeners: UNHEARD,
    createdAt: now,
    updatedAt: now,
  });
  for (const file of media) {
    world.store.addMedia({ ...file, sid: world.sid("ME"), accountSid, messageSid: sid, createdAt: now });
  }
  const message = world.store.message(sid);
  if (message === undefined) throw new Error("a message that was just added is gone");
  return message;
}

/** Twilio answers before the webhook is called, and past the block. */
function mindConsent(world: World, { accountSid, from: phone, to: number, body }: Message, owned: OwnedNumber): void {
  const verdict = optOut(owned, body, world.store.isBlocked(number, phone));
  if (verdict.kind === "none") return;
  if (verdict.kind !== "help") world.store.setBlocked(number, phone, verdict.kind === "block");
  accept(world, {
    accountSid,
    direction: "outbound-reply",
    from: number,
    to: phone,
    body: verdict.answer,
    media: [],
    listeners: UNHEARD,
  });
}

async function callWebhook(world: World, message: Message, number: OwnedNumber): Promise<void> {
  const account = world.store.account(number.accountSid);
  if (number.smsUrl === "" || account?.status !== "active") return;
  const occasion: Occasion = { message, authToken: account.authToken, parameters: inboundParameters(world, message) };
  const primary: Hook = {
    kind: "message",
    messageSid: message.sid,
    url: number.smsUrl,
    method: number.smsMethod,
    parameters: occasion.parameters,
    authToken: account.authToken,
  };
  await deliverCopies(world, message, () => callOnce(world, occasion, primary, number));
}

async function callOnce(world: World, occasion: Occasion, primary: Hook, number: OwnedNumber): Promise<void> {
  const broken = await run(world, occasion, primary);
  if (broken === null || number.smsFallbackUrl === "") return;
  const fallback: Hook = {
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
  await run(world, occasion, fallback);
}

/** TWILIO.md 2.1. */
function inboundParameters(world: World, message: Message): Parameters {
  const { sid, accountSid, from, to } = message;
  return [
    ["ToCountry", placeOf(to).country],
    ["ToState", placeOf(to).state],
    ["SmsMessageSid", sid],
    ["NumMedia", String(message.mediaSids.length)],
    ["ToCity", placeOf(to).city],
    ["FromZip", placeOf(from).zip],
    ["SmsSid", sid],
    ["FromState", placeOf(from).state],
    ["SmsStatus", "received"],
    ["FromCity", placeOf(from).city],
    ["Body", message.body],
    ["FromCountry", placeOf(from).country],
    ["To", to],
    ["ToZip", placeOf(to).zip],
    ["NumSegments", String(message.numSegments)],
    ["MessageSid", sid],
    ["AccountSid", accountSid],
    ["From", from],
    ["ApiVersion", "2010-04-01"],
    ...world.store.mediaOf(message).flatMap(
      (file, index): Parameters => [
        [`MediaContentType${index}`, file.contentType],
        [`MediaUrl${index}`, `${world.origin}/2010-04-01/Accounts/${accountSid}/Messages/${sid}/Media/${file.sid}`],
      ],
    ),
  ];
}
