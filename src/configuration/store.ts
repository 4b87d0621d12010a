import { asc } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { parseJson } from "../core/json.ts";
import {
  CONFIGURATION_COLD_WAIT_MILLISECONDS,
  CONFIGURATION_FRESH_MILLISECONDS,
  CONFIGURATION_STALE_MILLISECONDS,
  CONFIGURATION_WAIT_MILLISECONDS,
} from "../core/limits/configuration.ts";
import { logEvent } from "../core/log.ts";
import { withTimeout } from "../core/time-limits.ts";
import { openVault, type SecretVault } from "../core/vault.ts";
import {
  selectLastPublication,
  selectPublishedDocuments,
  selectTesterDrafts,
  selectTesters,
} from "../db/publications.ts";
import * as schema from "../db/schema.ts";
import { importSigningKey } from "../twilio/signature.ts";
import { parseApplication, parseListRow, parseTopic } from "./saved-documents.ts";
import {
  type ConfigurationSnapshot,
  createSnapshot,
  type ReadyAccount,
  type ReadySecret,
  type SnapshotInput,
} from "./snapshot.ts";
import { forgetVersions } from "./versions/store.ts";

interface CachedSnapshot {
  readonly snapshot: ConfigurationSnapshot;
  /** Start of the read by which D1 last confirmed the snapshot; milliseconds since 1970. */
  readonly confirmedAt: number;
  /** Start of the last read from D1, successful or not. */
  readonly requestedAt: number;
}

/**
 * Shared by all requests of this isolate. It holds values only: a promise must not be awaited outside the request
 * that created it.
 */
let cached: CachedSnapshot | null = null;

let expiredAt = 0;

/** Makes the next reader in this isolate ask D1, as after a change; reads already in flight do not count. */
export function expireConfiguration(): void {
  expiredAt = Date.now();
  if (cached !== null) cached = { ...cached, confirmedAt: 0, requestedAt: 0 };
}

/** Clears everything, as in a new isolate. */
export function forgetConfiguration(): void {
  cached = null;
  forgetVersions();
}

type ConfigurationEnv = Pick<Env, "DB" | "MASTER_KEY">;

/**
 * Returns the configuration: at most 15 s old while D1 responds, and the last known one while D1 is down. A fresh
 * snapshot costs nothing; an older one is confirmed in the background by reading one row.
 * @param revision a revision already seen by the caller; if D1 responds, the result is not older
 * @throws if nothing has been loaded yet and D1 does not respond
 */
export async function loadConfiguration(
  env: ConfigurationEnv,
  waitUntil: (work: Promise<unknown>) => void,
  revision = 0,
): Promise<ConfigurationSnapshot> {
  if (cached === null) return await withTimeout(CONFIGURATION_COLD_WAIT_MILLISECONDS, refreshSnapshot(env));
  const { snapshot, confirmedAt, requestedAt } = cached;
  const age = Date.now() - confirmedAt;
  if (snapshot.revision >= revision) {
    if (age < CONFIGURATION_FRESH_MILLISECONDS) return snapshot;
    // A read is in flight or has just failed, so this request need not wait for another one. After a change, though,
    // no request gets the old snapshot.
    if (confirmedAt > 0 && Date.now() - requestedAt < CONFIGURATION_WAIT_MILLISECONDS) return snapshot;
    if (age < CONFIGURATION_STALE_MILLISECONDS) {
      waitUntil(refreshSnapshot(env).catch(logStaleConfiguration));
      return snapshot;
    }
  }
  const refreshed = withTimeout(CONFIGURATION_COLD_WAIT_MILLISECONDS, refreshSnapshot(env));
  // The read continues after this request stops waiting for it; otherwise a slow D1 would never update the cache.
  waitUntil(refreshed.catch(() => undefined));
  return await withTimeout(CONFIGURATION_WAIT_MILLISECONDS, refreshed).catch((error: unknown) => {
    logStaleConfiguration(error);
    return snapshot;
  });
}

/** Returns the configuration with every change made anywhere until now: asks D1 for the current revision first. */
export async function loadLatestConfiguration(
  env: ConfigurationEnv,
  waitUntil: (work: Promise<unknown>) => void,
): Promise<ConfigurationSnapshot> {
  return await loadConfiguration(env, waitUntil, await fetchRevision(env.DB));
}

function logStaleConfiguration(error: unknown): void {
  // Drizzle's error message contains the values of the query; its cause is D1's error without them.
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  logEvent("warn", "configuration-refresh-failed", { error: cause instanceof Error ? cause.message : "unknown" });
}

async function refreshSnapshot(env: ConfigurationEnv): Promise<ConfigurationSnapshot> {
  const requestedAt = Date.now();
  if (cached !== null) cached = { ...cached, requestedAt };
  const current = cached?.snapshot;
  const snapshot =
    current !== undefined && (await fetchRevision(env.DB)) === current.revision ? current : await loadSnapshot(env);
  // A slow read that began earlier must not replace a newer configuration.
  if (cached !== null && cached.confirmedAt > requestedAt) return cached.snapshot;
  cached = { snapshot, confirmedAt: requestedAt <= expiredAt ? 0 : requestedAt, requestedAt };
  return snapshot;
}

async function fetchRevision(database: D1Database): Promise<number> {
  const row = await drizzle(database).select().from(schema.revisions).get();
  return row?.revision ?? 0;
}

/** Reads the whole configuration in one request to D1. */
async function loadSnapshot({ DB, MASTER_KEY }: ConfigurationEnv): Promise<ConfigurationSnapshot> {
  const db = drizzle(DB);
  const now = Date.now();
  const [revisions, accounts, numbers, applications, topics, secrets, last, testers, drafts, lists] = await db.batch([
    db.select().from(schema.revisions),
    db.select().from(schema.accounts),
    db.select().from(schema.numbers),
    selectPublishedDocuments(db, schema.applications),
    selectPublishedDocuments(db, schema.topics),
    db.select().from(schema.secrets),
    selectLastPublication(db),
    selectTesters(db, now),
    selectTesterDrafts(db, now),
    db.select().from(schema.lists).orderBy(asc(schema.lists.id)),
  ]);
  const vault = accounts.length === 0 && secrets.length === 0 ? null : await openVault(MASTER_KEY);
  const readyAccounts = vault === null ? [] : await Promise.all(accounts.map((row) => prepareAccount(row, vault)));
  const readySecrets = vault === null ? [] : await Promise.all(secrets.map((row) => prepareSecret(row, vault)));
  const problems = [
    ...accounts
      .filter((_, index) => readyAccounts[index] === null)
      .map(({ sid }) => `MASTER_KEY cannot decrypt the auth token of account ${sid}. Save the token again.`),
    ...secrets
      .filter((_, index) => readySecrets[index] === null)
      .map(({ name }) => `MASTER_KEY cannot decrypt the secret "${name}". Save the secret again.`),
  ];
  const snapshot = createSnapshot({
    revision: revisions[0]?.revision ?? 0,
    publication: last[0]?.id ?? 0,
    problems,
    accounts: readyAccounts.filter((account) => account !== null),
    numbers,
    secrets: readySecrets.filter((secret) => secret !== null),
    applications: parseUsableRows("application", applications, problems, ({ publication, document }) => {
      const noun = parseApplication(document);
      return noun === null ? null : { publication, noun };
    }),
    topics: parseUsableRows("topic", topics, problems, ({ id, publication, document }) => {
      const noun = parseTopic(id, document);
      return noun === null ? null : { publication, noun };
    }),
    drafts: parseUsableRows("draft of topic", drafts, problems, ({ id, document }) => parseTopic(id, document)),
    testers,
    lists: [...parseUsableRows("list", lists, problems, parseListRow).values()],
  } satisfies SnapshotInput);
  for (const reason of problems) logEvent("error", "configuration-part-rejected", { reason });
  return snapshot;
}

/**
 * Decrypts the secrets of an account.
 * @returns null if one of them cannot be decrypted; the account's webhooks are then rejected
 */
async function prepareAccount(
  row: typeof schema.accounts.$inferSelect,
  vault: SecretVault,
): Promise<ReadyAccount | null> {
  const { sid, baseUrl, webhookUsername: username, countries, prices, caps } = row;
  const openField = async (field: SealedField) =>
    row[field] === null ? undefined : await vault.open(row[field], tokenPurpose(sid, field));
  const [authToken, nextAuthToken, password] = await Promise.all([
    openField("authToken"),
    openField("nextAuthToken"),
    openField("webhookPassword"),
  ]);
  if (authToken === null || nextAuthToken === null || password === null) return null;
  const authTokens = [authToken, nextAuthToken].filter((token) => token !== undefined);
  const signingKeys = await Promise.all(authTokens.map(importSigningKey));
  const webhookCredentials = username === null || password === undefined ? null : { username, password };
  return { sid, baseUrl, authTokens, signingKeys, webhookCredentials, countries, prices, caps };
}

async function prepareSecret(row: typeof schema.secrets.$inferSelect, vault: SecretVault): Promise<ReadySecret | null> {
  const value = await vault.open(row.value, secretPurpose(row.name));
  const hosts = parseJson(row.hosts);
  return value === null || !Array.isArray(hosts) ? null : { name: row.name, value, hosts };
}

export function secretPurpose(name: string): string {
  return `secret:${name}`;
}

/** The encrypted fields of an account. */
export type SealedField = "authToken" | "nextAuthToken" | "webhookPassword";

/** Returns the purpose under which a field of an account is sealed. */
export function tokenPurpose(sid: string, field: SealedField): string {
  return `account:${sid}:${field}`;
}

/** Parses rows, and skips those whose document no longer fits the schema; each of them becomes a problem. */
function parseUsableRows<Row extends { readonly id: string }, Value>(
  noun: string,
  rows: readonly Row[],
  problems: string[],
  parse: (row: Row) => Value | null,
): ReadonlyMap<string, Value> {
  const entries = rows.flatMap((row): [string, Value][] => {
    const parsed = parse(row);
    if (parsed !== null) return [[row.id, parsed]];
    problems.push(`The ${noun} "${row.id}" does not fit its schema. Save it again.`);
    return [];
  });
  return new Map(entries);
}
