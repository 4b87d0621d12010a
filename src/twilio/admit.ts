import { fromUtf8 } from "../core/bytes.ts";
import { type Problem, problem } from "../core/problem.ts";
import { fail, type Result, succeed } from "../core/result.ts";
import type { SigningAccount } from "./account.ts";
import { isAuthorized, withCredentials, withPlaceholder } from "./credentials.ts";
import { type Form, parseForm, parseJsonForm } from "./form.ts";
import { accountOf } from "./inbound.ts";
import { type Misfit, withoutQuery } from "./refusals/diagnosis.ts";
import { isBodySigned, verifySignature } from "./signature.ts";

/** A webhook request as it came. */
export interface Arrived {
  /** Where Twilio may have sent it, without credentials: behind a proxy it knows PUBLIC_URL, and we see another. The likeliest first. */
  readonly urls: readonly [string, ...string[]];
  readonly contentType: string | undefined;
  readonly signature: string | undefined;
  readonly authorization: string | undefined;
  readonly body: Uint8Array<ArrayBuffer>;
}

export type SignedArrival = Arrived & { readonly signature: string };

/** What a request says, before any of it is believed. */
export interface Claim {
  readonly form: Form;
  /** The parameters that are signed: those of a form; of JSON none, its hash stands in the URL. */
  readonly signed: Form;
  /** Does the URL speak for this body? */
  readonly bodyFits: boolean;
}

/** What becomes of a request. `asked` is no refusal: Twilio comes first without credentials, and again with them when it is asked. */
export type Verdict =
  | { readonly kind: "admitted"; readonly form: Form; readonly account: SigningAccount }
  | { readonly kind: "asked"; readonly problem: Problem }
  | Refused;

export interface Refused {
  readonly kind: "refused";
  readonly problem: Problem;
  /** The account that the request names; nobody has proved that it comes from there. */
  readonly account: string | null;
  /** What the operator can do; where the signature does not fit, what is needed to find that out. */
  readonly hint: string | Misfit;
}

/** By their SIDs. */
type Accounts = ReadonlyMap<string, SigningAccount>;

const FORM = "application/x-www-form-urlencoded";
const JSON_BODY = "application/json";

/** Reads a form, or a JSON object that stands for one. */
export async function readClaim({ contentType, urls, body }: Arrived): Promise<Result<Claim, Problem>> {
  const type = mediaType(contentType);
  const text = fromUtf8(body);
  if (type === FORM) {
    const form = parseForm(text);
    return succeed({ form, signed: form, bodyFits: true });
  }
  if (type !== JSON_BODY) return fail(problem(415, `A webhook's body is ${FORM}, or ${JSON_BODY} with bodySHA256.`));
  const form = parseJsonForm(text);
  if (form === null) return fail(problem(400, "The body is not a JSON object."));
  return succeed({ form, signed: new Map(), bodyFits: await isBodySigned(urls[0], body) });
}

function mediaType(contentType = ""): string {
  const end = contentType.indexOf(";");
  return (end === -1 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

/** Without a signature nothing is looked at, and nobody waits for D1. */
export function refuseUnsigned({ form }: Claim): Refused {
  const hint =
    "Twilio signs every request: this one came from elsewhere, or something on the way takes the header out.";
  return refused(403, "X-Twilio-Signature is missing.", accountOf(form), hint);
}

/** Only what one of our accounts has signed is admitted, and only with its credentials where it has some. */
export async function judge(arrived: SignedArrival, claim: Claim, accounts: Accounts): Promise<Verdict> {
  const sid = accountOf(claim.form);
  if (sid === null) return refused(400, "AccountSid is missing or malformed.", null, "");
  const account = accounts.get(sid);
  if (account === undefined) return refused(403, "The account is not configured here.", sid, "");
  if (!claim.bodyFits) return refused(403, "bodySHA256 does not fit the body.", sid, CHANGED);
  return await judgeLocks({ arrived, claim, account, accounts });
}

const CHANGED =
  "bodySHA256 in the URL is the hash of a JSON body: something on the way takes it out, or changes the body.";
const OTHER_PASSWORD =
  "User name and password in the URL in Twilio are not those saved here: save them as webhookCredentials, or change the URL.";

/** A request of an account of ours. */
interface Case {
  readonly arrived: SignedArrival;
  readonly claim: Claim;
  readonly account: SigningAccount;
  readonly accounts: Accounts;
}

async function judgeLocks(request: Case): Promise<Verdict> {
  const { account, arrived, claim } = request;
  const { webhookCredentials: credentials, sid } = account;
  const locked = arrived.urls.map((url) => withCredentials(url, credentials));
  if (credentials === null || (await isAuthorized(arrived.authorization ?? "", credentials))) {
    const fits = await isSigned(request, [...locked, ...arrived.urls]);
    return fits
      ? { kind: "admitted", form: claim.form, account }
      : misfit(request, 403, "X-Twilio-Signature does not fit.");
  }
  if (arrived.authorization !== undefined) return refused(403, "User name or password is wrong.", sid, OTHER_PASSWORD);
  const missing = "User name and password are missing.";
  if (await isSigned(request, locked)) return { kind: "asked", problem: problem(401, missing) };
  if (!(await isSigned(request, arrived.urls))) return misfit(request, 401, missing);
  return refused(401, missing, sid, `The URL in Twilio has no user name and password: paste ${exactUrl(request)}`);
}

function isSigned({ arrived: { signature }, claim, account }: Case, urls: readonly string[]): Promise<boolean> {
  return verifySignature(signature, [...new Set(urls)], claim.signed, account.signingKeys);
}

function refused(status: number, detail: string, account: string | null, hint: Refused["hint"]): Refused {
  return { kind: "refused", problem: problem(status, detail), account, hint };
}

function misfit(request: Case, status: number, detail: string): Refused {
  const { arrived, claim, account, accounts } = request;
  const urls = [...new Set(arrived.urls.flatMap((url) => [withCredentials(url, account.webhookCredentials), url]))];
  return refused(status, detail, account.sid, {
    signature: arrived.signature,
    urls,
    exactUrl: exactUrl(request),
    form: claim.signed,
    account,
    accounts,
  });
}

/** The URL as it must stand in Twilio. */
function exactUrl({ arrived, account }: Case): string {
  return withPlaceholder(withoutQuery(arrived.urls[0]), account.webhookCredentials?.username ?? null);
}
