import { BoundedCache } from "../core/bounded-cache.ts";

/** Behind a webhook's URL: Twilio tries again on every failure, up to five times (TWILIO.md 2.10). Never sent, never signed. */
export const WEBHOOK_RETRY_FRAGMENT = "#rc=5&rp=all";

/** The origin that Twilio calls: PUBLIC_URL where it is set, else that of the request. Without a slash at its end. */
export function resolvePublicOrigin(env: Pick<Env, "PUBLIC_URL">, requestUrl: string): string {
  const stated = env.PUBLIC_URL?.trim() ?? "";
  return stated === "" ? parseOrigin(requestUrl) : stated.replace(/\/+$/u, "");
}

/** Nearly all requests come to the same few hosts. */
const ORIGINS_KEPT = 16;
const origins = new BoundedCache<string>(ORIGINS_KEPT);

/** @param url of a request: whole, and valid */
export function parseOrigin(url: string): string {
  const path = url.indexOf("/", url.indexOf("//") + 2);
  const place = path === -1 ? url : url.slice(0, path);
  return origins.getOrCreate(place, () => new URL(place).origin);
}
