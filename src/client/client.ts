import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.d.ts";

/** A client whose methods know every path of the admin API, with its parameters, bodies and answers. */
export type ParleyClient = Client<paths>;

/** The documents of the admin API by name, for example `Schemas["Topic"]`. */
export type Schemas = components["schemas"];

export interface ParleyClientOptions {
  /** The Worker's origin, for example `https://parley.example.workers.dev`. */
  readonly origin: string;
  /** The Worker's `ADMIN_KEY`. */
  readonly key: string;
  /** Replaces the global `fetch`, for example in tests. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** Creates a client of one Parley. Nothing is sent before the first call. */
export function createParleyClient({ origin, key, fetch }: ParleyClientOptions): ParleyClient {
  return createClient<paths>({
    baseUrl: origin,
    headers: { authorization: `Bearer ${key}` },
    ...(fetch === undefined ? {} : { fetch }),
  });
}
