import type { Body, CommonStatus } from "./body.ts";
import { Components, componentRef } from "./json-schema.ts";
import type { Access, Route } from "./route.ts";
import { problemSchema } from "./schema.ts";

const SECURITY: Readonly<Record<Access, readonly object[]>> = {
  admin: [{ adminKey: [] }],
  assistant: [{ webhookSignature: [] }, { adminKey: [] }],
  public: [],
};

/** Problems that mean the same on every route, as components. */
const COMMON: Readonly<Record<CommonStatus | "default", { readonly name: string; readonly description: string }>> = {
  400: {
    name: "MalformedRequest",
    description: "The URL, the query or a header is invalid, or the body is not JSON.",
  },
  401: { name: "Unauthorised", description: "The admin key is missing or wrong." },
  413: { name: "TooLarge", description: "The body is too large." },
  415: { name: "UnsupportedMediaType", description: "The body has the wrong content type." },
  422: { name: "InvalidBody", description: "One or more fields of the body are invalid." },
  default: { name: "OtherProblem", description: "Any other problem." },
};

/** Makes the OpenAPI 3.1 document of the routes. */
export function createApiDocument(routes: readonly Route[]): object {
  const components = new Components();
  components.convert(problemSchema, "output");
  const paths = Map.groupBy(routes, ({ path }) => path);
  return {
    openapi: "3.1.0",
    info: {
      title: "Parley admin API",
      version: "1",
      description:
        "Configures Parley, sends notifications and broadcasts, and reads transcripts. A change takes effect everywhere within 15 seconds.",
    },
    security: SECURITY.admin,
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths: Object.fromEntries(
      [...paths].map(([path, own]) => [
        path,
        Object.fromEntries(own.map((route) => [route.method, operationOf(route, components)])),
      ]),
    ),
    components: {
      securitySchemes: {
        adminKey: { type: "http", scheme: "bearer", description: "The Worker's ADMIN_KEY" },
        webhookSignature: {
          type: "apiKey",
          in: "header",
          name: "webhook-signature",
          description:
            "A signature as Standard Webhooks defines it, with webhook-id and webhook-timestamp, made with the secret that the application's assistant names",
        },
      },
      responses: Object.fromEntries(
        Object.values(COMMON).map(({ name, description }) => [name, problemResponse(description)]),
      ),
      schemas: components.schemas,
    },
  };
}

function operationOf(route: Route, components: Components): object {
  const { operationId, summary, tag, access, isDeprecated, body } = route;
  return {
    operationId,
    summary,
    tags: [tag],
    ...(isDeprecated ? { deprecated: true } : {}),
    ...(access === "admin" ? {} : { security: SECURITY[access] }),
    parameters: parametersOf(route, components),
    ...(body === null ? {} : { requestBody: requestBodyOf(body, components) }),
    responses: responsesOf(route, components),
  };
}

function parametersOf({ parameters, query, headers }: Route, components: Components): readonly object[] {
  return [
    ...Object.entries(parameters).map(([name, parameter]) => ({
      name,
      in: "path",
      required: true,
      ...described(components.convert("lookup" in parameter ? parameter.lookup : parameter, "input")),
    })),
    ...Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
      name,
      in: "query",
      required: schema._zod.optin === undefined,
      ...described(components.convert(schema as Parameters<Components["convert"]>[0], "input")),
    })),
    ...Object.entries(headers).map(([name, schema]) => ({
      name,
      in: "header",
      required: schema._zod.optin === undefined,
      ...described(components.convert(schema, "input")),
    })),
  ];
}

/** A parameter's description belongs beside its schema. */
function described(schema: object): object {
  const { description, ...rest } = schema as { readonly description?: string };
  return description === undefined ? { schema: rest } : { description, schema: rest };
}

function requestBodyOf({ media, schema, isRequired, example }: Body<unknown>, components: Components): object {
  return { required: isRequired, content: { [media]: { schema: components.convert(schema, "input"), example } } };
}

/** Responses that a route declares override those derived from its parts. */
function responsesOf(route: Route, components: Components): object {
  const declared = Object.entries(route.responses).map(([status, response]) => {
    if (typeof response === "string") return [status, problemResponse(response)];
    const { description } = response;
    if (response.content === null) return [status, { description }];
    const content = Object.entries(response.content).map(([media, schema]) => [
      media,
      { schema: schema === null ? { type: "string" } : components.convert(schema, "output") },
    ]);
    return [status, { description, content: Object.fromEntries(content) }];
  });
  const common = [...commonStatuses(route), "default" as const].map((status) => [status, commonResponse(status)]);
  return { ...Object.fromEntries(common), ...Object.fromEntries(declared) };
}

function commonStatuses({ access, parameters, query, headers, body }: Route): readonly CommonStatus[] {
  const isChecked = query !== null || Object.keys(headers).length > 0;
  const isMalformable = isChecked || Object.values(parameters).some((parameter) => !("lookup" in parameter));
  return [
    ...(body?.problems ?? []),
    ...(isMalformable ? [400 as const] : []),
    ...(access === "public" ? [] : [401 as const]),
  ];
}

function commonResponse(status: CommonStatus | "default"): object {
  return { $ref: `#/components/responses/${COMMON[status].name}` };
}

function problemResponse(description: string): object {
  return { description, content: { "application/problem+json": { schema: componentRef("Problem") } } };
}
