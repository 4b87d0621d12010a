import { decodeUtf8 } from "../core/bytes.ts";
import { createProblem, type ProblemDocument } from "../core/problem-document.ts";
import { fail, type Result, succeed } from "../core/result.ts";
import type { SigningAccount } from "./account.ts";
import { isAuthorized, withCredentials, withPlaceholder } from "./credentials.ts";
import { parseForm, parseJsonForm, type WebhookForm } from "./form.ts";
import { findAccountSid } from "./inbound-text.ts";
import { removeQuery, type SignatureMisfit } from "./refusals/diagnosis.ts";
import { isBodySigned, verifySignature } from "./signature.ts";

/** A webhook request as received. */
export interface WebhookRequest {
  /**
   * URLs that Twilio may have used, without credentials, the likeliest first: PUBLIC_URL and, behind a proxy, the URL
   * of the request.
   */
  readonly urls: readonly [string, ...string[]];
  readonly contentType: string | undefined;
  readonly signature: string | undefined;
  readonly authorization: string | undefined;
  readonly body: Uint8Array<ArrayBuffer>;
}

export type SignedWebhookRequest = WebhookRequest & { readonly signature: string };

/** The content of a request that is not verified yet. */
export interface WebhookClaim {
  readonly form: WebhookForm;
  /** The signed parameters: those of a form, or none for JSON, whose hash is in the URL. */
  readonly signed: WebhookForm;
  /** Whether the body matches the hash in the URL; true for a form. */
  readonly isBodyIntact: boolean;
}

/**
 * The result of verification. `challenged` is not a refusal: Twilio first sends a request without credentials, then
 * repeats it with them.
 */
export type WebhookVerdict =
  | { readonly kind: "admitted"; readonly form: WebhookForm; readonly account: SigningAccount }
  | { readonly kind: "challenged"; readonly problem: ProblemDocument }
  | RefusedWebhook;

export interface RefusedWebhook {
  readonly kind: "refused";
  readonly problem: ProblemDocument;
  /** The account that the request names, not verified. */
  readonly account: string | null;
  /** Advice for the operator; for a signature that does not fit, the data needed to find the cause. */
  readonly hint: string | SignatureMisfit;
}

/** Accounts by SID. */
type AccountsBySid = ReadonlyMap<string, SigningAccount>;

const FORM_TYPE = "application/x-www-form-urlencoded";
const JSON_TYPE = "application/json";

/** Parses the body, which is a form or a JSON object. */
export async function parseClaim({
  contentType,
  urls,
  body,
}: WebhookRequest): Promise<Result<WebhookClaim, ProblemDocument>> {
  const type = parseMediaType(contentType);
  const text = decodeUtf8(body);
  if (type === FORM_TYPE) {
    const form = parseForm(text);
    return succeed({ form, signed: form, isBodyIntact: true });
  }
  if (type !== JSON_TYPE)
    return fail(createProblem(415, `A webhook's body is ${FORM_TYPE}, or ${JSON_TYPE} with bodySHA256.`));
  const form = parseJsonForm(text);
  if (form === null) return fail(createProblem(400, "The body is not a JSON object."));
  return succeed({ form, signed: new Map(), isBodyIntact: await isBodySigned(urls[0], body) });
}

function parseMediaType(contentType = ""): string {
  const end = contentType.indexOf(";");
  return (end === -1 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

/** Refuses a request without a signature, before any configuration is loaded. */
export function refuseUnsigned({ form }: WebhookClaim): RefusedWebhook {
  const hint = "Twilio signs every request: this one came from elsewhere, or a proxy removed the header.";
  return refuseWebhook(403, "X-Twilio-Signature is missing.", findAccountSid(form), hint);
}

/**
 * Admits a request if it is signed by one of our accounts and, if that account has webhook credentials, carries them.
 */
export async function judgeWebhook(
  request: SignedWebhookRequest,
  claim: WebhookClaim,
  accounts: AccountsBySid,
): Promise<WebhookVerdict> {
  const sid = findAccountSid(claim.form);
  if (sid === null) return refuseWebhook(400, "AccountSid is missing or malformed.", null, "");
  const account = accounts.get(sid);
  if (account === undefined) return refuseWebhook(403, "The account is not configured here.", sid, "");
  if (!claim.isBodyIntact) return refuseWebhook(403, "bodySHA256 does not match the body.", sid, BODY_CHANGED_HINT);
  return await judgeCredentials({ request, claim, account, accounts });
}

const BODY_CHANGED_HINT =
  "bodySHA256 in the URL is the hash of a JSON body: a proxy removes the parameter or changes the body.";
const OTHER_PASSWORD_HINT =
  "The user name and password in the URL in Twilio are not those saved here: save them as webhookCredentials, or change the URL.";

/** A request that names one of our accounts. */
interface WebhookCase {
  readonly request: SignedWebhookRequest;
  readonly claim: WebhookClaim;
  readonly account: SigningAccount;
  readonly accounts: AccountsBySid;
}

async function judgeCredentials(webhook: WebhookCase): Promise<WebhookVerdict> {
  const { account, request, claim } = webhook;
  const { webhookCredentials: credentials, sid } = account;
  const urlsWithCredentials = request.urls.map((url) => withCredentials(url, credentials));
  if (credentials === null || (await isAuthorized(request.authorization ?? "", credentials))) {
    const isSigned = await isWebhookSigned(webhook, [...urlsWithCredentials, ...request.urls]);
    return isSigned
      ? { kind: "admitted", form: claim.form, account }
      : refuseMisfit(webhook, 403, "X-Twilio-Signature does not match.");
  }
  if (request.authorization !== undefined)
    return refuseWebhook(403, "User name or password is wrong.", sid, OTHER_PASSWORD_HINT);
  const missing = "User name and password are missing.";
  if (await isWebhookSigned(webhook, urlsWithCredentials))
    return { kind: "challenged", problem: createProblem(401, missing) };
  if (!(await isWebhookSigned(webhook, request.urls))) return refuseMisfit(webhook, 401, missing);
  return refuseWebhook(
    401,
    missing,
    sid,
    `The URL in Twilio has no user name and password: paste ${toExactUrl(webhook)}`,
  );
}

function isWebhookSigned(
  { request: { signature }, claim, account }: WebhookCase,
  urls: readonly string[],
): Promise<boolean> {
  return verifySignature(signature, [...new Set(urls)], claim.signed, account.signingKeys);
}

function refuseWebhook(
  status: number,
  detail: string,
  account: string | null,
  hint: RefusedWebhook["hint"],
): RefusedWebhook {
  return { kind: "refused", problem: createProblem(status, detail), account, hint };
}

function refuseMisfit(webhook: WebhookCase, status: number, detail: string): RefusedWebhook {
  const { request, claim, account, accounts } = webhook;
  const urls = [...new Set(request.urls.flatMap((url) => [withCredentials(url, account.webhookCredentials), url]))];
  return refuseWebhook(status, detail, account.sid, {
    signature: request.signature,
    urls,
    exactUrl: toExactUrl(webhook),
    form: claim.signed,
    account,
    accounts,
  });
}

/** Returns the URL that belongs into Twilio's settings. */
function toExactUrl({ request, account }: WebhookCase): string {
  return withPlaceholder(removeQuery(request.urls[0]), account.webhookCredentials?.username ?? null);
}
