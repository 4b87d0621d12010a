import type { Context, MiddlewareHandler } from "hono";
import { equalsInConstantTime } from "../core/constant-time.ts";
import { createProblem, toProblemResponse } from "../core/problem-document.ts";

/** Lets only `Authorization: Bearer ADMIN_KEY` through; without an ADMIN_KEY nobody. */
export const requireAdminKey: MiddlewareHandler<{ Bindings: Env }> = async (c, next) => {
  if (!c.env.ADMIN_KEY)
    return toProblemResponse(createProblem(503, "ADMIN_KEY is not set: npx wrangler secret put ADMIN_KEY"));
  if (await isAdmin(c)) return await next();
  const document = createProblem(401, "The header Authorization: Bearer ADMIN_KEY is missing, or its key is wrong.");
  return toProblemResponse(document, { "www-authenticate": "Bearer" });
};

/** Does the request bring the admin key? */
export async function isAdmin(c: Context<{ Bindings: Env }>): Promise<boolean> {
  const expected = c.env.ADMIN_KEY;
  const given = /^Bearer +(\S+)$/iu.exec(c.req.header("authorization") ?? "")?.[1];
  if (!expected || given === undefined) return false;
  return await equalsInConstantTime(given, expected);
}
