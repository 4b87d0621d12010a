import * as z from "zod/mini";
import { PAGE_ITEMS_DEFAULT, PAGE_ITEMS_MAXIMUM } from "../core/limits/admin.ts";

/** What the OpenAPI document is put together from. */

export function operation(
  operationId: string,
  summary: string,
  parameters: readonly object[],
  responses: object,
): object {
  return { operationId, summary, parameters, responses: { ...responses, default: problemAnswer("Anything else") } };
}

export function pageParameters(): readonly object[] {
  const limit = { type: "integer", minimum: 1, maximum: PAGE_ITEMS_MAXIMUM, default: PAGE_ITEMS_DEFAULT };
  return [
    { name: "limit", in: "query", schema: limit },
    { name: "after", in: "query", schema: { type: "string" }, description: "`next` of the page before" },
  ];
}

export function pageOf(singular: string): object {
  return {
    type: "object",
    required: ["items", "next"],
    properties: { items: { type: "array", items: ref(singular) }, next: { type: ["string", "null"] } },
  };
}

export function content(schema: object): object {
  return { description: "Done", content: { "application/json": { schema } } };
}

export function problemAnswer(description: string): object {
  return { description, content: { "application/problem+json": { schema: ref("Problem") } } };
}

export function ref(name: string): object {
  return { $ref: `#/components/schemas/${name}` };
}

export function jsonSchema(schema: z.ZodMiniType, io: "input" | "output"): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}
