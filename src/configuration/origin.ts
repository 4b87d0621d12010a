/** Behind a webhook's URL: Twilio tries again on every failure, up to five times (TWILIO.md 2.10). Never sent, never signed. */
export const RETRY_EVERYTHING = "#rc=5&rp=all";

/** The origin that Twilio calls: PUBLIC_URL where it is set, else that of the request. Without a slash at its end. */
export function publicOrigin(env: Pick<Env, "PUBLIC_URL">, requestUrl: string): string {
  const stated = env.PUBLIC_URL?.trim() ?? "";
  return stated === "" ? new URL(requestUrl).origin : stated.replace(/\/+$/u, "");
}
