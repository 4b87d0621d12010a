import { parsePhone } from "../../core/phone.ts";
import type { EmulatorContext } from "../context.ts";
import { BODY_CHARACTERS, MEDIA_PER_MESSAGE, VERBS_PER_WEBHOOK } from "../limits.ts";
import type { MessageRecord, TwilioError } from "../state/records.ts";
import { deliverWebhook } from "../webhook/deliver-webhook.ts";
import type { PendingWebhook } from "../webhook/pending-webhook.ts";
import type { WebhookParameters } from "../webhook/signature.ts";
import { parseAnswer, type TwimlVerb } from "../webhook/twiml.ts";
import { createWebhookError } from "../webhook/webhook-errors.ts";
import { acceptMessage, type OutboundMessage, refuseMessage } from "./outbound-messages.ts";

/** What a webhook was called about. */
export interface InboundWebhook {
  readonly message: MessageRecord;
  readonly authToken: string;
  readonly parameters: WebhookParameters;
}

/** A webhook that could not be used, perhaps after redirects. */
export interface WebhookFailure {
  readonly failure: TwilioError;
  readonly url: string;
}

/**
 * Calls a message's webhook and does what the answer asks for: sends its messages, and follows its redirects with the same
 * parameters. A redirect leaves the document, so that verbs after it are not reached.
 * @returns null when all is done (or the emulator was reset), or what failed
 */
export async function runWebhook(
  context: EmulatorContext,
  inbound: InboundWebhook,
  hook: PendingWebhook,
): Promise<WebhookFailure | null> {
  let { url, method } = hook;
  for (let verbs = 0; verbs <= VERBS_PER_WEBHOOK; ) {
    const outcome = await deliverWebhook(context, { ...hook, url, method }, parseAnswer);
    if (outcome === null) return null;
    if (!outcome.ok) return { failure: outcome.failure, url };
    const { value, url: base } = outcome.value;
    const at = value.findIndex(({ kind }) => kind === "redirect");
    const reached = at === -1 ? value : value.slice(0, at + 1);
    for (const verb of reached) if (verb.kind === "message") sendReply(context, inbound, base, verb);
    const last = reached.at(-1);
    if (last?.kind !== "redirect") return null;
    [url, method] = [resolveAddress(last.url, base), last.method];
    verbs += reached.length;
  }
  return null;
}

function sendReply(
  context: EmulatorContext,
  { message }: InboundWebhook,
  base: string,
  verb: Extract<TwimlVerb, { kind: "message" }>,
): void {
  const draft: OutboundMessage = {
    accountSid: message.accountSid,
    direction: "outbound-reply",
    from: parsePhone(verb.from ?? "") ?? message.to,
    to: parsePhone(verb.to ?? "") ?? message.from,
    body: verb.body,
    media: verb.media.map((url) => resolveAddress(url, base)),
    listeners: {
      statusCallback: verb.statusCallback === null ? null : resolveAddress(verb.statusCallback, base),
      action: verb.action === null ? null : resolveAddress(verb.action, base),
    },
  };
  const refusal = findRefusal(context, draft);
  if (refusal === null) acceptMessage(context, draft);
  else refuseMessage(context, draft, refusal);
}

function findRefusal(
  context: EmulatorContext,
  { accountSid, from, to, body, media }: OutboundMessage,
): TwilioError | null {
  if (context.store.findNumber(from)?.accountSid !== accountSid)
    return { code: 14102, message: "Invalid 'From' attribute" };
  if (!to.startsWith("+")) return { code: 14101, message: "Invalid 'To' attribute" };
  if (body.length > BODY_CHARACTERS || media.length > MEDIA_PER_MESSAGE) return createWebhookError(14103);
  if (body === "" && media.length === 0) return createWebhookError(14103);
  if (context.store.isBlocked(from, to)) return { code: 21610, message: "Attempt to send to unsubscribed recipient" };
  return null;
}

/** An address in TwiML leans on the document's own; its fragment (connection overrides) stays. */
function resolveAddress(address: string, base: string): string {
  return /^https?:\/\//iu.test(address) ? address : (URL.parse(address, base)?.href ?? address);
}
