import * as z from "zod/mini";
import type { JsonValue } from "../core/json.ts";
import { named } from "./named.ts";

/** Any JSON value. */
export const jsonValue: z.ZodMiniType<JsonValue> = named(
  "Json",
  z.lazy(() =>
    z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(jsonValue), z.record(z.string(), jsonValue)]),
  ),
);
