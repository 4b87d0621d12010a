import type { Context, MiddlewareHandler } from "hono";
import { problem, problemResponse } from "../core/problem.ts";
import { isEqual } from "../core/secret.ts";

/** Lets only `Authorization: Bearer ADMIN_KEY` through; without an ADMIN_KEY nobody. */
export const adminKey: MiddlewareHandler<{ Bindings: Env }> = async (c, next) => {
  if (!c.env.ADMIN_KEY) return problemResponse(problem(503, "ADMIN_KEY is not set: npx wrangler secret put ADMIN_KEY"));
  if (await isAdmin(c)) return await next();
  const document = problem(401, "The header Authorization: Bearer ADMIN_KEY is missing, or its key is wrong.");
  return problemResponse(document, { "www-authenticate": "Bearer" });
};

/** Does the request bring the admin key? */
export async function isAdmin(c: Context<{ Bindings: Env }>): Promise<boolean> {
  const expected = c.env.ADMIN_KEY;
  const given = /^Bearer +(\S+)$/iu.exec(c.req.header("authorization") ?? "")?.[1];
  if (!expected || given === undefined) return false;
  return await isEqual(given, expected);
}
