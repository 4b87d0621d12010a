import type { EmulatedMessage, EmulatedNumber, WebhookAttempt } from "../../../src/emulator/contract.ts";

export const PHONE = "+15550101001";
export const SHOP = "+15550100100";

/** Creates a text from the phone to the shop, with the given changes. */
export function message(change: Partial<EmulatedMessage>): EmulatedMessage {
  return {
    sid: "SM1",
    accountSid: "AC1",
    direction: "inbound",
    from: PHONE,
    to: SHOP,
    body: "hi",
    numSegments: 1,
    media: [],
    status: "received",
    errorCode: null,
    errorMessage: null,
    createdAt: 10,
    updatedAt: 10,
    ...change,
  };
}

/** Creates a text from the shop to the phone. */
export function answer(change: Partial<EmulatedMessage>): EmulatedMessage {
  return message({ direction: "outbound-api", from: SHOP, to: PHONE, status: "delivered", ...change });
}

export function number(phoneNumber: string, friendlyName: string): EmulatedNumber {
  return {
    sid: `PN${phoneNumber}`,
    accountSid: "AC1",
    phoneNumber,
    friendlyName,
    smsUrl: "",
    smsMethod: "POST",
    smsFallbackUrl: "",
    smsFallbackMethod: "POST",
  };
}

export function attempt(change: Partial<WebhookAttempt>): WebhookAttempt {
  return {
    id: 1,
    at: 10,
    kind: "message",
    messageSid: "SM1",
    url: "http://localhost/twilio/message",
    attempt: 1,
    status: 200,
    error: null,
    milliseconds: 5,
    answer: "<Response/>",
    ...change,
  };
}
