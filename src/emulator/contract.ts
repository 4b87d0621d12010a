/** Types of the emulator's control API (`/emulator/…`), which the phone page and the tests call. */

/** A configured Twilio account, without its tokens: the API never returns them. */
export interface EmulatedAccount {
  readonly sid: string;
  readonly friendlyName: string;
  readonly status: "active" | "suspended" | "closed";
  readonly type: "Trial" | "Full";
}

/** One of the operator's numbers, with its webhooks. */
export interface EmulatedNumber {
  readonly sid: string;
  readonly accountSid: string;
  /** E.164, or a short code of 5 or 6 digits. */
  readonly phoneNumber: string;
  readonly friendlyName: string;
  readonly smsUrl: string;
  readonly smsMethod: "GET" | "POST";
  readonly smsFallbackUrl: string;
  readonly smsFallbackMethod: "GET" | "POST";
}

/** A contact's phone, in a browser or in a test. */
export interface EmulatedPhone {
  readonly number: string;
}

export interface EmulatedMedia {
  readonly sid: string;
  readonly contentType: string;
  /** Path on the emulator that needs no credentials. For the phone page only; webhooks never receive it. */
  readonly path: string;
}

export type MessageStatus =
  | "queued"
  | "sending"
  | "sent"
  | "delivered"
  | "undelivered"
  | "failed"
  | "receiving"
  | "received"
  | "canceled";

/** A message as the phone page and the tests see it. Times are milliseconds since 1970. */
export interface EmulatedMessage {
  readonly sid: string;
  readonly accountSid: string;
  readonly direction: "inbound" | "outbound-api" | "outbound-reply";
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly numSegments: number;
  readonly media: readonly EmulatedMedia[];
  readonly status: MessageStatus;
  readonly errorCode: number | null;
  readonly errorMessage: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** One attempt to call a webhook of the operator. */
export interface WebhookAttempt {
  readonly id: number;
  readonly at: number;
  readonly kind: "message" | "fallback" | "status";
  readonly messageSid: string;
  /** As configured, including the fragment with connection overrides. */
  readonly url: string;
  readonly attempt: number;
  /** HTTP status, or null if no response arrived. */
  readonly status: number | null;
  /** Twilio's error code and message; null if the attempt succeeded. */
  readonly error: { readonly code: number; readonly message: string } | null;
  readonly milliseconds: number;
  /** First 2,000 characters of the response body. */
  readonly answer: string;
}

export interface EmulatorState {
  readonly accounts: readonly EmulatedAccount[];
  readonly numbers: readonly EmulatedNumber[];
  readonly phones: readonly EmulatedPhone[];
  readonly messages: readonly EmulatedMessage[];
}

/** A server-sent event of `GET /emulator/events`: `kind` is the event's name, this object its data. */
export type EmulatorEvent =
  | { readonly kind: "message"; readonly message: EmulatedMessage }
  | { readonly kind: "phone"; readonly phone: EmulatedPhone }
  | { readonly kind: "phone-removed"; readonly number: string }
  | { readonly kind: "number"; readonly number: EmulatedNumber }
  | { readonly kind: "webhook"; readonly attempt: WebhookAttempt }
  | { readonly kind: "reset" };
