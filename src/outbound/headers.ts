import * as z from "zod/mini";
import { basicAuthorization } from "../core/bytes.ts";
import { OUTBOUND_HEADERS } from "../core/limits/outbound.ts";
import { fail, type Result, succeed } from "../core/result.ts";

/** Headers that the transport or Parley sets. */
const RESERVED_HEADERS = new Set([
  "connection",
  "content-length",
  "cookie",
  "expect",
  "host",
  "idempotency-key",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Visible characters and spaces, so that no value can end its header. */
const VALUE = /^[\x20-\x7e]*$/u;

const headerValue = z.union([
  z.string().check(z.regex(VALUE, "must be plain ASCII on one line"), z.maxLength(1_000)),
  z.strictObject({
    secret: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,63}$/u), z.describe("The name of a secret")),
    prefix: z.optional(z.string().check(z.regex(VALUE, "must be plain ASCII on one line"), z.maxLength(100))),
    user: z.optional(
      z
        .string()
        .check(z.regex(/^[\x21-\x39\x3b-\x7e]{1,100}$/u, "must be a user name in plain ASCII, without a colon"))
        .check(z.describe("The secret is this user's password, sent by the Basic scheme")),
    ),
  }),
]);

/**
 * Headers by name: a text, or the name of a secret with an optional prefix, such as `{"secret": "crm", "prefix":
 * "Bearer "}`.
 */
export const headersSchema = z
  .record(
    z.string().check(
      z.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/u, "must be the name of a header"),
      z.refine((name) => !RESERVED_HEADERS.has(name.toLowerCase()), "is a header that Parley sets itself"),
    ),
    headerValue,
  )
  .check(z.refine((headers) => Object.keys(headers).length <= OUTBOUND_HEADERS, `at most ${OUTBOUND_HEADERS} headers`));

export type OutboundHeaders = Readonly<z.infer<typeof headersSchema>>;

/**
 * Replaces secrets by their values.
 * @param secrets values by name
 * @returns headers for `fetch`; the failure is the name of a secret that does not exist or does not fit into a header
 */
export function fillHeaders(
  headers: OutboundHeaders,
  secrets: ReadonlyMap<string, string>,
): Result<Readonly<Record<string, string>>, string> {
  const filled: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "string") filled[name.toLowerCase()] = value;
    else {
      const secret = secrets.get(value.secret);
      if (secret === undefined || !VALUE.test(secret)) return fail(value.secret);
      const { user, prefix = "" } = value;
      filled[name.toLowerCase()] = user === undefined ? `${prefix}${secret}` : basicAuthorization(user, secret);
    }
  }
  return succeed(filled);
}
