import type { WebhookAttempt } from "../contract.ts";
import type { Parameters } from "./signing.ts";

/** A webhook that is to be called. */
export interface Hook {
  readonly kind: WebhookAttempt["kind"];
  readonly messageSid: string;
  /** As configured, with the fragment of connection overrides. */
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly parameters: Parameters;
  readonly authToken: string;
}
