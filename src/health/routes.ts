import { loadConfiguration } from "../configuration/store.ts";
import { checkMasterKey } from "../core/vault.ts";

export type HealthReport =
  | { readonly status: "ok"; readonly revision: number }
  | { readonly status: "not ready"; readonly problems: readonly string[] };

/**
 * Reports what keeps this deployment from working, each with a remedy. It contains no secrets, because the route is
 * public.
 */
export async function checkHealth(env: Env, waitUntil: (work: Promise<unknown>) => void): Promise<HealthReport> {
  const problems = [...findSecretProblems(env), ...findOriginProblems(env)];
  if (checkMasterKey(env.MASTER_KEY) !== null) return { status: "not ready", problems };
  try {
    const snapshot = await loadConfiguration(env, waitUntil);
    problems.push(...snapshot.problems);
    if (problems.length === 0) return { status: "ok", revision: snapshot.revision };
  } catch {
    problems.push("The configuration cannot be read from D1. Apply the migrations: npm run migrate");
  }
  return { status: "not ready", problems };
}

function findSecretProblems({ ADMIN_KEY, MASTER_KEY }: Env): readonly string[] {
  const masterKey = checkMasterKey(MASTER_KEY);
  return [
    ...(ADMIN_KEY ? [] : ["ADMIN_KEY is not set: npm run wrangler -- secret put ADMIN_KEY"]),
    ...(masterKey === null ? [] : [`${masterKey} openssl rand -base64 32 | npm run wrangler -- secret put MASTER_KEY`]),
  ];
}

function findOriginProblems({ PUBLIC_URL = "" }: Env): readonly string[] {
  const origin = PUBLIC_URL.trim().replace(/\/+$/u, "");
  if (origin === "" || (/^https?:/u.test(origin) && URL.canParse(origin) && new URL(origin).pathname === "/"))
    return [];
  return ["PUBLIC_URL must be the origin that Twilio calls, such as https://sms.example.com"];
}
