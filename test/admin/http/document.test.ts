import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, it } from "vitest";
import { admin, adminRoutes } from "../../../src/admin/routes.ts";
import { apiDocument, findMisfits } from "../../support/contract.ts";

const document = apiDocument();
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
);

describe("the API document", () => {
  it("is valid OpenAPI 3.1", async () => {
    const { valid, errors } = await new Validator().validate({ ...document });
    expect([valid, errors]).toEqual([true, undefined]);
    expect(document.openapi).toBe("3.1.0");
  });

  it("has a target for every reference, and a name for every component", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/gu)].map(([, target = ""]) => target);
    const known = new Set(
      Object.entries(document.components).flatMap(([kind, entries]) =>
        Object.keys(entries).map((name) => `#/components/${kind}/${name}`),
      ),
    );
    expect(references.filter((target) => !known.has(target))).toEqual([]);
    const names = Object.keys(document.components.schemas);
    expect(names.filter((name) => !/^[A-Z][A-Za-z]+$/u.test(name))).toEqual([]);
  });

  it("has the routes that the router serves, and no others", () => {
    const served = admin.routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} /v1${path.replaceAll(/:(\w+)/gu, "{$1}")}`);
    const declared = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(declared.toSorted()).toEqual(served.toSorted());
    expect(adminRoutes).toHaveLength(declared.length);
  });

  it("gives each operation a name of its own and a short summary", () => {
    const names = operations.map(({ operationId }) => operationId);
    expect(names).toEqual([...new Set(names)]);
    expect(names.filter((name) => !/^[a-z]+(?:[A-Z][a-z]*)+$/u.test(name))).toEqual([]);
    const long = operations.filter(({ summary }) => summary.split(" ").length > 10 || !/^[A-Z].*[^.]$/u.test(summary));
    expect(long.map(({ summary }) => summary)).toEqual([]);
  });

  it("declares every parameter of a path", () => {
    for (const { path, parameters } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/gu)].map(([, name]) => name);
      expect(parameters.filter((each) => each.in === "path").map(({ name }) => name)).toEqual(named);
    }
  });

  it("lists the errors of each operation", () => {
    for (const { operationId, security, requestBody, responses } of operations) {
      if (security?.length !== 0) expect(responses, operationId).toHaveProperty("401");
      if (requestBody === undefined) continue;
      expect(Object.keys(responses), operationId).toEqual(expect.arrayContaining(["413", "422", "default"]));
      if (operationId !== "createAnswers") expect(responses, operationId).toHaveProperty("415");
    }
    const open = operations.filter(({ security }) => security?.length === 0);
    expect(open.map(({ operationId }) => operationId)).toEqual(["getOpenApiDocument"]);
  });

  it("marks only the former paths of dry runs and testers as deprecated", () => {
    const deprecated = operations.filter((each) => each.deprecated === true).map(({ path }) => path);
    expect([...new Set(deprecated)]).toEqual([
      "/v1/applications/{id}/trials",
      "/v1/topics/{id}/trials",
      "/v1/topics/{id}/trials/{phone}",
    ]);
  });

  it("never shows a secret", () => {
    expect(JSON.stringify(document.components.schemas["AccountBody"])).toContain("authToken");
    expect(JSON.stringify(document.components.schemas["Account"])).not.toContain('"authToken"');
    expect(JSON.stringify(document.components.schemas["Person"])).not.toContain('"pin"');
    expect(JSON.stringify(document.components.schemas["Secret"])).not.toContain('"value"');
  });
});

describe("an example of the API document", () => {
  const bodies = operations.flatMap(({ operationId, requestBody }) =>
    Object.entries(requestBody?.content ?? {}).map(([media, { schema, example }]) => ({
      operationId,
      media,
      schema,
      example,
    })),
  );

  it.each(bodies)("for $operationId fits its schema", ({ schema, example }) => {
    expect(findMisfits(schema, example)).toEqual([]);
  });
});
