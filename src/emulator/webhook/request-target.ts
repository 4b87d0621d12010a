/** Where a request goes, read from a URL without changing a character of its path and query. */
export interface RequestTarget {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly hostHeader: string;
  /** Path and query, at least `/`. */
  readonly path: string;
  /** From `user:password@`; sent when the server asks for it. */
  readonly credentials: { readonly user: string; readonly password: string } | null;
}

const URL_PARTS = /^(https?):\/\/(?:([^/?#]*)@)?(\[[0-9a-f:.]+\]|[^/?#@:[\]\s]+)(?::(\d{1,5}))?([/?][^#]*)?$/iu;

/** @returns null where it is not an http or https URL */
export function parseTarget(url: string): RequestTarget | null {
  const match = URL_PARTS.exec(url);
  if (match === null) return null;
  const [, scheme = "", userInfo, host = "", port, rest = ""] = match;
  const secure = scheme.toLowerCase() === "https";
  return {
    secure,
    host: host.replace(/^\[|\]$/gu, ""),
    port: port === undefined ? (secure ? 443 : 80) : Number(port),
    hostHeader: port === undefined ? host : `${host}:${port}`,
    path: escapePath(rest.startsWith("/") ? rest : `/${rest}`),
    credentials: userInfo === undefined ? null : parseCredentials(userInfo),
  };
}

/** Twilio asks for a path at least; an address that has none is requested, and signed, with a slash. */
export function ensurePath(url: string): string {
  return url.replace(/^(https?:\/\/[^/?#]*)(\?.*)?$/iu, "$1/$2");
}

/** What HTTP does not let through is escaped; all else stays as it was typed. */
function escapePath(path: string): string {
  return path.replace(/[^\x21-\x7e]+/gu, (text) => encodeURIComponent(text.toWellFormed()));
}

function parseCredentials(userInfo: string): RequestTarget["credentials"] {
  const at = userInfo.indexOf(":");
  const user = at === -1 ? userInfo : userInfo.slice(0, at);
  return { user: decodeUserInfo(user), password: at === -1 ? "" : decodeUserInfo(userInfo.slice(at + 1)) };
}

function decodeUserInfo(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
