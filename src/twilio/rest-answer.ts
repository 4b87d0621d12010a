import type { PhoneNumber } from "../core/phone.ts";
import type { WebhookCredentials } from "./credentials.ts";

/** Credentials of an account for Twilio's REST API. */
export interface AccountCredentials {
  readonly sid: string;
  /** The current token, and the next one during a rotation. */
  readonly authTokens: readonly string[];
  /** Origin of the REST API, without a trailing slash. */
  readonly baseUrl: string;
  /** Credentials that Twilio must send to our webhooks, including status callbacks; absent if there are none. */
  readonly webhookCredentials?: WebhookCredentials | null;
}

export interface OutboundMessage {
  readonly from: PhoneNumber;
  readonly to: PhoneNumber;
  readonly text: string;
  readonly media: readonly string[];
  readonly statusCallback: string;
}

/** An error response from Twilio. */
export interface TwilioRefusal {
  readonly httpStatus: number;
  readonly code: number | null;
  readonly message: string;
}

/** A message that Twilio has accepted. */
export interface AcceptedMessage {
  readonly sid: string;
  /** Twilio's status, such as `queued` or `delivered`. */
  readonly status: string;
  readonly errorCode: number | null;
}

/** A message in Twilio's list, with the fields that identify it. */
export interface ListedMessage extends AcceptedMessage {
  readonly text: string;
  readonly mediaCount: number;
  /** Milliseconds since 1970, in whole seconds. */
  readonly createdAt: number;
}

/**
 * The outcome of a request to Twilio. After `busy` (429) and `refused` (any other 4xx), Twilio has done nothing. After
 * `unsure` (timeout, lost connection, 5xx, invalid response), Twilio may have performed the request.
 */
export type TwilioAnswer<Value> =
  | { readonly kind: "done"; readonly value: Value }
  | { readonly kind: "refused"; readonly refusal: TwilioRefusal }
  | { readonly kind: "busy"; readonly retryAfterMilliseconds: number | null }
  | { readonly kind: "unsure"; readonly reason: string };
