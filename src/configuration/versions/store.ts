import { drizzle } from "drizzle-orm/d1";
import { listTopicIds } from "../../assistants/catalog.ts";
import type { ReadyApplication } from "../../contract/assistant.ts";
import { CONFIGURATION_WAIT_MILLISECONDS, PAST_VERSIONS_CACHED } from "../../core/limits/configuration.ts";
import { logEvent } from "../../core/log.ts";
import { withTimeout } from "../../core/time-limits.ts";
import { selectVersionRows } from "../../db/publications.ts";
import { prepareApplication } from "../ready-application.ts";
import { parseApplication, parseTopic } from "../saved-documents.ts";
import { type ApplicationVersion, VersionCache, type VersionLookup, type VersionRef } from "./version-cache.ts";

/** Shared by all requests of this isolate; publications never change. */
let cache = new VersionCache(PAST_VERSIONS_CACHED);

/** Time of the last failed read from D1; milliseconds since 1970. */
let failedAt = 0;

/** Clears everything, as in a new isolate. */
export function forgetVersions(): void {
  cache = new VersionCache(PAST_VERSIONS_CACHED);
  failedAt = 0;
}

/** Loads applications as of earlier publications, with one D1 query for each that is not cached. Never throws. */
export async function loadPastVersions(database: D1Database, moments: readonly VersionRef[]): Promise<VersionLookup> {
  const found = await Promise.all(
    moments.map(async (moment) => ({ ...moment, ready: await loadVersion(database, moment) })),
  );
  return (application, publication) =>
    found.find((each) => each.application === application && each.publication === publication)?.ready ?? null;
}

async function loadVersion(
  database: D1Database,
  { application, publication }: VersionRef,
): Promise<ReadyApplication | null> {
  const cached = cache.findVersion(application, publication);
  if (cached !== undefined) return cached.ready;
  // A read has just failed, so this request need not wait for another one.
  if (Date.now() - failedAt < CONFIGURATION_WAIT_MILLISECONDS) return null;
  try {
    const version = await withTimeout(
      CONFIGURATION_WAIT_MILLISECONDS,
      fetchVersion(database, application, publication),
    );
    return version.ready;
  } catch {
    failedAt = Date.now();
    logEvent("warn", "version-load-failed", { application, publication });
    return null;
  }
}

async function fetchVersion(
  database: D1Database,
  application: string,
  publication: number,
): Promise<ApplicationVersion> {
  const rows = await selectVersionRows(drizzle(database), application, publication);
  const first = rows.length === 0 ? publication : Math.max(...rows.map(({ id }) => id));
  return cache.addVersion({
    application,
    first,
    last: publication,
    ready: assembleApplication(application, rows, publication),
  });
}

/** @returns null if a part is missing: it is no longer stored, or no longer fits its schema */
function assembleApplication(
  id: string,
  rows: Awaited<ReturnType<typeof selectVersionRows>>,
  publication: number,
): ReadyApplication | null {
  const applicationRow = rows.find(({ noun }) => noun === "application");
  const application = applicationRow === undefined ? null : parseApplication(applicationRow.document);
  if (application === null) return null;
  const topics = new Map(
    rows
      .filter(({ noun }) => noun === "topic")
      .map(({ name, document }) => parseTopic(name, document))
      .filter((topic) => topic !== null)
      .map((topic) => [topic.id, topic]),
  );
  const isWhole = listTopicIds(application.assistant).every((topic) => topics.has(topic));
  return isWhole ? prepareApplication(id, application, topics, publication) : null;
}
