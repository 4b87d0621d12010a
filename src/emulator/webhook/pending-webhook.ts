import type { WebhookAttempt } from "../contract.ts";
import type { WebhookParameters } from "./signature.ts";

/** A webhook that has to be called. */
export interface PendingWebhook {
  readonly kind: WebhookAttempt["kind"];
  readonly messageSid: string;
  /** As configured, including the fragment with connection overrides. */
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly parameters: WebhookParameters;
  readonly authToken: string;
}
