import type { EmulatedAccount, EmulatedMessage, EmulatedNumber } from "../contract.ts";
import {
  type AccountRecord,
  getMessageError,
  type MediaFile,
  type MessageRecord,
  type OwnedNumber,
} from "./records.ts";

/** Converts an account for the control API, without its tokens. */
export function toEmulatedAccount({ sid, friendlyName, status, type }: AccountRecord): EmulatedAccount {
  return { sid, friendlyName, status, type };
}

export function toEmulatedNumber(number: OwnedNumber): EmulatedNumber {
  const { sid, accountSid, phoneNumber, friendlyName, smsUrl, smsMethod, smsFallbackUrl, smsFallbackMethod } = number;
  return { sid, accountSid, phoneNumber, friendlyName, smsUrl, smsMethod, smsFallbackUrl, smsFallbackMethod };
}

export function toEmulatedMessage(message: MessageRecord, media: readonly MediaFile[]): EmulatedMessage {
  const error = getMessageError(message);
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
