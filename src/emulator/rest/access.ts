import { timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { FORM_BYTES } from "../limits.ts";
import type { Account } from "../model.ts";
import type { World } from "../world.ts";
import { AUTHENTICATE, NO_SUCH_USER, restErrorResponse, TOO_LARGE } from "./errors.ts";

/** What REST handlers find in Hono's context: the account that speaks, and the parameters of a POST. */
export interface RestEnv {
  Variables: { account: Account; form: URLSearchParams };
}

export type RestHandler = (c: Context<RestEnv>) => Response | Promise<Response>;

/** Lets nobody in but the account that the path names, with its primary or secondary token. */
export function authenticate(world: World): MiddlewareHandler<RestEnv> {
  return async (c, next) => {
    const open = accountOfOpenFile(world, c.req.method, c.req.path);
    if (open !== null) {
      c.set("account", open);
      return next();
    }
    const [user, password] = basicCredentials(c.req.header("authorization"));
    const account = world.store.account(user);
    if (user === "" || (account !== undefined && !isToken(account, password))) return restErrorResponse(AUTHENTICATE);
    if (account === undefined) return restErrorResponse(NO_SUCH_USER);
    const { sid } = c.req.param() as { readonly sid?: string };
    if (sid?.replace(/\.json$/u, "") !== account.sid) return restErrorResponse(AUTHENTICATE);
    c.set("account", account);
    c.header("twilio-request-id", world.sid("RQ"));
    return next();
  };
}

const FILE = /\/Accounts\/(AC[0-9a-f]{32})\/Messages\/[^/]+\/Media\/ME[0-9a-f]{32}$/iu;

/** @returns the account whose file anybody may fetch, since it wants no credentials for its media; null for all else */
function accountOfOpenFile(world: World, method: string, path: string): Account | null {
  const account = method === "GET" ? world.store.account(FILE.exec(path)?.[1] ?? "") : undefined;
  return account === undefined || account.mediaAuth ? null : account;
}

/** Reads the form of a POST, which no real request makes larger than the limit. */
export const readForm: MiddlewareHandler<RestEnv> = async (c, next) => {
  if (c.req.method !== "POST") return next();
  if (Number(c.req.header("content-length") ?? 0) > FORM_BYTES) return restErrorResponse(TOO_LARGE);
  const text = await c.req.text();
  if (text.length > FORM_BYTES) return restErrorResponse(TOO_LARGE);
  c.set("form", new URLSearchParams(text));
  return next();
};

function basicCredentials(header: string | undefined): readonly [string, string] {
  const encoded = /^basic\s+(\S+)$/iu.exec(header ?? "")?.[1] ?? "";
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  const at = decoded.indexOf(":");
  return at === -1 ? [decoded, ""] : [decoded.slice(0, at), decoded.slice(at + 1)];
}

function isToken({ authToken, secondaryAuthToken }: Account, written: string): boolean {
  return [authToken, secondaryAuthToken].some((token) => token !== null && equal(token, written));
}

function equal(token: string, written: string): boolean {
  const [a, b] = [Buffer.from(token), Buffer.from(written)];
  return a.length === b.length && timingSafeEqual(a, b);
}
