import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applicationSchema } from "../../src/configuration/schemas.ts";
import { type ConfigurationSnapshot, createSnapshot, type Published } from "../../src/configuration/snapshot.ts";
import { VersionCache } from "../../src/configuration/versions/version-cache.ts";
import type { ReadyApplication } from "../../src/contract/assistant.ts";
import { type NamedTopic, topicSchema } from "../../src/topics/definition.ts";
import { APPLICATIONS, historyBy, idsAt, type Published as Past } from "../support/history.ts";
import { Chance } from "../support/prng.ts";

const seeds = fc.integer({ min: 0, max: 0xffff_ffff });

describe("a snapshot", () => {
  it("has an application as of a publication exactly if none of its parts was published since", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 25 }), (seed, length) => {
        const history = historyBy(new Chance(seed), length);
        const last = history.at(-1)?.id ?? 0;
        const snapshot = snapshotOf(history);
        for (const application of APPLICATIONS) {
          const now = idsAt(history, application, last);
          for (let publication = 1; publication <= last + 1; publication += 1) {
            const then = idsAt(history, application, publication);
            const isSame = now.length > 0 && String(then) === String(now) && publication <= last;
            expect(snapshot.findApplicationVersion(application, publication) !== null).toBe(isSame);
          }
        }
      }),
    );
  });

  it("gives a draft only to its testers, and only until they expire", () => {
    const snapshot = snapshotOf(historyBy(new Chance(5), 25), [
      { topic: "a", phone: "+12025550140", expiresAt: 1_000 },
      { topic: "zoo", phone: "+12025550141", expiresAt: 1_000 },
    ]);
    const withTopic = APPLICATIONS.filter((id) => snapshot.findTesterApplication(id, "+12025550140", 999) !== null);
    expect(withTopic.length).toBeGreaterThan(0);
    for (const id of withTopic) {
      expect(snapshot.findTesterApplication(id, "+12025550140", 999)).toMatchObject({ id, publication: null });
      expect(snapshot.findTesterApplication(id, "+12025550140", 999)).toBe(
        snapshot.findTesterApplication(id, "+12025550140", 0),
      );
      expect(snapshot.findTesterApplication(id, "+12025550140", 1_000)).toBe(null);
      expect(snapshot.findTesterApplication(id, "+12025550141", 0)).toBe(null);
      expect(snapshot.findTesterApplication(id, "+12025550142", 0)).toBe(null);
    }
  });
});

/** The configuration at the end of a history, with identical topics and drafts. */
function snapshotOf(
  history: readonly Past[],
  trials: Parameters<typeof createSnapshot>[0]["testers"] = [],
): ConfigurationSnapshot {
  const topic = (id: string): NamedTopic => ({
    ...topicSchema.parse({ title: id, steps: [{ kind: "say", id: "a", text: id }] }),
    id,
  });
  const latest = <Noun>(noun: Past["noun"], make: (each: Past) => Noun): ReadonlyMap<string, Published<Noun>> =>
    new Map(
      history
        .filter((each) => each.noun === noun)
        .map((each) => [each.name, { publication: each.id, noun: make(each) }]),
    );
  return createSnapshot({
    revision: 1,
    publication: history.at(-1)?.id ?? 0,
    problems: [],
    accounts: [],
    numbers: [],
    secrets: [],
    lists: [],
    topics: latest("topic", ({ name }) => topic(name)),
    applications: latest("application", ({ name, topics }) => {
      const parsed = applicationSchema.parse({ name, assistant: { kind: "topics", topics: ["a"] } });
      return { ...parsed, assistant: { ...parsed.assistant, topics: [...topics] } };
    }),
    drafts: new Map(["a", "b"].map((id) => [id, topic(id)])),
    testers: trials,
  });
}

describe("cached versions", () => {
  it("never belong to another publication, and never exceed the limit", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 5 }), (seed, limit) => {
        const chance = new Chance(seed);
        const history = historyBy(chance, 15);
        const last = history.at(-1)?.id ?? 0;
        const cache = new VersionCache(limit);
        for (let look = 0; look < 60; look += 1) {
          const application = APPLICATIONS[chance.between(0, 1)] ?? "first";
          const publication = chance.between(1, last);
          const ids = idsAt(history, application, publication);
          const found =
            cache.findVersion(application, publication) ?? cache.addVersion(read(application, ids, publication));
          expect(found.ready?.name).toBe(nameOf(application, ids));
        }
        const held = APPLICATIONS.flatMap((application) =>
          Array.from({ length: last }, (_, index) => cache.findVersion(application, index + 1)?.ready),
        );
        expect(new Set(held.filter((ready) => ready !== undefined)).size).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it("are shared by publications without changes, and evicted by least recent use", () => {
    const cache = new VersionCache(2);
    const first = cache.addVersion(read("first", [3], 5));
    expect(cache.addVersion(read("first", [3], 9)).ready).toBe(first.ready);
    expect(cache.findVersion("first", 7)?.ready).toBe(first.ready);
    expect([cache.findVersion("first", 2), cache.findVersion("first", 10), cache.findVersion("second", 5)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    cache.addVersion(read("second", [4], 4));
    cache.findVersion("first", 5);
    cache.addVersion(read("second", [6], 6));
    expect(cache.findVersion("first", 9)).toBeDefined();
    expect(cache.findVersion("second", 4)).toBeUndefined();
  });
});

function nameOf(application: string, ids: readonly number[]): string {
  return `${application} ${ids.join(" ")}`;
}

function read(application: string, ids: readonly number[], publication: number) {
  const first = ids.length === 0 ? publication : Math.max(...ids);
  return { application, first, last: publication, ready: { name: nameOf(application, ids) } as ReadyApplication };
}
