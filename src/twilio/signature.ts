import { encodeUtf8, parseBase64, toHex } from "../core/bytes.ts";
import type { WebhookForm } from "./form.ts";

const HMAC_SHA1 = { name: "HMAC", hash: "SHA-1" } as const;

/** An auth token as a key that cannot be exported. */
export type SigningKey = CryptoKey;

export function importSigningKey(authToken: string): Promise<SigningKey> {
  return crypto.subtle.importKey("raw", encodeUtf8(authToken), HMAC_SHA1, false, ["verify"]);
}

/**
 * Verifies Twilio's signature. Twilio signs the URL as the operator typed it, followed by all parameters sorted by
 * name, with the primary auth token. The comparison takes constant time.
 *
 * @param signature the `X-Twilio-Signature` header: base64 of 20 bytes
 * @param urls URLs that Twilio may have signed; each is tried in several forms
 * @param keys the account's current token, and the next one during a rotation
 */
export async function verifySignature(
  signature: string,
  urls: readonly string[],
  form: WebhookForm,
  keys: readonly SigningKey[],
): Promise<boolean> {
  const expected = parseBase64(signature);
  if (expected === null || expected.length !== 20) return false;
  const parameters = joinParameters(form);
  const tried = new Set<string>();
  for (const url of urls.flatMap(listUrlForms)) {
    const signed = url();
    if (tried.has(signed)) continue;
    tried.add(signed);
    const data = encodeUtf8(signed + parameters);
    for (const key of keys) {
      if (await crypto.subtle.verify(HMAC_SHA1, key, expected, data)) return true;
    }
  }
  return false;
}

/**
 * Checks the hash of a body that is not a form. Twilio does not sign such a body itself, but puts its SHA-256 in
 * lower-case hexadecimal into the URL as `bodySHA256`.
 */
export async function isBodySigned(url: string, body: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const declaredHash = new URLSearchParams(/\?[^#]*/u.exec(url)?.[0]).get("bodySHA256");
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return declaredHash === toHex(digest);
}

/** Sorts names by code unit. For a repeated name, each distinct value counts once, sorted, preceded by the name. */
function joinParameters(form: WebhookForm): string {
  let text = "";
  for (const key of [...form.keys()].toSorted()) {
    const values = form.get(key) ?? [];
    for (const value of values.length < 2 ? values : [...new Set(values)].toSorted()) text += key + value;
  }
  return text;
}

/**
 * Lists the forms in which Twilio may have signed a URL: with and without a port, as received and normalized, and with
 * the query that old signers escaped. Lazy, because the first form nearly always fits.
 */
function listUrlForms(url: string): readonly (() => string)[] {
  const toBareUrl = (): string => removePort(normalizeUrl(url));
  const toFullUrl = (): string => addPort(normalizeUrl(url));
  return [
    () => removePort(url),
    () => addPort(url),
    toBareUrl,
    toFullUrl,
    () => withLegacyQuery(toBareUrl()),
    () => withLegacyQuery(toFullUrl()),
  ];
}

function normalizeUrl(url: string): string {
  try {
    return new URL(url).toString();
  } catch {
    return url;
  }
}

const AUTHORITY = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)(.*)$/isu;
const PORT = /:[^\]@:]*$/u;

function removePort(url: string): string {
  return url.replace(AUTHORITY, (_, scheme: string, authority: string, rest: string) => {
    const [user, host] = splitUser(authority);
    return scheme + user + host.replace(PORT, "") + rest;
  });
}

function addPort(url: string): string {
  return url.replace(AUTHORITY, (_, scheme: string, authority: string, rest: string) => {
    const [, host] = splitUser(authority);
    const port = PORT.test(host) ? "" : chooseDefaultPort(scheme);
    return scheme + authority + port + rest;
  });
}

function chooseDefaultPort(scheme: string): string {
  return scheme.toLowerCase() === "https://" ? ":443" : ":80";
}

function splitUser(authority: string): readonly [string, string] {
  const end = authority.lastIndexOf("@") + 1;
  return [authority.slice(0, end), authority.slice(end)];
}

/** Rewrites the query as Node's `querystring` does: repeated keys together, everything but `!'()*-._~` escaped. */
function withLegacyQuery(url: string): string {
  const start = url.indexOf("?");
  if (start === -1 || start === url.length - 1) return url;
  const values: Record<string, string[]> = Object.create(null);
  for (const pair of splitLegacyPairs(url.slice(start + 1))) {
    const equals = pair.indexOf("=");
    const key = unescapeQuery(equals === -1 ? pair : pair.slice(0, equals));
    values[key] ??= [];
    values[key].push(equals === -1 ? "" : unescapeQuery(pair.slice(equals + 1)));
  }
  const query = Object.entries(values).flatMap(([key, keyValues]) =>
    keyValues.map((value) => `${escapeQuery(key)}=${escapeQuery(value)}`),
  );
  return `${url.slice(0, start)}?${query.join("&")}`;
}

/** `querystring.parse` reads a thousand pairs at most. */
function splitLegacyPairs(query: string): readonly string[] {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .slice(0, 1_000);
}

function escapeQuery(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function unescapeQuery(text: string): string {
  const spaced = text.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return decodeLeniently(spaced);
  }
}

/**
 * Decodes a broken escape as `querystring` does: valid escapes become bytes, the remainder stays, and invalid UTF-8
 * becomes U+FFFD.
 */
function decodeLeniently(text: string): string {
  const bytes: number[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const escape = /^%([0-9a-f]{2})/iu.exec(text.slice(index, index + 3));
    if (escape === null) bytes.push(text.charCodeAt(index) & 0xff);
    else {
      bytes.push(Number.parseInt(escape[1] ?? "", 16));
      index += 2;
    }
  }
  return new TextDecoder("utf-8", { ignoreBOM: true, fatal: false }).decode(Uint8Array.from(bytes));
}
