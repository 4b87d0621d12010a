import { configuration } from "./store.ts";
import { masterKeyProblem } from "./vault.ts";

export type Health =
  | { readonly status: "ok"; readonly revision: number }
  | { readonly status: "not ready"; readonly problems: readonly string[] };

/** What keeps this deployment from working, each with what to do; no secrets, since anybody may ask. */
export async function health(env: Env, waitUntil: (work: Promise<unknown>) => void): Promise<Health> {
  const problems: string[] = [];
  if (!env.ADMIN_KEY) problems.push("ADMIN_KEY is not set: npx wrangler secret put ADMIN_KEY");
  const masterKey = masterKeyProblem(env.MASTER_KEY);
  if (masterKey !== null) problems.push(`${masterKey} openssl rand -base64 32 | npx wrangler secret put MASTER_KEY`);
  try {
    const { revision } = await configuration(env, waitUntil);
    if (problems.length === 0) return { status: "ok", revision };
  } catch {
    problems.push("The configuration cannot be read from D1: npx wrangler d1 migrations apply DB --remote");
  }
  return { status: "not ready", problems };
}
