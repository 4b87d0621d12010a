import type { PhoneNumber } from "../core/phone.ts";
import type { WebhookCredentials } from "./credentials.ts";

/** What is needed to act as an account at Twilio's REST API. */
export interface AccountCredentials {
  readonly sid: string;
  /** The current token, and the next one while tokens are rotated. */
  readonly authTokens: readonly string[];
  /** Origin of the REST API, without a slash at its end. */
  readonly baseUrl: string;
  /** What Twilio must send to our webhooks, status callbacks too; none where absent. */
  readonly webhookCredentials?: WebhookCredentials | null;
}

export interface OutboundMessage {
  readonly from: PhoneNumber;
  readonly to: PhoneNumber;
  readonly text: string;
  readonly media: readonly string[];
  readonly statusCallback: string;
}

/** Twilio's own words for a refusal. */
export interface TwilioRefusal {
  readonly httpStatus: number;
  readonly code: number | null;
  readonly message: string;
}

/** A message that Twilio has. */
export interface AcceptedMessage {
  readonly sid: string;
  /** Twilio's word, as `queued` or `delivered`. */
  readonly status: string;
  readonly errorCode: number | null;
}

/** A message that Twilio lists, with what identifies it. */
export interface ListedMessage extends AcceptedMessage {
  readonly text: string;
  readonly mediaCount: number;
  /** Milliseconds since 1970; Twilio's clock has whole seconds. */
  readonly createdAt: number;
}

/**
 * How a request to Twilio ended. `busy` (429) and `refused` (any other 4xx) mean that Twilio has not done it; `unsure` (a
 * timeout, a reset, a 5xx, an answer that makes no sense) means that nobody knows.
 */
export type TwilioAnswer<Value> =
  | { readonly kind: "done"; readonly value: Value }
  | { readonly kind: "refused"; readonly refusal: TwilioRefusal }
  | { readonly kind: "busy"; readonly retryAfterMilliseconds: number | null }
  | { readonly kind: "unsure"; readonly reason: string };
