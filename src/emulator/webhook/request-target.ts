/** The parts of a URL that a request needs, without normalization of its path and query. */
export interface RequestTarget {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly hostHeader: string;
  /** Path and query, at least `/`. */
  readonly path: string;
  /** From `user:password@`; sent only after the server asks for credentials. */
  readonly credentials: { readonly user: string; readonly password: string } | null;
}

const URL_PARTS = /^(https?):\/\/(?:([^/?#]*)@)?(\[[0-9a-f:.]+\]|[^/?#@:[\]\s]+)(?::(\d{1,5}))?([/?][^#]*)?$/iu;

/** @returns null if the URL is not an http or https URL */
export function parseTarget(url: string): RequestTarget | null {
  const match = URL_PARTS.exec(url);
  if (match === null) return null;
  const [, scheme = "", userInfo, host = "", port, pathAndQuery = ""] = match;
  const secure = scheme.toLowerCase() === "https";
  return {
    secure,
    host: host.replace(/^\[|\]$/gu, ""),
    port: port === undefined ? (secure ? 443 : 80) : Number(port),
    hostHeader: port === undefined ? host : `${host}:${port}`,
    path: escapePath(pathAndQuery.startsWith("/") ? pathAndQuery : `/${pathAndQuery}`),
    credentials: userInfo === undefined ? null : parseCredentials(userInfo),
  };
}

/** Adds a slash to a URL without a path, as Twilio does before it requests and signs the URL. */
export function ensurePath(url: string): string {
  return url.replace(/^(https?:\/\/[^/?#]*)(\?.*)?$/iu, "$1/$2");
}

/** Escapes only the characters that HTTP does not allow. */
function escapePath(path: string): string {
  return path.replace(/[^\x21-\x7e]+/gu, (text) => encodeURIComponent(text.toWellFormed()));
}

function parseCredentials(userInfo: string): RequestTarget["credentials"] {
  const colon = userInfo.indexOf(":");
  const user = colon === -1 ? userInfo : userInfo.slice(0, colon);
  return { user: decodeUserInfo(user), password: colon === -1 ? "" : decodeUserInfo(userInfo.slice(colon + 1)) };
}

function decodeUserInfo(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
