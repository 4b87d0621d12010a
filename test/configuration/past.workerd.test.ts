import { env } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/d1";
import { beforeAll, expect, it } from "vitest";
import { selectVersionRows } from "../../src/db/publications.ts";
import { APPLICATIONS, historyBy, idsAt, type Published } from "../support/history.ts";
import { Chance } from "../support/prng.ts";
import { migrateDatabase } from "../support/worker.ts";

beforeAll(migrateDatabase);

function documentOf({ name, topics }: Published): string {
  return JSON.stringify({ name, assistant: { kind: "topics", topics } });
}

it.each([1, 2, 3])("reads earlier versions as of each publication (seed %i)", async (seed) => {
  const history = historyBy(new Chance(seed), 30);
  await env.DB.batch([
    env.DB.prepare("DELETE FROM publications"),
    ...history.map((each) =>
      env.DB.prepare(
        `INSERT INTO publications (id, noun, name, version, document, "at", "by") VALUES (?, ?, ?, ?, ?, 0, 'x')`,
      ).bind(each.id, each.noun, each.name, each.version, documentOf(each)),
    ),
  ]);
  for (const application of APPLICATIONS) {
    for (let publication = 0; publication <= (history.at(-1)?.id ?? 0); publication += 1) {
      const rows = await selectVersionRows(drizzle(env.DB), application, publication);
      const ids = rows.map(({ id }) => id).toSorted((a, b) => a - b);
      expect(ids).toEqual(idsAt(history, application, publication).toSorted((a, b) => a - b));
    }
  }
});

it("finds earlier versions by the index, however much has been published", async () => {
  const plan = await env.DB.prepare(
    "EXPLAIN QUERY PLAN SELECT id FROM publications WHERE noun = 'topic' AND name = 'a' AND id <= 9 ORDER BY version DESC LIMIT 1",
  ).all<{ detail: string }>();
  expect(plan.results.map(({ detail }) => detail)).toEqual([
    "SEARCH publications USING COVERING INDEX publications_version (noun=? AND name=?)",
  ]);
});
