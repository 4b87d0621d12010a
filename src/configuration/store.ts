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
  /** When the reader began that D1 last confirmed it to. */
  readonly confirmedAt: number;
  /** When somebody last began to ask D1 about it. */
  readonly askedAt: number;
}

/** Shared by all that runs in this isolate. Values only: a promise must not be awaited outside the request that made it. */
let cached: CachedSnapshot | null = null;

let expiredAt = 0;

/** Makes the next reader of this isolate ask D1, as after a change; what is being read just now does not count. */
export function expireConfiguration(): void {
  expiredAt = Date.now();
  if (cached !== null) cached = { ...cached, confirmedAt: 0, askedAt: 0 };
}

/** Forgets everything, as a new isolate does. */
export function forgetConfiguration(): void {
  cached = null;
  forgetVersions();
}

type ConfigurationEnv = Pick<Env, "DB" | "MASTER_KEY">;

/**
 * The configuration, at most 15 s old while D1 answers, and as old as it must be while D1 does not. A fresh one costs nothing; an older one
 * is confirmed in the background by reading one row.
 * @param revision a revision that somebody has seen; nothing older will do, if D1 answers
 * @throws where there is none yet and D1 does not answer
 */
export async function loadConfiguration(
  env: ConfigurationEnv,
  waitUntil: (work: Promise<unknown>) => void,
  revision = 0,
): Promise<ConfigurationSnapshot> {
  if (cached === null) return await withTimeout(CONFIGURATION_COLD_WAIT_MILLISECONDS, refreshSnapshot(env));
  const { snapshot, confirmedAt, askedAt } = cached;
  const age = Date.now() - confirmedAt;
  if (snapshot.revision >= revision) {
    if (age < CONFIGURATION_FRESH_MILLISECONDS) return snapshot;
    // Somebody is asking, or has just asked in vain: nobody else needs to wait for the same. But after a change nobody is served the old.
    if (confirmedAt > 0 && Date.now() - askedAt < CONFIGURATION_WAIT_MILLISECONDS) return snapshot;
    if (age < CONFIGURATION_STALE_MILLISECONDS) {
      waitUntil(refreshSnapshot(env).catch(logStaleConfiguration));
      return snapshot;
    }
  }
  const refreshed = withTimeout(CONFIGURATION_COLD_WAIT_MILLISECONDS, refreshSnapshot(env));
  // It goes on when this request no longer waits for it: otherwise a slow D1 would never be heard.
  waitUntil(refreshed.catch(() => undefined));
  return await withTimeout(CONFIGURATION_WAIT_MILLISECONDS, refreshed).catch((error: unknown) => {
    logStaleConfiguration(error);
    return snapshot;
  });
}

/** The configuration with every change that was made anywhere until now: D1 is asked which that is. */
export async function loadLatestConfiguration(
  env: ConfigurationEnv,
  waitUntil: (work: Promise<unknown>) => void,
): Promise<ConfigurationSnapshot> {
  return await loadConfiguration(env, waitUntil, await fetchRevision(env.DB));
}

function logStaleConfiguration(error: unknown): void {
  // Drizzle's own message holds the values of the query; its cause is D1's.
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  logEvent("warn", "configuration-stale", { error: cause instanceof Error ? cause.message : "unknown" });
}

async function refreshSnapshot(env: ConfigurationEnv): Promise<ConfigurationSnapshot> {
  const askedAt = Date.now();
  if (cached !== null) cached = { ...cached, askedAt };
  const known = cached?.snapshot;
  const snapshot =
    known !== undefined && (await fetchRevision(env.DB)) === known.revision ? known : await loadSnapshot(env);
  // A reader that began earlier and came later must not put an older configuration over a newer one.
  if (cached !== null && cached.confirmedAt > askedAt) return cached.snapshot;
  cached = { snapshot, confirmedAt: askedAt <= expiredAt ? 0 : askedAt, askedAt };
  return snapshot;
}

async function fetchRevision(database: D1Database): Promise<number> {
  const row = await drizzle(database).select().from(schema.revisions).get();
  return row?.revision ?? 0;
}

/** Reads everything in one request to D1. */
async function loadSnapshot({ DB, MASTER_KEY }: ConfigurationEnv): Promise<ConfigurationSnapshot> {
  const db = drizzle(DB);
  const now = Date.now();
  const [revisions, accounts, numbers, applications, topics, secrets, last, trials, drafts, lists] = await db.batch([
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
  const ready = vault === null ? [] : await Promise.all(accounts.map((row) => prepareAccount(row, vault)));
  const opened = vault === null ? [] : await Promise.all(secrets.map((row) => prepareSecret(row, vault)));
  const problems = [
    ...accounts
      .filter((_, index) => ready[index] === null)
      .map(({ sid }) => `MASTER_KEY does not open the auth token of account ${sid}: save it again.`),
    ...secrets
      .filter((_, index) => opened[index] === null)
      .map(({ name }) => `MASTER_KEY does not open the secret "${name}": save it again.`),
  ];
  const snapshot = createSnapshot({
    revision: revisions[0]?.revision ?? 0,
    publication: last[0]?.id ?? 0,
    problems,
    accounts: ready.filter((account) => account !== null),
    numbers,
    secrets: opened.filter((secret) => secret !== null),
    applications: parseUsableRows("application", applications, problems, ({ publication, document }) => {
      const noun = parseApplication(document);
      return noun === null ? null : { publication, noun };
    }),
    topics: parseUsableRows("topic", topics, problems, ({ id, publication, document }) => {
      const noun = parseTopic(id, document);
      return noun === null ? null : { publication, noun };
    }),
    drafts: parseUsableRows("draft of topic", drafts, problems, ({ id, document }) => parseTopic(id, document)),
    testers: trials,
    lists: [...parseUsableRows("list", lists, problems, parseListRow).values()],
  } satisfies SnapshotInput);
  for (const reason of problems) logEvent("error", "configuration-unusable", { reason });
  return snapshot;
}

/** An account whose secrets do not open is left out: its webhooks are refused rather than believed. */
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

/** What an account has that is sealed. */
export type SealedField = "authToken" | "nextAuthToken" | "webhookPassword";

/** What a sealed secret of an account is for. */
export function tokenPurpose(sid: string, field: SealedField): string {
  return `account:${sid}:${field}`;
}

/** A document that no longer fits its schema is left out, and named among the problems. */
function parseUsableRows<Row extends { readonly id: string }, Value>(
  noun: string,
  rows: readonly Row[],
  problems: string[],
  parse: (row: Row) => Value | null,
): ReadonlyMap<string, Value> {
  const entries = rows.flatMap((row): [string, Value][] => {
    const parsed = parse(row);
    if (parsed !== null) return [[row.id, parsed]];
    problems.push(`The ${noun} "${row.id}" does not fit its schema: save it again.`);
    return [];
  });
  return new Map(entries);
}
