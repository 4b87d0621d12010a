import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { DEFAULT_MESSAGES } from "../configuration/nouns.ts";
import { publicOrigin } from "../configuration/origin.ts";
import type { ReadyAccount, Snapshot } from "../configuration/snapshot.ts";
import { configuration } from "../configuration/store.ts";
import { FALLBACK_WAIT_MILLISECONDS, WEBHOOK_BODY_BYTES } from "../core/limits.ts";
import { log } from "../core/log.ts";
import { type Problem, problem, problemResponse } from "../core/problem.ts";
import { within } from "../core/time.ts";
import { type Form, parseForm } from "./form.ts";
import { accountOf, type InboundText, parseInbound } from "./inbound.ts";
import { verifySignature } from "./signature.ts";
import { parseStatus } from "./status.ts";
import { emptyAnswer, messageAnswer } from "./twiml.ts";

type Webhook = Context<{ Bindings: Env }>;

const FORM = "application/x-www-form-urlencoded";

/** What Twilio calls: signed forms, and nothing else. */
export const twilio = new Hono<{ Bindings: Env }>();

twilio.use(
  bodyLimit({
    maxSize: WEBHOOK_BODY_BYTES,
    onError: (c) => refuse(c, problem(413, `A webhook's body has at most ${WEBHOOK_BODY_BYTES} bytes.`)),
  }),
);

/** Request URL: "a message comes in". */
twilio.post("/message", async (c) => {
  const signed = await readSigned(c);
  if (signed instanceof Response) return signed;
  const text = readText(c, signed);
  if (text instanceof Response) return text;
  await deliver(c, signed.snapshot, text);
  return xml(emptyAnswer());
});

/**
 * Fallback URL: "primary handler fails". Takes the text as the Request URL would have; where even that fails, or takes so long that Twilio would
 * give up, the person is told. (A text that is taken a moment later is answered all the same: better both than neither.)
 */
twilio.post("/fallback", async (c) => {
  const failure = { message: DEFAULT_MESSAGES.failure as string };
  try {
    return await within(FALLBACK_WAIT_MILLISECONDS, takeAgain(c, failure));
  } catch (error) {
    logFailure(c, error);
    return xml(messageAnswer(failure.message));
  }
});

/** Twilio's report on a part that we sent. */
twilio.post("/status", async (c) => {
  const signed = await readSigned(c);
  if (signed instanceof Response) return signed;
  const report = parseStatus(signed.form, c.req.query("part") ?? "");
  if (!report.ok) return refuse(c, problem(400, "The status callback is not complete.", report.failure));
  if (report.value !== null) await c.env.SENDER.getByName(report.value.sender).report(report.value);
  return c.body(null, 204);
});

for (const path of ["/message", "/fallback", "/status"]) {
  twilio.all(path, () => problemResponse(problem(405, "Twilio's webhooks are POST requests."), { allow: "POST" }));
}

twilio.onError((error, c) => {
  logFailure(c, error);
  return problemResponse(problem(503, "Parley could not take this now; Twilio may try again."));
});

interface Signed {
  readonly form: Form;
  readonly account: ReadyAccount;
  readonly snapshot: Snapshot;
}

/** Reads a form that one of our accounts has signed; everything else is refused and leaves nothing behind. */
async function readSigned(c: Webhook): Promise<Signed | Response> {
  const type = c.req.header("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== FORM) return refuse(c, problem(415, `A webhook's body is ${FORM}.`));
  const signature = c.req.header("x-twilio-signature");
  if (signature === undefined) return refuse(c, problem(403, "X-Twilio-Signature is missing."));
  const form = parseForm(new TextDecoder().decode(await c.req.arrayBuffer()));
  const sid = accountOf(form);
  if (sid === null) return refuse(c, problem(400, "AccountSid is missing or malformed."));
  const snapshot = await configuration(c.env, (work) => c.executionCtx.waitUntil(work));
  const account = snapshot.accounts.get(sid);
  if (account === undefined) return refuse(c, problem(403, "The account is not configured here."), sid);
  const valid = await verifySignature(signature, signedUrls(c), form, account.signingKeys);
  if (!valid) return refuse(c, problem(403, "X-Twilio-Signature does not fit."), sid);
  return { form, account, snapshot };
}

/** The URLs that Twilio may have signed: behind a proxy it knows PUBLIC_URL, and we see another. */
function signedUrls(c: Webhook): readonly string[] {
  const { origin } = new URL(c.req.url);
  const known = publicOrigin(c.env, c.req.url);
  return known === origin ? [c.req.url] : [known + c.req.url.slice(origin.length), c.req.url];
}

function readText(c: Webhook, { form, account, snapshot }: Signed): InboundText | Response {
  const text = parseInbound(form);
  if (!text.ok) return refuse(c, problem(400, "The message is not complete.", text.failure), account.sid);
  const number = snapshot.numbers.get(text.value.to);
  if (number?.account === account.sid) return text.value;
  return refuse(c, problem(403, "The number is not configured here."), account.sid);
}

async function deliver(c: Webhook, { numbers, revision }: Snapshot, text: InboundText): Promise<void> {
  const application = numbers.get(text.to)?.application ?? "";
  const origin = publicOrigin(c.env, c.req.url);
  await c.env.SENDER.getByName(text.from).receive({ text, application, origin, revision });
}

/** @param failure receives the message of the application, once it is known */
async function takeAgain(c: Webhook, failure: { message: string }): Promise<Response> {
  const signed = await readSigned(c);
  if (signed instanceof Response) return signed;
  const text = readText(c, signed);
  if (text instanceof Response) return text;
  const { application } = signed.snapshot.numbers.get(text.to) ?? {};
  failure.message = signed.snapshot.answering(application ?? "")?.failure ?? failure.message;
  await deliver(c, signed.snapshot, text);
  return xml(emptyAnswer());
}

/** One line for the operator: no body, no phone number. */
function refuse(c: Webhook, document: Problem, account: string | null = null): Response {
  const fields = (document.errors ?? []).map(({ pointer }) => pointer).join(" ");
  log("warn", "webhook-refused", {
    path: c.req.path,
    status: document.status,
    reason: document.detail,
    fields,
    account,
  });
  return problemResponse(document);
}

function logFailure(c: Webhook, error: unknown): void {
  log("error", "webhook-failed", { path: c.req.path, error: error instanceof Error ? error.name : "unknown" });
}

function xml(body: string): Response {
  return new Response(body, { headers: { "content-type": "text/xml; charset=utf-8" } });
}
