import * as z from "zod/mini";
import type { AssistantRequest, RequestOutcome } from "../../contract/assistant.ts";
import { isRecord, type JsonValue } from "../../core/json.ts";
import { OUTBOUND_HEADERS } from "../../core/limits/outbound.ts";
import { toJsonPointer } from "../../core/problem-document.ts";
import { jsonValue } from "../../schema/json.ts";
import { template } from "../../templates/localized-text.ts";
import { type StepContext, type StepReference, toReferences } from "./step-kind.ts";

const headerName = z
  .string()
  .check(
    z.regex(
      /^[A-Za-z0-9-]{1,64}$/u,
      "must be the name of a header: letters, digits and hyphens, at most 64 characters",
    ),
  );

const secretName = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9-]{0,63}$/u, "must be the name of a secret: lowercase letters, digits and hyphens"));

/** A request to the operator's system. */
export const requestSchema = z.strictObject({
  method: z._default(z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]), "GET"),
  url: template.check(z.describe("An https URL; values that Liquid inserts are URL-encoded")),
  headers: z.optional(
    z
      .record(headerName, z.union([template, z.strictObject({ secret: secretName, prefix: z.optional(z.string()) })]))
      .check(
        z.refine(
          (headers) => Object.keys(headers).length <= OUTBOUND_HEADERS,
          `must have at most ${OUTBOUND_HEADERS} headers`,
        ),
        z.describe('Headers; a secret is referred to by its name: { "secret": "crm", "prefix": "Bearer " }'),
      ),
  ),
  body: z.optional(jsonValue.check(z.describe("Body, sent as JSON; Liquid is allowed in strings"))),
});

export type RequestDocument = z.infer<typeof requestSchema>;

/** A path into JSON: `orders.0.status`. */
export const jsonPath = z
  .string()
  .check(z.regex(/^[\w-]+(?:\.[\w-]+)*$/u, "must be names and indexes joined by dots, such as orders.0.status"));

/** Renders a request with the current variables. */
export function renderRequest(
  { method, url, headers = {}, body }: RequestDocument,
  context: StepContext,
): AssistantRequest {
  const rendered = Object.entries(headers).map(([name, value]) => [
    name,
    typeof value === "string" ? context.render(value).trim() : value,
  ]);
  return {
    method,
    url: context.renderUrl(url).trim(),
    headers: Object.fromEntries(rendered),
    body: body === undefined ? null : renderJson(body, context),
  };
}

/** Lists every text of a request except the URL, with pointers below the given one. */
export function listRequestTexts(pointer: string, { headers = {}, body }: RequestDocument): readonly StepReference[] {
  const texts = Object.entries(headers).flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : [],
  );
  return [
    ...texts.flatMap(([name, value]) => toReferences({ [`${pointer}/headers/${name}`]: value })),
    ...(body === undefined ? [] : listJsonTexts(`${pointer}/body`, body)),
  ];
}

/** @returns the value at a path of the response; null if the request failed or the path does not exist */
export function findAnswer(outcome: RequestOutcome, path: string | undefined): JsonValue | null {
  if (outcome.kind === "failed" || outcome.status < 200 || outcome.status > 299) return null;
  return findJsonValue(outcome.json, path);
}

/** @param path such as `orders.0.status`; undefined for the whole value */
export function findJsonValue(json: JsonValue, path: string | undefined): JsonValue | null {
  if (path === undefined) return json;
  return path.split(".").reduce<JsonValue | null>((value, name) => {
    if (Array.isArray(value)) return value[Number(name)] ?? null;
    return isRecord(value) && Object.hasOwn(value, name) ? (value[name] ?? null) : null;
  }, json);
}

function renderJson(json: JsonValue, context: StepContext): JsonValue {
  if (typeof json === "string") return context.render(json);
  if (Array.isArray(json)) return json.map((each) => renderJson(each, context));
  if (!isRecord(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([name, each]) => [name, renderJson(each, context)]));
}

function listJsonTexts(pointer: string, json: JsonValue): readonly StepReference[] {
  if (typeof json === "string") return json === "" ? [] : [{ pointer: `/${pointer}`, value: json }];
  if (typeof json !== "object" || json === null) return [];
  return Object.entries(json).flatMap(([name, each]) => listJsonTexts(pointer + toJsonPointer([name]), each));
}
