import type { MiddlewareHandler } from "hono";
import { refuseRequest } from "./json-documents.ts";

const LOCAL_HOST = /^(?:localhost|[\w-]+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/iu;

/**
 * Creates a middleware that refuses requests from pages of other sites, and requests under foreign host names (DNS
 * rebinding): any page in the developer's browser can reach the emulator.
 *
 * @param host the address that the emulator listens on; if it is not local, all host names are accepted, since the
 * emulator was opened to the network on purpose
 */
export function requireSameSite(host: string): MiddlewareHandler {
  const acceptsAnyHost = !LOCAL_HOST.test(host);
  return async (c, next) => {
    const name = (c.req.header("host") ?? new URL(c.req.url).host).replace(/:\d+$/u, "");
    if (!acceptsAnyHost && !LOCAL_HOST.test(name))
      return refuseRequest(403, `The host name ${name} is not allowed. Use localhost.`);
    if (["GET", "HEAD", "OPTIONS"].includes(c.req.method) || isSameOrigin(c.req.raw.headers)) return next();
    return refuseRequest(403, "The emulator does not accept requests from pages of other sites.");
  };
}

/** Compares the origin that browsers send. Other clients send no origin and are accepted. */
function isSameOrigin(headers: Headers): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return false;
  const origin = headers.get("origin");
  return origin === null || URL.parse(origin)?.host === headers.get("host");
}
