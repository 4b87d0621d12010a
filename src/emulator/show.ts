import type { EmulatedAccount, EmulatedMessage, EmulatedNumber } from "./contract.ts";
import { type Account, errorOf, type MediaFile, type Message, type OwnedNumber } from "./model.ts";

/** The account as the page may see it: without tokens. */
export function showAccount({ sid, friendlyName, status, type }: Account): EmulatedAccount {
  return { sid, friendlyName, status, type };
}

export function showNumber(number: OwnedNumber): EmulatedNumber {
  const { sid, accountSid, phoneNumber, friendlyName, smsUrl, smsMethod, smsFallbackUrl, smsFallbackMethod } = number;
  return { sid, accountSid, phoneNumber, friendlyName, smsUrl, smsMethod, smsFallbackUrl, smsFallbackMethod };
}

export function showMessage(message: Message, media: readonly MediaFile[]): EmulatedMessage {
  const error = errorOf(message);
  return {
    sid: message.sid,
    accountSid: message.accountSid,
    direction: message.direction,
    from: message.from,
    to: message.to,
    body: message.body,
    numSegments: message.numSegments,
    media: media.map(({ sid, contentType }) => ({ sid, contentType, path: `/emulator/media/${sid}` })),
    status: message.state.status,
    errorCode: error?.code ?? null,
    errorMessage: error?.message ?? null,
    createdAt: message.createdAt,
    updatedAt: message.updatedAt,
  };
}
