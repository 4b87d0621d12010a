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

/** An inbound message with the parameters and the signing token of its webhook. */
export interface InboundWebhook {
  readonly message: MessageRecord;
  readonly authToken: string;
  readonly parameters: WebhookParameters;
}

/** The failure of a webhook, with the URL that failed (after redirects, another than the configured one). */
export interface WebhookFailure {
  readonly failure: TwilioError;
  readonly url: string;
}

/**
 * Calls a message's webhook and executes the TwiML in its response: sends messages, and follows redirects with the same
 * parameters. Verbs after a redirect are not executed.
 * @returns null after success or a reset of the emulator
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
    const redirectIndex = value.findIndex(({ kind }) => kind === "redirect");
    const executed = redirectIndex === -1 ? value : value.slice(0, redirectIndex + 1);
    for (const verb of executed) if (verb.kind === "message") sendReply(context, inbound, base, verb);
    const last = executed.at(-1);
    if (last?.kind !== "redirect") return null;
    [url, method] = [resolveAddress(last.url, base), last.method];
    verbs += executed.length;
  }
  return null;
}

function sendReply(
  context: EmulatorContext,
  { message }: InboundWebhook,
  base: string,
  verb: Extract<TwimlVerb, { kind: "message" }>,
): void {
  const outbound: OutboundMessage = {
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
  const refusal = findRefusal(context, outbound);
  if (refusal === null) acceptMessage(context, outbound);
  else refuseMessage(context, outbound, refusal);
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

/** Resolves a URL in TwiML against the document's URL, and keeps its fragment (connection overrides). */
function resolveAddress(address: string, base: string): string {
  return /^https?:\/\//iu.test(address) ? address : (URL.parse(address, base)?.href ?? address);
}
