import type { MiddlewareHandler } from "hono";
import { problem, problemResponse } from "../core/problem.ts";
import { isEqual } from "../core/secret.ts";

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
