import { parsePhone } from "../core/phone.ts";
import { accept, type Draft, refuse } from "./delivery.ts";
import { BODY_CHARACTERS, MEDIA_PER_MESSAGE, VERBS_PER_WEBHOOK } from "./limits.ts";
import type { Failure, Message } from "./model.ts";
import { deliver } from "./webhook/deliver.ts";
import { failure } from "./webhook/failures.ts";
import type { Hook } from "./webhook/hook.ts";
import type { Parameters } from "./webhook/signing.ts";
import { readAnswer, type Verb } from "./webhook/twiml.ts";
import type { World } from "./world.ts";

/** What a webhook was called about. */
export interface Occasion {
  readonly message: Message;
  readonly authToken: string;
  readonly parameters: Parameters;
}

/** A webhook that could not be used, perhaps after redirects. */
export interface Broken {
  readonly failure: Failure;
  readonly url: string;
}

/**
 * Calls a message's webhook and does what the answer asks for: sends its messages, and follows its redirects with the same
 * parameters. A redirect leaves the document, so that verbs after it are not reached.
 * @returns null when all is done (or the emulator was reset), or what failed
 */
export async function run(world: World, occasion: Occasion, hook: Hook): Promise<Broken | null> {
  let { url, method } = hook;
  for (let verbs = 0; verbs <= VERBS_PER_WEBHOOK; ) {
    const outcome = await deliver(world, { ...hook, url, method }, readAnswer);
    if (outcome === null) return null;
    if (!outcome.ok) return { failure: outcome.failure, url };
    const { value, url: base } = outcome.value;
    const at = value.findIndex(({ kind }) => kind === "redirect");
    const reached = at === -1 ? value : value.slice(0, at + 1);
    for (const verb of reached) if (verb.kind === "message") reply(world, occasion, base, verb);
    const last = reached.at(-1);
    if (last?.kind !== "redirect") return null;
    [url, method] = [resolve(last.url, base), last.method];
    verbs += reached.length;
  }
  return null;
}

function reply(world: World, { message }: Occasion, base: string, verb: Extract<Verb, { kind: "message" }>): void {
  const draft: Draft = {
    accountSid: message.accountSid,
    direction: "outbound-reply",
    from: parsePhone(verb.from ?? "") ?? message.to,
    to: parsePhone(verb.to ?? "") ?? message.from,
    body: verb.body,
    media: verb.media.map((url) => resolve(url, base)),
    listeners: {
      statusCallback: verb.statusCallback === null ? null : resolve(verb.statusCallback, base),
      action: verb.action === null ? null : resolve(verb.action, base),
    },
  };
  const objection = objectionTo(world, draft);
  if (objection === null) accept(world, draft);
  else refuse(world, draft, objection);
}

function objectionTo(world: World, { accountSid, from, to, body, media }: Draft): Failure | null {
  if (world.store.number(from)?.accountSid !== accountSid) return { code: 14102, message: "Invalid 'From' attribute" };
  if (!to.startsWith("+")) return { code: 14101, message: "Invalid 'To' attribute" };
  if (body.length > BODY_CHARACTERS || media.length > MEDIA_PER_MESSAGE) return failure(14103);
  if (body === "" && media.length === 0) return failure(14103);
  if (world.store.isBlocked(from, to)) return { code: 21610, message: "Attempt to send to unsubscribed recipient" };
  return null;
}

/** An address in TwiML leans on the document's own; its fragment (connection overrides) stays. */
function resolve(address: string, base: string): string {
  return /^https?:\/\//iu.test(address) ? address : (URL.parse(address, base)?.href ?? address);
}
