import type { MiddlewareHandler } from "hono";
import { utf8 } from "../core/bytes.ts";
import { problem, problemResponse } from "../core/problem.ts";

/** Lets only `Authorization: Bearer ADMIN_KEY` through; without an ADMIN_KEY nobody. */
export const adminKey: MiddlewareHandler<{ Bindings: Env }> = async (c, next) => {
  const expected = c.env.ADMIN_KEY;
  if (!expected) return problemResponse(problem(503, "ADMIN_KEY is not set: npx wrangler secret put ADMIN_KEY"));
  const given = /^Bearer +(\S+)$/iu.exec(c.req.header("authorization") ?? "")?.[1];
  if (given === undefined || !(await isEqual(given, expected))) {
    const document = problem(401, "The header Authorization: Bearer ADMIN_KEY is missing, or its key is wrong.");
    return problemResponse(document, { "www-authenticate": "Bearer" });
  }
  return await next();
};

/** Compares digests, so that neither content nor length shows in the time it takes. */
async function isEqual(left: string, right: string): Promise<boolean> {
  const [a, b] = await Promise.all([left, right].map((text) => crypto.subtle.digest("SHA-256", utf8(text))));
  return a !== undefined && b !== undefined && crypto.subtle.timingSafeEqual(a, b);
}
