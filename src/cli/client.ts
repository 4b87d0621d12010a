import { writeFile } from "node:fs/promises";
import path from "node:path";
import { PROJECT_ROOT } from "./bundle.ts";
import { CLIENT_SCHEMA, createClientSchema } from "./client-schema.ts";

const content = await createClientSchema();
await writeFile(CLIENT_SCHEMA, content);
console.log(`${path.relative(PROJECT_ROOT, CLIENT_SCHEMA)}: ${content.split("\n").length} lines`);
