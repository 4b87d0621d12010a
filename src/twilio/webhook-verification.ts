import { decodeUtf8 } from "../core/bytes.ts";
import { createProblem, type ProblemDocument } from "../core/problem-document.ts";
import { fail, type Result, succeed } from "../core/result.ts";
import type { SigningAccount } from "./account.ts";
import { isAuthorized, withCredentials, withPlaceholder } from "./credentials.ts";
import { parseForm, parseJsonForm, type WebhookForm } from "./form.ts";
import { findAccountSid } from "./inbound-text.ts";
import { removeQuery, type SignatureMisfit } from "./refusals/diagnosis.ts";
import { isBodySigned, verifySignature } from "./signature.ts";

/** A webhook request as it came. */
export interface WebhookRequest {
  /** Where Twilio may have sent it, without credentials: behind a proxy it knows PUBLIC_URL, and we see another. The likeliest first. */
  readonly urls: readonly [string, ...string[]];
  readonly contentType: string | undefined;
  readonly signature: string | undefined;
  readonly authorization: string | undefined;
  readonly body: Uint8Array<ArrayBuffer>;
}

export type SignedWebhookRequest = WebhookRequest & { readonly signature: string };

/** What a request says, before any of it is believed. */
export interface WebhookClaim {
  readonly form: WebhookForm;
  /** The parameters that are signed: those of a form; of JSON none, its hash stands in the URL. */
  readonly signed: WebhookForm;
  /** Does the URL speak for this body? */
  readonly isBodyIntact: boolean;
}

/** What becomes of a request. `asked` is no refusal: Twilio comes first without credentials, and again with them when it is asked. */
export type WebhookVerdict =
  | { readonly kind: "admitted"; readonly form: WebhookForm; readonly account: SigningAccount }
  | { readonly kind: "asked"; readonly problem: ProblemDocument }
  | RefusedWebhook;

export interface RefusedWebhook {
  readonly kind: "refused";
  readonly problem: ProblemDocument;
  /** The account that the request names; nobody has proved that it comes from there. */
  readonly account: string | null;
  /** What the operator can do; where the signature does not fit, what is needed to find that out. */
  readonly hint: string | SignatureMisfit;
}

/** By their SIDs. */
type AccountsBySid = ReadonlyMap<string, SigningAccount>;

const FORM_TYPE = "application/x-www-form-urlencoded";
const JSON_TYPE = "application/json";

/** Reads a form, or a JSON object that stands for one. */
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

/** Without a signature nothing is looked at, and nobody waits for D1. */
export function refuseUnsigned({ form }: WebhookClaim): RefusedWebhook {
  const hint =
    "Twilio signs every request: this one came from elsewhere, or something on the way takes the header out.";
  return refuseWebhook(403, "X-Twilio-Signature is missing.", findAccountSid(form), hint);
}

/** Only what one of our accounts has signed is admitted, and only with its credentials where it has some. */
export async function judgeWebhook(
  request: SignedWebhookRequest,
  claim: WebhookClaim,
  accounts: AccountsBySid,
): Promise<WebhookVerdict> {
  const sid = findAccountSid(claim.form);
  if (sid === null) return refuseWebhook(400, "AccountSid is missing or malformed.", null, "");
  const account = accounts.get(sid);
  if (account === undefined) return refuseWebhook(403, "The account is not configured here.", sid, "");
  if (!claim.isBodyIntact) return refuseWebhook(403, "bodySHA256 does not fit the body.", sid, BODY_CHANGED_HINT);
  return await judgeCredentials({ request, claim, account, accounts });
}

const BODY_CHANGED_HINT =
  "bodySHA256 in the URL is the hash of a JSON body: something on the way takes it out, or changes the body.";
const OTHER_PASSWORD_HINT =
  "User name and password in the URL in Twilio are not those saved here: save them as webhookCredentials, or change the URL.";

/** A request of an account of ours. */
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
      : refuseMisfit(webhook, 403, "X-Twilio-Signature does not fit.");
  }
  if (request.authorization !== undefined)
    return refuseWebhook(403, "User name or password is wrong.", sid, OTHER_PASSWORD_HINT);
  const missing = "User name and password are missing.";
  if (await isWebhookSigned(webhook, urlsWithCredentials))
    return { kind: "asked", problem: createProblem(401, missing) };
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

/** The URL as it must stand in Twilio. */
function toExactUrl({ request, account }: WebhookCase): string {
  return withPlaceholder(removeQuery(request.urls[0]), account.webhookCredentials?.username ?? null);
}
