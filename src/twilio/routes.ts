import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { parseOrigin, resolvePublicOrigin } from "../configuration/public-origin.ts";
import type { ConfigurationSnapshot } from "../configuration/snapshot.ts";
import { loadConfiguration } from "../configuration/store.ts";
import { FALLBACK_WAIT_MILLISECONDS, WEBHOOK_BODY_BYTES } from "../core/limits/twilio.ts";
import { logEvent } from "../core/log.ts";
import { createProblem, type FieldProblem, type ProblemDocument, toProblemResponse } from "../core/problem-document.ts";
import { withTimeout } from "../core/time-limits.ts";
import { chooseLanguage } from "../languages/catalog.ts";
import type { SigningAccount } from "./account.ts";
import { BASIC_AUTH_CHALLENGE } from "./credentials.ts";
import type { WebhookForm } from "./form.ts";
import { type InboundText, parseInboundText } from "./inbound-text.ts";
import { recordRefusal } from "./refusals/store.ts";
import { parseStatusReport } from "./status-callback.ts";
import { createEmptyTwiml, createMessageTwiml } from "./twiml.ts";
import {
  judgeWebhook,
  parseClaim,
  type RefusedWebhook,
  refuseUnsigned,
  type WebhookRequest,
} from "./webhook-verification.ts";

type WebhookContext = Context<{ Bindings: Env }>;

type RefusalReport = Pick<RefusedWebhook, "problem" | "account" | "hint">;

/** Accepts a trailing slash, because a typo in Twilio should not lose texts. */
const withTrailingSlash = (path: string) => [path, `${path}/`];

/** Twilio's webhooks. All requests must be signed. */
export const twilio = new Hono<{ Bindings: Env }>();

const limitBody = bodyLimit({
  maxSize: WEBHOOK_BODY_BYTES,
  onError: (c) => {
    const problem = createProblem(413, `The body exceeds ${WEBHOOK_BODY_BYTES} bytes.`);
    return refuseRequest(c, { problem, account: null, hint: "" });
  },
});

/** Twilio states the length. Counting the bytes would turn the body into a stream, which is slow. */
twilio.use((c, next) => {
  const length = Number(c.req.header("content-length") ?? Number.NaN);
  const isShort = length <= WEBHOOK_BODY_BYTES && c.req.header("transfer-encoding") === undefined;
  return isShort ? next() : limitBody(c, next);
});

/** The Request URL: "a message comes in". */
twilio.on("POST", withTrailingSlash("/message"), async (c) => {
  const signed = await verifyWebhook(c);
  if (signed instanceof Response) return signed;
  const text = resolveInboundText(c, signed);
  if (text instanceof Response) return text;
  await deliverText(c, signed, text);
  return toXmlResponse(createEmptyTwiml());
});

/**
 * The Fallback URL: "primary handler fails". Handles the text like the Request URL. If that fails or exceeds Twilio's
 * timeout, the contact gets the failure message by TwiML. A text that is accepted after the timeout is answered as
 * well, since two messages are better than none.
 */
twilio.on("POST", withTrailingSlash("/fallback"), async (c) => {
  const failure = { message: chooseLanguage("en").messages.failure };
  try {
    return await withTimeout(FALLBACK_WAIT_MILLISECONDS, takeFallbackText(c, failure));
  } catch (error) {
    logFailure(c, error);
    return toXmlResponse(createMessageTwiml(failure.message));
  }
});

/** A status callback for one of our parts. */
twilio.on("POST", withTrailingSlash("/status"), async (c) => {
  const signed = await verifyWebhook(c);
  if (signed instanceof Response) return signed;
  const report = parseStatusReport(signed.form, c.req.query("part") ?? "");
  if (!report.ok) return refuseIncomplete(c, "The status callback is incomplete.", report.failure, signed.account);
  if (report.value !== null) await c.env.SENDER.getByName(report.value.sender).report(report.value);
  return c.body(null, 204);
});

for (const path of ["/message", "/fallback", "/status"].flatMap(withTrailingSlash)) {
  twilio.all(path, (c) => {
    const hint = "In Twilio, set the webhook's method to HTTP POST.";
    const problem = createProblem(405, "Twilio's webhooks are POST requests.");
    // A webhook that uses GET names its account in the query.
    const account = c.req.query("AccountSid") ?? null;
    c.executionCtx.waitUntil(countKnownRefusal(c, { problem, account, hint }));
    return toProblemResponse({ ...problem, detail: `${problem.detail} ${hint}` }, { allow: "POST" });
  });
}

twilio.onError((error, c) => {
  logFailure(c, error);
  return toProblemResponse(createProblem(503, "Parley could not accept the request now. Twilio may retry it."));
});

interface VerifiedWebhook {
  /** The public origin that Twilio sends requests to. */
  readonly origin: string;
  readonly form: WebhookForm;
  readonly account: SigningAccount;
  readonly snapshot: ConfigurationSnapshot;
}

/**
 * Verifies a webhook's signature and credentials. A refused request changes nothing except the operator's count of
 * refusals.
 */
async function verifyWebhook(c: WebhookContext): Promise<VerifiedWebhook | Response> {
  const { origin, ...request } = await toWebhookRequest(c);
  const claim = await parseClaim(request);
  if (!claim.ok) return refuseRequest(c, { problem: claim.failure, account: null, hint: "" });
  const { signature } = request;
  if (signature === undefined) return refuseRequest(c, refuseUnsigned(claim.value));
  const snapshot = await loadSnapshot(c);
  const verdict = await judgeWebhook({ ...request, signature }, claim.value, snapshot.accounts);
  switch (verdict.kind) {
    case "admitted":
      return { origin, form: verdict.form, account: verdict.account, snapshot };
    case "challenged":
      return answerProblem(verdict.problem);
    case "refused":
      return refuseRequest(c, verdict);
  }
}

function loadSnapshot(c: WebhookContext): Promise<ConfigurationSnapshot> {
  return loadConfiguration(c.env, (work) => c.executionCtx.waitUntil(work));
}

async function toWebhookRequest(c: WebhookContext): Promise<WebhookRequest & Pick<VerifiedWebhook, "origin">> {
  const { url } = c.req;
  const requestOrigin = parseOrigin(url);
  const origin = resolvePublicOrigin(c.env, url);
  return {
    origin,
    urls: origin === requestOrigin ? [url] : [origin + url.slice(requestOrigin.length), url],
    contentType: c.req.header("content-type"),
    signature: c.req.header("x-twilio-signature"),
    authorization: c.req.header("authorization"),
    // Not as text, because a watched runtime logs a warning for each form that is read as text.
    body: new Uint8Array(await c.req.arrayBuffer()),
  };
}

function resolveInboundText(c: WebhookContext, { form, account, snapshot }: VerifiedWebhook): InboundText | Response {
  const text = parseInboundText(form);
  if (!text.ok) return refuseIncomplete(c, "The message is incomplete.", text.failure, account);
  const { to } = text.value;
  const number = snapshot.numbers.get(to);
  if (number?.account === account.sid) return text.value;
  const hint =
    number === undefined
      ? `Save the number that was texted: PUT /v1/numbers/${to}`
      : `${to} is saved for account ${number.account}: delete it there, and save it for this one (PUT /v1/numbers/${to}).`;
  return refuseRequest(c, {
    problem: createProblem(403, "The number is not configured here."),
    account: account.sid,
    hint,
  });
}

function refuseIncomplete(
  c: WebhookContext,
  detail: string,
  fields: readonly FieldProblem[],
  { sid }: SigningAccount,
): Response {
  const hint = `Missing or malformed: ${fields.map(({ pointer }) => pointer).join(", ")}.`;
  return refuseRequest(c, { problem: createProblem(400, detail, fields), account: sid, hint });
}

async function deliverText(c: WebhookContext, { origin, snapshot }: VerifiedWebhook, text: InboundText): Promise<void> {
  await c.env.SENDER.getByName(text.from).receive({ text, origin, revision: snapshot.revision });
}

/** @param failure receives the application's failure message as soon as it is known */
async function takeFallbackText(c: WebhookContext, failure: { message: string }): Promise<Response> {
  const signed = await verifyWebhook(c);
  if (signed instanceof Response) return signed;
  const text = resolveInboundText(c, signed);
  if (text instanceof Response) return text;
  const { application } = signed.snapshot.numbers.get(text.to) ?? {};
  failure.message = signed.snapshot.findApplication(application ?? "")?.failure ?? failure.message;
  await deliverText(c, signed, text);
  return toXmlResponse(createEmptyTwiml());
}

/** Logs and counts the refusal, without the body or a contact's phone number. */
function refuseRequest(c: WebhookContext, refused: RefusalReport): Response {
  const { problem, account } = refused;
  const fields = (problem.errors ?? []).map(({ pointer }) => pointer).join(" ");
  logEvent("warn", "webhook-refused", {
    path: c.req.path,
    status: problem.status,
    reason: problem.detail,
    fields,
    account,
  });
  c.executionCtx.waitUntil(countKnownRefusal(c, refused));
  return answerProblem(problem);
}

/** Counts a refusal for `/v1/accounts/{sid}/refusals`, if the account is configured. Never throws. */
async function countKnownRefusal(
  c: WebhookContext,
  { problem: { detail }, account, hint }: RefusalReport,
): Promise<void> {
  if (account === null) return;
  const snapshot = await loadSnapshot(c).catch(() => null);
  if (snapshot?.accounts.has(account) !== true) return;
  await recordRefusal(c.env.DB, { account, reason: detail, path: c.req.path, hint });
}

function answerProblem(problem: ProblemDocument): Response {
  return toProblemResponse(problem, problem.status === 401 ? { "www-authenticate": BASIC_AUTH_CHALLENGE } : {});
}

function logFailure(c: WebhookContext, error: unknown): void {
  logEvent("error", "webhook-failed", { path: c.req.path, error: error instanceof Error ? error.name : "unknown" });
}

function toXmlResponse(body: string): Response {
  return new Response(body, { headers: { "content-type": "text/xml; charset=utf-8" } });
}
