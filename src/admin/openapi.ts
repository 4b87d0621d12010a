import type * as z from "zod/mini";
import { accountSchema, applicationSchema, numberSchema, secretName, secretSchema } from "../configuration/schemas.ts";
import { personId, personSchema } from "../identity/person-schema.ts";
import { listSchema } from "../notify/list.ts";
import { accountSid, letterFirstSlug, phoneNumber, slug } from "../schema/ids.ts";
import { topicSchema } from "../topics/definition.ts";
import { assistantPaths, assistantSchemas } from "./openapi-assistants.ts";
import { broadcastNoun, broadcastPaths } from "./openapi-broadcasts.ts";
import { consentPaths, consentSchemas } from "./openapi-consents.ts";
import { notifyPaths, notifySchemas } from "./openapi-notify.ts";
import { content, jsonSchema, operation, pageOf, pageParameters, problemAnswer, ref } from "./openapi-parts.ts";
import { personPaths, personSchemas } from "./openapi-persons.ts";
import { versionPaths, versionSchemas } from "./openapi-versions.ts";
import {
  accountResource,
  applicationResource,
  fieldProblems,
  messageResource,
  numberResource,
  personResource,
  refusalResource,
  resolutionSchema,
  savedApplication,
  savedTopic,
  secretResource,
  topicResource,
} from "./resources.ts";
import { heldBackResource } from "./resources-brakes.ts";
import { listResource } from "./resources-notify.ts";

interface Noun {
  readonly collection: string;
  readonly singular: string;
  readonly parameter: string;
  readonly id: z.ZodMiniType;
  readonly body: z.ZodMiniType;
  readonly resource: z.ZodMiniType;
  /** What PUT answers; left out: the resource. */
  readonly saved?: z.ZodMiniType;
  /** What PUT does; left out: it creates or replaces. */
  readonly put?: string;
  /** What its list can be asked for. */
  readonly filters?: readonly object[];
}

const NOUNS: readonly Noun[] = [
  {
    collection: "accounts",
    singular: "Account",
    parameter: "sid",
    id: accountSid,
    body: accountSchema,
    resource: accountResource,
  },
  {
    collection: "numbers",
    singular: "Number",
    parameter: "number",
    id: phoneNumber,
    body: numberSchema,
    resource: numberResource,
  },
  {
    collection: "applications",
    singular: "Application",
    parameter: "id",
    id: slug,
    body: applicationSchema,
    resource: applicationResource,
    saved: savedApplication,
    put: "Create or replace an application, and publish it",
  },
  {
    collection: "topics",
    singular: "Topic",
    parameter: "id",
    id: slug,
    body: topicSchema,
    resource: topicResource,
    saved: savedTopic,
    put: "Create a topic and publish it, or replace its draft",
  },
  {
    collection: "secrets",
    singular: "Secret",
    parameter: "name",
    id: secretName,
    body: secretSchema,
    resource: secretResource,
  },
  {
    collection: "lists",
    singular: "List",
    parameter: "id",
    id: letterFirstSlug,
    body: listSchema,
    resource: listResource,
  },
  {
    collection: "persons",
    singular: "Person",
    parameter: "id",
    id: personId,
    body: personSchema,
    resource: personResource,
    filters: [{ name: "phone", in: "query", schema: { type: "string" }, description: "Whose phone it is" }],
  },
  broadcastNoun,
];

/** The OpenAPI 3.1 document of the admin API, made from the schemas that validate it. */
export function openApiDocument(origin: string): object {
  return {
    openapi: "3.1.0",
    info: {
      title: "Parley admin API",
      version: "1",
      description: "Configuration and transcripts. Every change reaches all of Parley within 15 seconds.",
    },
    servers: [{ url: origin }],
    security: [{ adminKey: [] }],
    paths: {
      ...Object.assign({}, ...NOUNS.map(pathsOf)),
      ...versionPaths(),
      ...notifyPaths(),
      ...broadcastPaths(),
      ...assistantPaths(),
      ...personPaths(),
      ...refusalsPath(),
      ...heldBackPath(),
      ...transcriptPath(),
      ...chatPath(),
      ...consentPaths(),
    },
    components: {
      securitySchemes: { adminKey: { type: "http", scheme: "bearer" } },
      schemas: {
        ...Object.assign({}, ...NOUNS.map(schemasOf)),
        Message: jsonSchema(messageResource, "output"),
        ...versionSchemas(),
        ...notifySchemas(),
        ...assistantSchemas(),
        ...personSchemas(),
        ...consentSchemas(),
        Refusal: jsonSchema(refusalResource, "output"),
        HeldBack: jsonSchema(heldBackResource, "output"),
        Problem: PROBLEM,
      },
    },
  };
}

const PROBLEM = {
  type: "object",
  description:
    "RFC 9457. `errors` names each field that is wrong, `warnings` what is not wrong and may not be meant, `usedBy` what keeps a thing from being deleted.",
  required: ["type", "title", "status", "detail"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    errors: jsonSchema(fieldProblems, "output"),
    warnings: jsonSchema(fieldProblems, "output"),
    usedBy: { type: "array", items: { type: "string" } },
  },
};

function schemasOf({ singular, body, resource, saved }: Noun): object {
  return {
    [singular]: jsonSchema(resource, "output"),
    [`${singular}Body`]: jsonSchema(body, "input"),
    ...(saved === undefined ? {} : { [`Saved${singular}`]: jsonSchema(saved, "output") }),
  };
}

function pathsOf({ collection, singular, parameter, id, saved, put, filters = [] }: Noun): object {
  const path = { name: parameter, in: "path", required: true, schema: jsonSchema(id, "input") };
  const one = content(ref(singular));
  const stored = saved === undefined ? one : content(ref(`Saved${singular}`));
  const absent = { 404: problemAnswer("There is none") };
  return {
    [`/v1/${collection}`]: {
      get: operation(`list${singular}s`, `List ${collection}`, [...pageParameters(), ...filters], {
        200: content(pageOf(singular)),
      }),
    },
    [`/v1/${collection}/{${parameter}}`]: {
      get: operation(`get${singular}`, `Get one of the ${collection}`, [path], { 200: one, ...absent }),
      put: {
        ...operation(`put${singular}`, put ?? `Create or replace one of the ${collection}`, [path], {
          200: stored,
          201: stored,
          409: problemAnswer("In conflict with what is there"),
          422: problemAnswer("Fields that are wrong"),
        }),
        requestBody: { required: true, content: { "application/json": { schema: ref(`${singular}Body`) } } },
      },
      delete: operation(`delete${singular}`, `Delete one of the ${collection}`, [path], {
        204: { description: "Deleted" },
        ...absent,
        409: problemAnswer("Still in use"),
      }),
    },
  };
}

function refusalsPath(): object {
  const sid = { name: "sid", in: "path", required: true, schema: jsonSchema(accountSid, "input") };
  return {
    "/v1/accounts/{sid}/refusals": {
      get: operation("listRefusals", "Why webhooks of an account were refused, the latest first", [sid], {
        200: content(pageOf("Refusal")),
        404: problemAnswer("There is no such account"),
      }),
    },
  };
}

function heldBackPath(): object {
  const number = { name: "number", in: "path", required: true, schema: jsonSchema(phoneNumber, "input") };
  return {
    "/v1/numbers/{number}/held-back": {
      get: operation("getHeldBack", "What was not answered or sent on a number, by day and reason", [number], {
        200: content(ref("HeldBack")),
        404: problemAnswer("There is no such number"),
      }),
    },
  };
}

function transcriptPath(): object {
  const phone = { in: "path", required: true, schema: jsonSchema(phoneNumber, "input") };
  const order = { name: "order", in: "query", schema: { type: "string", enum: ["asc", "desc"], default: "asc" } };
  const parameters = [{ name: "phone", ...phone }, { name: "number", ...phone }, ...pageParameters(), order];
  return {
    "/v1/senders/{phone}/conversations/{number}/messages": {
      get: operation("listMessages", "The transcript of a phone with one of our numbers", parameters, {
        200: content(pageOf("Message")),
        404: problemAnswer("They never spoke"),
      }),
    },
    "/v1/senders/{phone}/conversations/{number}/messages/{message}/resolution": {
      post: {
        ...operation(
          "resolveMessage",
          "Say what became of a message that is unknown",
          [
            { name: "phone", ...phone },
            { name: "number", ...phone },
            { name: "message", in: "path", required: true, schema: { type: "string" } },
          ],
          { 204: { description: "Done" }, 409: problemAnswer("It is not unknown, or not there") },
        ),
        requestBody: {
          required: true,
          content: { "application/json": { schema: jsonSchema(resolutionSchema, "input") } },
        },
      },
    },
  };
}

function chatPath(): object {
  const phone = { in: "path", required: true, schema: jsonSchema(phoneNumber, "input") };
  const parameters = [
    { name: "phone", ...phone },
    { name: "number", ...phone },
    {
      name: "conversation",
      in: "query",
      schema: { type: "string" },
      description: "The `conversation` of a message; left out: the newest",
    },
    {
      name: "mask",
      in: "query",
      schema: { type: "boolean", default: false },
      description: "Whether what the person said is made unreadable",
    },
  ];
  return {
    "/v1/senders/{phone}/conversations/{number}/chat": {
      get: operation("exportChat", "A conversation as text, which `npm run chat` plays again", parameters, {
        200: { description: "Done", content: { "text/plain": { schema: { type: "string" } } } },
        404: problemAnswer("There is no such conversation"),
        409: problemAnswer("It cannot be masked without its application"),
      }),
    },
  };
}
