import { timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import type { EmulatorContext } from "../context.ts";
import { FORM_BYTES } from "../limits.ts";
import type { AccountRecord } from "../state/records.ts";
import { NO_SUCH_USER, NOT_AUTHENTICATED, PAYLOAD_TOO_LARGE, toErrorResponse } from "./errors.ts";

/** Variables in Hono's context for REST handlers: the authenticated account, and the form of a POST. */
export interface RestEnv {
  Variables: { account: AccountRecord; form: URLSearchParams };
}

export type RestHandler = (c: Context<RestEnv>) => Response | Promise<Response>;

/** Creates a middleware that admits only the account named in the path, with its primary or secondary token. */
export function requireAccount(context: EmulatorContext): MiddlewareHandler<RestEnv> {
  return async (c, next) => {
    const publicAccount = findPublicMediaAccount(context, c.req.method, c.req.path);
    if (publicAccount !== null) {
      c.set("account", publicAccount);
      return next();
    }
    const [user, password] = parseBasicCredentials(c.req.header("authorization"));
    const account = context.store.findAccount(user);
    if (user === "" || (account !== undefined && !isAccountToken(account, password)))
      return toErrorResponse(NOT_AUTHENTICATED);
    if (account === undefined) return toErrorResponse(NO_SUCH_USER);
    const { sid } = c.req.param() as { readonly sid?: string };
    if (sid?.replace(/\.json$/u, "") !== account.sid) return toErrorResponse(NOT_AUTHENTICATED);
    c.set("account", account);
    c.header("twilio-request-id", context.createSid("RQ"));
    return next();
  };
}

const FILE_PATH = /\/Accounts\/(AC[0-9a-f]{32})\/Messages\/[^/]+\/Media\/ME[0-9a-f]{32}$/iu;

/** @returns the account of a media file that needs no credentials; null for all other requests */
function findPublicMediaAccount(context: EmulatorContext, method: string, path: string): AccountRecord | null {
  const account = method === "GET" ? context.store.findAccount(FILE_PATH.exec(path)?.[1] ?? "") : undefined;
  return account === undefined || account.mediaAuth ? null : account;
}

/** Parses the form of a POST. */
export const parseForm: MiddlewareHandler<RestEnv> = async (c, next) => {
  if (c.req.method !== "POST") return next();
  if (Number(c.req.header("content-length") ?? 0) > FORM_BYTES) return toErrorResponse(PAYLOAD_TOO_LARGE);
  const text = await c.req.text();
  if (text.length > FORM_BYTES) return toErrorResponse(PAYLOAD_TOO_LARGE);
  c.set("form", new URLSearchParams(text));
  return next();
};

function parseBasicCredentials(header: string | undefined): readonly [string, string] {
  const encoded = /^basic\s+(\S+)$/iu.exec(header ?? "")?.[1] ?? "";
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  const at = decoded.indexOf(":");
  return at === -1 ? [decoded, ""] : [decoded.slice(0, at), decoded.slice(at + 1)];
}

function isAccountToken({ authToken, secondaryAuthToken }: AccountRecord, password: string): boolean {
  return [authToken, secondaryAuthToken].some((token) => token !== null && isSameToken(token, password));
}

function isSameToken(token: string, password: string): boolean {
  const [a, b] = [Buffer.from(token), Buffer.from(password)];
  return a.length === b.length && timingSafeEqual(a, b);
}
