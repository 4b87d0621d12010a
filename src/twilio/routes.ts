import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { originOf, publicOrigin } from "../configuration/origin.ts";
import type { Snapshot } from "../configuration/snapshot.ts";
import { configuration } from "../configuration/store.ts";
import { FALLBACK_WAIT_MILLISECONDS, WEBHOOK_BODY_BYTES } from "../core/limits/twilio.ts";
import { log } from "../core/log.ts";
import { type FieldProblem, type Problem, problem, problemResponse } from "../core/problem.ts";
import { within } from "../core/time.ts";
import { languageAmong } from "../languages/catalog.ts";
import type { SigningAccount } from "./account.ts";
import { type Arrived, judge, type Refused, readClaim, refuseUnsigned } from "./admit.ts";
import { CHALLENGE } from "./credentials.ts";
import type { Form } from "./form.ts";
import { type InboundText, parseInbound } from "./inbound.ts";
import { noteRefusal } from "./refusals/store.ts";
import { parseStatus } from "./status.ts";
import { emptyAnswer, messageAnswer } from "./twiml.ts";

type Webhook = Context<{ Bindings: Env }>;

type Refusal = Pick<Refused, "problem" | "account" | "hint">;

/** A slash at the end of the URL in Twilio is no reason to lose a text. */
const paths = (path: string) => [path, `${path}/`];

/** What Twilio calls: signed requests, and nothing else. */
export const twilio = new Hono<{ Bindings: Env }>();

const limited = bodyLimit({
  maxSize: WEBHOOK_BODY_BYTES,
  onError: (c) => {
    const document = problem(413, `A webhook's body has at most ${WEBHOOK_BODY_BYTES} bytes.`);
    return refuse(c, { problem: document, account: null, hint: "" });
  },
});

/** Twilio says how long its bodies are. To look at a body itself makes a stream of it, which is dear. */
twilio.use((c, next) => {
  const length = Number(c.req.header("content-length") ?? Number.NaN);
  const isShort = length <= WEBHOOK_BODY_BYTES && c.req.header("transfer-encoding") === undefined;
  return isShort ? next() : limited(c, next);
});

/** Request URL: "a message comes in". */
twilio.on("POST", paths("/message"), async (c) => {
  const signed = await readSigned(c);
  if (signed instanceof Response) return signed;
  const text = readText(c, signed);
  if (text instanceof Response) return text;
  await deliver(c, signed, text);
  return xml(emptyAnswer());
});

/**
 * Fallback URL: "primary handler fails". Takes the text as the Request URL would have; where even that fails, or takes so long that Twilio would
 * give up, the person is told. (A text that is taken a moment later is answered all the same: better both than neither.)
 */
twilio.on("POST", paths("/fallback"), async (c) => {
  const failure = { message: languageAmong("en").messages.failure };
  try {
    return await within(FALLBACK_WAIT_MILLISECONDS, takeAgain(c, failure));
  } catch (error) {
    logFailure(c, error);
    return xml(messageAnswer(failure.message));
  }
});

/** Twilio's report on a part that we sent. */
twilio.on("POST", paths("/status"), async (c) => {
  const signed = await readSigned(c);
  if (signed instanceof Response) return signed;
  const report = parseStatus(signed.form, c.req.query("part") ?? "");
  if (!report.ok) return refuseIncomplete(c, "The status callback is not complete.", report.failure, signed.account);
  if (report.value !== null) await c.env.SENDER.getByName(report.value.sender).report(report.value);
  return c.body(null, 204);
});

for (const path of ["/message", "/fallback", "/status"].flatMap(paths)) {
  twilio.all(path, (c) => {
    const hint = "In Twilio, set the webhook's method to HTTP POST.";
    const document = problem(405, "Twilio's webhooks are POST requests.");
    // A webhook that is set to GET names its account in the query.
    const account = c.req.query("AccountSid") ?? null;
    c.executionCtx.waitUntil(note(c, { problem: document, account, hint }));
    return problemResponse({ ...document, detail: `${document.detail} ${hint}` }, { allow: "POST" });
  });
}

twilio.onError((error, c) => {
  logFailure(c, error);
  return problemResponse(problem(503, "Parley could not take this now; Twilio may try again."));
});

interface Signed {
  /** The origin that Twilio reaches us by. */
  readonly origin: string;
  readonly form: Form;
  readonly account: SigningAccount;
  readonly snapshot: Snapshot;
}

/** Reads what one of our accounts has signed; everything else is refused, and leaves nothing behind but a count for the operator. */
async function readSigned(c: Webhook): Promise<Signed | Response> {
  const { origin, ...arrived } = await readArrived(c);
  const claim = await readClaim(arrived);
  if (!claim.ok) return refuse(c, { problem: claim.failure, account: null, hint: "" });
  const { signature } = arrived;
  if (signature === undefined) return refuse(c, refuseUnsigned(claim.value));
  const snapshot = await known(c);
  const verdict = await judge({ ...arrived, signature }, claim.value, snapshot.accounts);
  switch (verdict.kind) {
    case "admitted":
      return { origin, form: verdict.form, account: verdict.account, snapshot };
    case "asked":
      return answerProblem(verdict.problem);
    case "refused":
      return refuse(c, verdict);
  }
}

function known(c: Webhook): Promise<Snapshot> {
  return configuration(c.env, (work) => c.executionCtx.waitUntil(work));
}

async function readArrived(c: Webhook): Promise<Arrived & Pick<Signed, "origin">> {
  const { url } = c.req;
  const own = originOf(url);
  const origin = publicOrigin(c.env, url);
  return {
    origin,
    urls: origin === own ? [url] : [origin + url.slice(own.length), url],
    contentType: c.req.header("content-type"),
    signature: c.req.header("x-twilio-signature"),
    authorization: c.req.header("authorization"),
    // Not as text: a runtime that is watched warns of every form that is read as such.
    body: new Uint8Array(await c.req.arrayBuffer()),
  };
}

function readText(c: Webhook, { form, account, snapshot }: Signed): InboundText | Response {
  const text = parseInbound(form);
  if (!text.ok) return refuseIncomplete(c, "The message is not complete.", text.failure, account);
  const { to } = text.value;
  const number = snapshot.numbers.get(to);
  if (number?.account === account.sid) return text.value;
  const hint =
    number === undefined
      ? `Save the number that was texted: PUT /v1/numbers/${to}`
      : `${to} is saved for account ${number.account}: delete it there, and save it for this one (PUT /v1/numbers/${to}).`;
  return refuse(c, { problem: problem(403, "The number is not configured here."), account: account.sid, hint });
}

function refuseIncomplete(
  c: Webhook,
  detail: string,
  fields: readonly FieldProblem[],
  { sid }: SigningAccount,
): Response {
  const hint = `Missing or malformed: ${fields.map(({ pointer }) => pointer).join(", ")}.`;
  return refuse(c, { problem: problem(400, detail, fields), account: sid, hint });
}

async function deliver(c: Webhook, { origin, snapshot }: Signed, text: InboundText): Promise<void> {
  await c.env.SENDER.getByName(text.from).receive({ text, origin, revision: snapshot.revision });
}

/** @param failure receives the message of the application, once it is known */
async function takeAgain(c: Webhook, failure: { message: string }): Promise<Response> {
  const signed = await readSigned(c);
  if (signed instanceof Response) return signed;
  const text = readText(c, signed);
  if (text instanceof Response) return text;
  const { application } = signed.snapshot.numbers.get(text.to) ?? {};
  failure.message = signed.snapshot.answering(application ?? "")?.failure ?? failure.message;
  await deliver(c, signed, text);
  return xml(emptyAnswer());
}

/** One line in the log, and a count for the operator; no body, no phone number of a person. */
function refuse(c: Webhook, refused: Refusal): Response {
  const { problem: document, account } = refused;
  const fields = (document.errors ?? []).map(({ pointer }) => pointer).join(" ");
  log("warn", "webhook-refused", {
    path: c.req.path,
    status: document.status,
    reason: document.detail,
    fields,
    account,
  });
  c.executionCtx.waitUntil(note(c, refused));
  return answerProblem(document);
}

/** Counts what the operator reads at `/v1/accounts/{sid}/refusals`; only for accounts that are ours. Never throws. */
async function note(c: Webhook, { problem: { detail }, account, hint }: Refusal): Promise<void> {
  if (account === null) return;
  const snapshot = await known(c).catch(() => null);
  if (snapshot?.accounts.has(account) !== true) return;
  await noteRefusal(c.env.DB, { account, reason: detail, path: c.req.path, hint });
}

function answerProblem(document: Problem): Response {
  return problemResponse(document, document.status === 401 ? { "www-authenticate": CHALLENGE } : {});
}

function logFailure(c: Webhook, error: unknown): void {
  log("error", "webhook-failed", { path: c.req.path, error: error instanceof Error ? error.name : "unknown" });
}

function xml(body: string): Response {
  return new Response(body, { headers: { "content-type": "text/xml; charset=utf-8" } });
}
