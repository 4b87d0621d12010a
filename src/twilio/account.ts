import type { WebhookCredentials } from "./credentials.ts";
import type { AccountCredentials } from "./rest-answer.ts";
import type { SigningKey } from "./signature.ts";

/** A Twilio account with everything needed to verify its requests and to authorize ours. */
export interface SigningAccount extends AccountCredentials {
  readonly signingKeys: readonly SigningKey[];
  readonly webhookCredentials: WebhookCredentials | null;
}
