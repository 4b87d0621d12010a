import { drizzle } from "drizzle-orm/d1";
import { topicsOf } from "../../assistants/catalog.ts";
import type { Answering } from "../../contract/assistant.ts";
import { CONFIGURATION_WAIT_MILLISECONDS, PAST_VERSIONS_KEPT } from "../../core/limits/configuration.ts";
import { log } from "../../core/log.ts";
import { within } from "../../core/time.ts";
import { readPast } from "../../db/publications.ts";
import { makeAnswering } from "../answering.ts";
import { parseApplication, parseTopic } from "../documents.ts";
import { KeptVersions, type Moment, type Past, type Version } from "./kept.ts";

/** Shared by all that runs in this isolate; what is published never changes. */
let kept = new KeptVersions(PAST_VERSIONS_KEPT);

/** When D1 last did not answer in time. */
let failedAt = 0;

/** Forgets everything, as a new isolate does. */
export function forgetVersions(): void {
  kept = new KeptVersions(PAST_VERSIONS_KEPT);
  failedAt = 0;
}

/** Applications as they were at earlier publications: one D1 query for each that this isolate does not know yet. Never throws. */
export async function pastVersions(database: D1Database, moments: readonly Moment[]): Promise<Past> {
  const found = await Promise.all(
    moments.map(async (moment) => ({ ...moment, answering: await versionAt(database, moment) })),
  );
  return (application, publication) =>
    found.find((each) => each.application === application && each.publication === publication)?.answering ?? null;
}

async function versionAt(database: D1Database, { application, publication }: Moment): Promise<Answering | null> {
  const known = kept.find(application, publication);
  if (known !== undefined) return known.answering;
  // Somebody has just asked in vain: nobody else needs to wait for the same.
  if (Date.now() - failedAt < CONFIGURATION_WAIT_MILLISECONDS) return null;
  try {
    const version = await within(CONFIGURATION_WAIT_MILLISECONDS, read(database, application, publication));
    return version.answering;
  } catch {
    failedAt = Date.now();
    log("warn", "version-unread", { application, publication });
    return null;
  }
}

async function read(database: D1Database, application: string, publication: number): Promise<Version> {
  const rows = await readPast(drizzle(database), application, publication);
  const first = rows.length === 0 ? publication : Math.max(...rows.map(({ id }) => id));
  return kept.keep({ application, first, last: publication, answering: answeringOf(application, rows, publication) });
}

/** @returns null where something is missing: it is kept no longer, or does not fit its schema any more */
function answeringOf(id: string, rows: Awaited<ReturnType<typeof readPast>>, publication: number): Answering | null {
  const own = rows.find(({ noun }) => noun === "application");
  const application = own === undefined ? null : parseApplication(own.document);
  if (application === null) return null;
  const topics = new Map(
    rows
      .filter(({ noun }) => noun === "topic")
      .map(({ name, document }) => parseTopic(name, document))
      .filter((topic) => topic !== null)
      .map((topic) => [topic.id, topic]),
  );
  const isWhole = topicsOf(application.assistant).every((topic) => topics.has(topic));
  return isWhole ? makeAnswering(id, application, topics, publication) : null;
}
