import type { WebhookCredentials } from "./credentials.ts";
import type { AccountCredentials } from "./rest-answer.ts";
import type { SigningKey } from "./signature.ts";

/** An account of Twilio's: its requests can be verified, and ours be authorized. */
export interface SigningAccount extends AccountCredentials {
  readonly signingKeys: readonly SigningKey[];
  readonly webhookCredentials: WebhookCredentials | null;
}
