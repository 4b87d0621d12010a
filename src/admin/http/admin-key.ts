import type { Context, MiddlewareHandler } from "hono";
import { equalsInConstantTime } from "../../core/constant-time.ts";
import { createProblem, toProblemResponse } from "../../core/problem-document.ts";

/** Lets a request through that brings `Authorization: Bearer ADMIN_KEY`; if ADMIN_KEY is not set, none. */
export const requireAdminKey: MiddlewareHandler<{ Bindings: Env }> = async (c, next) => {
  if (!c.env.ADMIN_KEY)
    return toProblemResponse(
      createProblem(503, "ADMIN_KEY is not set. Set it with: npm run wrangler -- secret put ADMIN_KEY"),
    );
  if (await hasAdminKey(c)) return await next();
  const document = createProblem(
    401,
    "The admin key is missing or wrong. Send the header Authorization: Bearer ADMIN_KEY.",
  );
  return toProblemResponse(document, { "www-authenticate": "Bearer" });
};

/** Says whether a request brings the admin key. */
export async function hasAdminKey(c: Context<{ Bindings: Env }>): Promise<boolean> {
  const expected = c.env.ADMIN_KEY;
  const given = /^Bearer +(\S+)$/iu.exec(c.req.header("authorization") ?? "")?.[1];
  if (!expected || given === undefined) return false;
  return await equalsInConstantTime(given, expected);
}
