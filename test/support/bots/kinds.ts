import { startDirectline } from "./directline.ts";
import { startOpenai } from "./openai.ts";
import type { StandIn } from "./stand-in.ts";
import { startWatson } from "./watson.ts";
import { type Stray, startWebhook, startWebhookLater } from "./webhook.ts";

/** A stand-in that may have answers in its hands for a Parley that it cannot reach. */
type Started = StandIn & { readonly strays?: Stray[] };

/** Every kind of assistant that is somewhere else: whatever is common to all is tested with each of these. */
export const KINDS: Readonly<Record<string, () => Promise<Started>>> = {
  directline: startDirectline,
  openai: startOpenai,
  watson: startWatson,
  webhook: startWebhook,
  "webhook-later": startWebhookLater,
};
