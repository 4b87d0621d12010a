import { DIAGNOSIS_ACCOUNTS, HINT_CHARACTERS } from "../../core/limits/twilio.ts";
import type { SigningAccount } from "../account.ts";
import { withPlaceholder } from "../credentials.ts";
import type { WebhookForm } from "../form.ts";
import { verifySignature } from "../signature.ts";

/** A request whose signature does not fit, with everything needed to find the cause. */
export interface SignatureMisfit {
  readonly signature: string;
  /** The URLs that were tried, with and without the account's credentials. */
  readonly urls: readonly string[];
  /** The URL that belongs into Twilio's settings, without a password. */
  readonly exactUrl: string;
  readonly form: WebhookForm;
  readonly account: SigningAccount;
  readonly accounts: ReadonlyMap<string, SigningAccount>;
}

/** The paths of Twilio's webhooks. */
export const WEBHOOK_PATHS = ["/twilio/message", "/twilio/fallback", "/twilio/status"] as const;

/** A mistake that can be proved, because the signature fits a slightly different URL. */
interface UrlMistake {
  readonly variants: (url: string) => readonly string[];
  /**
   * @param signed the URL that Twilio signed
   * @param exact the correct URL
   */
  readonly hint: (signed: string, exact: string) => string;
}

const URL_MISTAKES: readonly UrlMistake[] = [
  {
    variants: (url) => [swapScheme(url)],
    hint: (signed, exact) =>
      `Twilio signed ${signed}, but Parley was reached by ${getScheme(exact)}: set PUBLIC_URL to ${toOrigin(signed)}, or write ${exact} in Twilio.`,
  },
  {
    variants: (url) => [toggleSlash(url)],
    hint: (signed, exact) =>
      `Twilio signed ${signed}, ${signed.endsWith("/") ? "with a trailing slash too many" : "without the trailing slash"}: write ${exact} in Twilio.`,
  },
  {
    variants: (url) => WEBHOOK_PATHS.filter((path) => path !== getPath(url)).map((path) => replacePath(url, path)),
    hint: (signed, exact) =>
      `Twilio signed ${signed}, but the request came to ${getPath(exact)}: ` +
      "the Request URL and the Fallback URL are swapped, or a proxy redirects one to the other.",
  },
];

/**
 * Finds out why a signature does not fit, by trying common mistakes. Bounded to about a hundred HMACs.
 * @returns advice for the operator, with URLs and account SIDs but no secret or body
 */
export async function diagnoseMisfit(misfit: SignatureMisfit): Promise<string> {
  const hint = (await findProvenMistake(misfit)) ?? (await findOtherOwner(misfit)) ?? suggestExactUrl(misfit);
  return hint.slice(0, HINT_CHARACTERS);
}

/** Returns advice that needs no tries. */
export function suggestExactUrl({ exactUrl, account }: SignatureMisfit): string {
  return (
    `The URL in Twilio must be exactly ${exactUrl}, character by character. If the auth token was changed at Twilio, ` +
    `save it here (PUT /v1/accounts/${account.sid}); the next time, save it as nextAuthToken before you change it.`
  );
}

async function findProvenMistake({
  signature,
  urls,
  exactUrl,
  form,
  account,
}: SignatureMisfit): Promise<string | null> {
  for (const { variants, hint } of URL_MISTAKES) {
    for (const url of urls) {
      for (const variant of variants(url)) {
        if (!(await verifySignature(signature, [variant], form, account.signingKeys))) continue;
        const username = account.webhookCredentials?.username ?? null;
        return hint(withPlaceholder(removeUser(removeQuery(variant)), hasUser(variant) ? username : null), exactUrl);
      }
    }
  }
  return null;
}

async function findOtherOwner({ signature, urls, form, account, accounts }: SignatureMisfit): Promise<string | null> {
  let tries = 0;
  for (const { sid, signingKeys } of accounts.values()) {
    if (sid === account.sid) continue;
    tries += 1;
    if (tries > DIAGNOSIS_ACCOUNTS) return null;
    if (!(await verifySignature(signature, urls, form, signingKeys))) continue;
    return `The request is signed with the auth token of account ${sid}: save the token of ${account.sid} itself (PUT /v1/accounts/${account.sid}).`;
  }
  return null;
}

const URL_PARTS = /^(?<scheme>https?):\/\/(?<user>[^/?#@]*@)?(?<host>[^/?#]*)(?<path>[^?#]*)(?<query>.*)$/isu;

function getUrlPart(url: string, name: "scheme" | "user" | "host" | "path" | "query"): string {
  return URL_PARTS.exec(url)?.groups?.[name] ?? "";
}

export function removeQuery(url: string): string {
  return url.replace(/[?#].*$/su, "");
}

function replacePath(url: string, path: string): string {
  return `${getScheme(url)}://${getUrlPart(url, "user")}${getUrlPart(url, "host")}${path}${getUrlPart(url, "query")}`;
}

function swapScheme(url: string): string {
  return url.replace(/^https?/iu, getScheme(url) === "https" ? "http" : "https");
}

function toggleSlash(url: string): string {
  const path = getPath(url);
  return replacePath(url, path.endsWith("/") ? path.slice(0, -1) : `${path}/`);
}

function removeUser(url: string): string {
  return url.replace(/\/\/[^/?#@]*@/u, "//");
}

function hasUser(url: string): boolean {
  return getUrlPart(url, "user") !== "";
}

function toOrigin(url: string): string {
  return `${getScheme(url)}://${getUrlPart(url, "host")}`;
}

function getScheme(url: string): string {
  return getUrlPart(url, "scheme").toLowerCase();
}

function getPath(url: string): string {
  return getUrlPart(url, "path");
}
