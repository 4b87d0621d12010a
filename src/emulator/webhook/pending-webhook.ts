import type { WebhookAttempt } from "../contract.ts";
import type { WebhookParameters } from "./signature.ts";

/** A webhook that is to be called. */
export interface PendingWebhook {
  readonly kind: WebhookAttempt["kind"];
  readonly messageSid: string;
  /** As configured, with the fragment of connection overrides. */
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly parameters: WebhookParameters;
  readonly authToken: string;
}
