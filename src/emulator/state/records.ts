import type { EmulatedAccount, EmulatedMessage, EmulatedNumber, MessageStatus } from "../contract.ts";

/** A Twilio account with its secrets. Times are milliseconds since 1970, here and below. */
export interface AccountRecord extends EmulatedAccount {
  /** The primary token; signs webhooks. */
  readonly authToken: string;
  /** Accepted by the REST API beside the primary one; signs nothing. */
  readonly secondaryAuthToken: string | null;
  /** Media addresses want credentials; can be switched off, as in Twilio's console. */
  readonly mediaAuth: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface OwnedNumber extends EmulatedNumber {
  /** Twilio answers STOP, START and HELP, and blocks; it can be switched off, as Twilio's support does. */
  readonly optOut: boolean;
  readonly statusCallback: string;
  readonly statusCallbackMethod: "GET" | "POST";
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface MediaFile {
  readonly sid: string;
  readonly accountSid: string;
  readonly messageSid: string;
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly createdAt: number;
}

/** A Twilio error: its code, and what it says. */
export interface TwilioError {
  readonly code: number;
  readonly message: string;
}

/** Where a message is in its life. */
export type MessageState =
  | { readonly status: Extract<MessageStatus, "queued" | "sending" | "receiving" | "canceled"> }
  | { readonly status: Extract<MessageStatus, "sent" | "delivered" | "received">; readonly sentAt: number }
  | {
      readonly status: Extract<MessageStatus, "undelivered" | "failed">;
      readonly sentAt: number | null;
      readonly error: TwilioError;
    };

/** Who wants to hear of an outbound message. */
export interface MessageListeners {
  /** Told of every status but the first. */
  readonly statusCallback: string | null;
  /** The `action` of TwiML's <Message>: told once, when the message is sent or has failed. */
  readonly action: string | null;
}

export interface MessageRecord {
  readonly sid: string;
  readonly accountSid: string;
  readonly direction: EmulatedMessage["direction"];
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly numSegments: number;
  /** How many media the sender gave; `mediaSids` fills when they have been fetched. */
  readonly numMedia: number;
  readonly mediaSids: readonly string[];
  readonly state: MessageState;
  readonly listeners: MessageListeners;
  /** Grows with every message, so that messages of one millisecond have an order. */
  readonly order: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** When Twilio handed the message on; null before that, and where it never did. */
export function sentAt(message: MessageRecord): number | null {
  return "sentAt" in message.state ? message.state.sentAt : null;
}

export function getMessageError(message: MessageRecord): TwilioError | null {
  return "error" in message.state ? message.state.error : null;
}
