import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseEnv } from "node:util";
import { PROJECT_ROOT } from "./bundle.ts";

export interface LocalSecrets {
  readonly ADMIN_KEY: string;
  readonly MASTER_KEY: string;
}

const FILE = path.join(PROJECT_ROOT, ".dev.vars");

/** Loads the secrets of this machine from `.dev.vars`, which git ignores. Generates and saves missing ones. */
export async function loadLocalSecrets(): Promise<LocalSecrets> {
  const text = await readFile(FILE, "utf8").catch(() => "");
  const existing = parseEnv(text);
  const generated = createSecrets();
  const secrets = {
    ADMIN_KEY: existing["ADMIN_KEY"] || generated.ADMIN_KEY,
    MASTER_KEY: existing["MASTER_KEY"] || generated.MASTER_KEY,
  };
  const missing = (["ADMIN_KEY", "MASTER_KEY"] as const).filter((name) => !existing[name]);
  if (missing.length > 0) {
    const lines = missing.map((name) => `${name}="${secrets[name]}"\n`).join("");
    await writeFile(FILE, text === "" || text.endsWith("\n") ? text + lines : `${text}\n${lines}`, { mode: 0o600 });
  }
  return secrets;
}

export function createSecrets(): LocalSecrets {
  return { ADMIN_KEY: randomBytes(24).toString("base64url"), MASTER_KEY: randomBytes(32).toString("base64") };
}
