import { BoundedCache } from "../core/bounded-cache.ts";

/**
 * Appended to a webhook's URL: makes Twilio retry after every failure, up to five times. It is
 * neither sent nor signed.
 */
export const WEBHOOK_RETRY_FRAGMENT = "#rc=5&rp=all";

/**
 * Returns the origin that Twilio calls, without a trailing slash: PUBLIC_URL if it is set, otherwise the origin of
 * the request.
 */
export function resolvePublicOrigin(env: Pick<Env, "PUBLIC_URL">, requestUrl: string): string {
  const configured = env.PUBLIC_URL?.trim() ?? "";
  return configured === "" ? parseOrigin(requestUrl) : configured.replace(/\/+$/u, "");
}

/** Nearly all requests arrive at the same few hosts. */
const ORIGINS_CACHED = 16;
const origins = new BoundedCache<string>(ORIGINS_CACHED);

/** @param url the absolute, valid URL of a request */
export function parseOrigin(url: string): string {
  const path = url.indexOf("/", url.indexOf("//") + 2);
  const prefix = path === -1 ? url : url.slice(0, path);
  return origins.getOrCreate(prefix, () => new URL(prefix).origin);
}
