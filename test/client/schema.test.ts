import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { CLIENT_SCHEMA, createClientSchema } from "../../src/cli/client-schema.ts";

it("src/client/schema.d.ts is up to date; if not, run npm run client", async () => {
  expect((await readFile(CLIENT_SCHEMA, "utf8")) === (await createClientSchema())).toBe(true);
});
