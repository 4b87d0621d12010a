import { DIAGNOSIS_ACCOUNTS, HINT_CHARACTERS } from "../../core/limits/twilio.ts";
import type { SigningAccount } from "../account.ts";
import { withPlaceholder } from "../credentials.ts";
import type { Form } from "../form.ts";
import { verifySignature } from "../signature.ts";

/** A request whose signature does not fit. */
export interface Misfit {
  readonly signature: string;
  /** What was tried: with the account's credentials and without. */
  readonly urls: readonly string[];
  /** How the URL must stand in Twilio; no password in it. */
  readonly exactUrl: string;
  readonly form: Form;
  readonly account: SigningAccount;
  readonly accounts: ReadonlyMap<string, SigningAccount>;
}

/** Where Twilio's webhooks go. */
export const WEBHOOK_PATHS = ["/twilio/message", "/twilio/fallback", "/twilio/status"] as const;

/** A mistake that can be proved: the signature fits a URL that is a little different. */
interface Mistake {
  readonly variants: (url: string) => readonly string[];
  /** @param signed the URL that Twilio signed @param exact the URL that it should have */
  readonly hint: (signed: string, exact: string) => string;
}

const MISTAKES: readonly Mistake[] = [
  {
    variants: (url) => [otherScheme(url)],
    hint: (signed, exact) =>
      `Twilio signed ${signed}, Parley was reached by ${schemeOf(exact)}: set PUBLIC_URL to ${originOf(signed)}, or write ${exact} in Twilio.`,
  },
  {
    variants: (url) => [otherSlash(url)],
    hint: (signed, exact) =>
      `Twilio signed ${signed}, with a slash at its end ${signed.endsWith("/") ? "too many" : "too few"}: write ${exact} in Twilio.`,
  },
  {
    variants: (url) => WEBHOOK_PATHS.filter((path) => path !== pathOf(url)).map((path) => withPath(url, path)),
    hint: (signed, exact) =>
      `Twilio signed ${signed}, but the request came to ${pathOf(exact)}: ` +
      "the Request URL and the Fallback URL are swapped, or something on the way leads from one to the other.",
  },
];

/**
 * Finds out why a signature does not fit, by trying what operators get wrong. The work is bounded: about a hundred HMACs.
 * @returns what the operator can do; names URLs and account SIDs, no secret, nothing of the request's body
 */
export async function diagnose(misfit: Misfit): Promise<string> {
  const hint = (await provenMistake(misfit)) ?? (await otherOwner(misfit)) ?? guess(misfit);
  return hint.slice(0, HINT_CHARACTERS);
}

/** What can be said without trying. */
export function guess({ exactUrl, account }: Misfit): string {
  return (
    `The URL in Twilio must be exactly ${exactUrl}, character by character. If the auth token was changed at Twilio, ` +
    `save it here (PUT /v1/accounts/${account.sid}); the next time, save it as nextAuthToken before you change it.`
  );
}

async function provenMistake({ signature, urls, exactUrl, form, account }: Misfit): Promise<string | null> {
  for (const { variants, hint } of MISTAKES) {
    for (const url of urls) {
      for (const variant of variants(url)) {
        if (!(await verifySignature(signature, [variant], form, account.signingKeys))) continue;
        const username = account.webhookCredentials?.username ?? null;
        return hint(withPlaceholder(withoutUser(withoutQuery(variant)), hasUser(variant) ? username : null), exactUrl);
      }
    }
  }
  return null;
}

async function otherOwner({ signature, urls, form, account, accounts }: Misfit): Promise<string | null> {
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

const PARTS = /^(?<scheme>https?):\/\/(?<user>[^/?#@]*@)?(?<host>[^/?#]*)(?<path>[^?#]*)(?<query>.*)$/isu;

function part(url: string, name: "scheme" | "user" | "host" | "path" | "query"): string {
  return PARTS.exec(url)?.groups?.[name] ?? "";
}

export function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/su, "");
}

function withPath(url: string, path: string): string {
  return `${schemeOf(url)}://${part(url, "user")}${part(url, "host")}${path}${part(url, "query")}`;
}

function otherScheme(url: string): string {
  return url.replace(/^https?/iu, schemeOf(url) === "https" ? "http" : "https");
}

function otherSlash(url: string): string {
  const path = pathOf(url);
  return withPath(url, path.endsWith("/") ? path.slice(0, -1) : `${path}/`);
}

function withoutUser(url: string): string {
  return url.replace(/\/\/[^/?#@]*@/u, "//");
}

function hasUser(url: string): boolean {
  return part(url, "user") !== "";
}

function originOf(url: string): string {
  return `${schemeOf(url)}://${part(url, "host")}`;
}

function schemeOf(url: string): string {
  return part(url, "scheme").toLowerCase();
}

function pathOf(url: string): string {
  return part(url, "path");
}
