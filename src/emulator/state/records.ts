import type { EmulatedAccount, EmulatedMessage, EmulatedNumber, MessageStatus } from "../contract.ts";

/** A Twilio account with its secrets. All times in this file are milliseconds since 1970. */
export interface AccountRecord extends EmulatedAccount {
  /** Primary token, which also signs webhooks. */
  readonly authToken: string;
  /** Second token that the REST API accepts; it never signs webhooks. */
  readonly secondaryAuthToken: string | null;
  /** Whether media URLs require credentials; can be switched off, as in Twilio's console. */
  readonly mediaAuth: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface OwnedNumber extends EmulatedNumber {
  /**
   * Whether Twilio replies to STOP, START and HELP and blocks opted-out contacts; Twilio support can switch this off.
   */
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

/** A Twilio error code with its message. */
export interface TwilioError {
  readonly code: number;
  readonly message: string;
}

/** A message's status, with the fields that exist only for that status. */
export type MessageState =
  | { readonly status: Extract<MessageStatus, "queued" | "sending" | "receiving" | "canceled"> }
  | { readonly status: Extract<MessageStatus, "sent" | "delivered" | "received">; readonly sentAt: number }
  | {
      readonly status: Extract<MessageStatus, "undelivered" | "failed">;
      readonly sentAt: number | null;
      readonly error: TwilioError;
    };

/** URLs that are called when an outbound message's status changes. */
export interface MessageListeners {
  /** Called for each status except the first. */
  readonly statusCallback: string | null;
  /** The `action` of a TwiML <Message>: called once, when the message has been sent or has failed. */
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
  /** Number of media in the request; `mediaSids` is filled as they are fetched. */
  readonly numMedia: number;
  readonly mediaSids: readonly string[];
  readonly state: MessageState;
  readonly listeners: MessageListeners;
  /** Increases with each message, so that messages of the same millisecond have an order. */
  readonly order: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** @returns when Twilio handed the message to the carrier, or null if it has not */
export function sentAt(message: MessageRecord): number | null {
  return "sentAt" in message.state ? message.state.sentAt : null;
}

export function getMessageError(message: MessageRecord): TwilioError | null {
  return "error" in message.state ? message.state.error : null;
}
