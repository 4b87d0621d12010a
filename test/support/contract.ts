import { Validator } from "@cfworker/json-schema";
import { createApiDocument } from "../../src/admin/http/document.ts";
import { adminRoutes } from "../../src/admin/routes.ts";

/** What the tests read of an OpenAPI document. */
export interface ApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly responses: Readonly<Record<string, DeclaredResponse>>;
  };
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly deprecated?: boolean;
  readonly security?: readonly object[];
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema: object; example: unknown }>> };
  readonly responses: Readonly<Record<string, DeclaredResponse | { readonly $ref: string }>>;
}

interface DeclaredResponse {
  readonly description: string;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}

let document: ApiDocument | null = null;

export function apiDocument(): ApiDocument {
  document ??= JSON.parse(JSON.stringify(createApiDocument(adminRoutes))) as ApiDocument;
  return document;
}

const validators = new Map<object, Validator>();

/** Validates a value by a schema of the document, with a validator that knows nothing of Zod. @returns what is wrong */
export function findMisfits(schema: object, value: unknown): readonly string[] {
  let validator = validators.get(schema);
  if (validator === undefined) {
    validator = new Validator({ ...schema, components: apiDocument().components }, "2020-12", false);
    validators.set(schema, validator);
  }
  return validator.validate(value).errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`);
}

/** Answers that belong to no operation: an unknown path, a method that the path does not have, or no key. */
const OUTSIDE = new Set([401, 404, 405]);

/** Compares an answer with the document. @throws if its status, media type or body is not as declared */
export async function checkAnswer(method: string, path: string, response: Response): Promise<void> {
  const operation = findOperation(method, path);
  if (operation === null) {
    if (!OUTSIDE.has(response.status)) throw new Error(`${method} ${path} is not in the API document`);
    return;
  }
  const name = `${operation.operationId} ${response.status}`;
  const declared = responseOf(operation, response.status);
  if (declared === undefined) throw new Error(`${name} is not in the API document: ${await response.clone().text()}`);
  const media = response.headers.get("content-type")?.split(";", 1)[0] ?? null;
  const content = Object.keys(declared.content ?? {});
  if (media === null ? content.length > 0 : !content.includes(media))
    throw new Error(`${name} is ${media ?? "empty"}, and the API document says ${content.join(", ") || "empty"}`);
  if (media === null || !media.endsWith("json") || declared.content === undefined) return;
  const misfits = findMisfits(declared.content[media]?.schema ?? {}, await response.clone().json());
  if (misfits.length > 0) throw new Error(`${name} does not fit the API document:\n${misfits.slice(0, 5).join("\n")}`);
}

function responseOf({ responses }: Operation, status: number): DeclaredResponse | undefined {
  const declared = responses[status];
  if (declared === undefined || !("$ref" in declared)) return declared;
  return apiDocument().components.responses[declared.$ref.split("/").at(-1) ?? ""];
}

function findOperation(method: string, path: string): Operation | null {
  const [pathname = ""] = path.split("?", 1);
  const found = Object.entries(apiDocument().paths).filter(([template]) => patternOf(template).test(pathname));
  return found.map(([, operations]) => operations[method.toLowerCase()]).find((each) => each !== undefined) ?? null;
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replaceAll(".", "\\.").replaceAll(/\{\w+\}/gu, "[^/]+")}$`, "u");
}
