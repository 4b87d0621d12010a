import type { MiddlewareHandler } from "hono";
import { refuseRequest } from "./json-documents.ts";

const LOCAL_HOST = /^(?:localhost|[\w-]+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/iu;

/**
 * The emulator listens where any page in the developer's browser can reach it. So nothing changes at the word of another
 * site, and nothing is told to one that made its own name point here.
 *
 * @param host the address that the emulator listens on; one that is not local was opened to others on purpose
 */
export function requireSameSite(host: string): MiddlewareHandler {
  const anyName = !LOCAL_HOST.test(host);
  return async (c, next) => {
    const name = (c.req.header("host") ?? new URL(c.req.url).host).replace(/:\d+$/u, "");
    if (!anyName && !LOCAL_HOST.test(name))
      return refuseRequest(403, `The emulator answers on localhost only, not as ${name}.`);
    if (["GET", "HEAD", "OPTIONS"].includes(c.req.method) || isSameOrigin(c.req.raw.headers)) return next();
    return refuseRequest(403, "The emulator takes no requests from the pages of other sites.");
  };
}

/** Browsers say where a request comes from; what is no browser says nothing. */
function isSameOrigin(headers: Headers): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return false;
  const origin = headers.get("origin");
  return origin === null || URL.parse(origin)?.host === headers.get("host");
}
