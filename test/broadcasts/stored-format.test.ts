import path from "node:path";
import { describe, expect, it } from "vitest";
import { createBroadcastNotice } from "../../src/broadcasts/broadcast.ts";
import { listDeadLetters, retryDeadLetters } from "../../src/broadcasts/dead-letters.ts";
import { readFixture } from "../support/stored.ts";
import { compareKeys, NO_DIFFERENCE } from "../support/stored-keys.ts";
import { MORNING, noticeId, phoneOf, playAnew, SLEEPER, StoredBroadcasts } from "./stored/scenario.ts";

/** Paths that later releases have added on purpose; see stored/README.md. */
const ADDED: readonly string[] = [];
const fixture = readFixture(path.join(import.meta.dirname, "stored"), "broadcasts", () => playAnew().record());
const load = () => new StoredBroadcasts(fixture);

describe("what is stored of broadcasts", () => {
  it("has the keys of the release that has recorded it", () => {
    const anew = playAnew().record();
    expect(compareKeys(fixture.rows, anew.rows, ADDED)).toEqual(NO_DIFFERENCE);
    expect(anew.tables).toEqual(fixture.tables);
  });

  it("is the same when it is loaded and saved again", () => {
    const { store, database } = load();
    for (const { id, lots } of ["cancelled", "done", "draft", "paused", "scheduled", "spring"].flatMap(
      (name) => store.findBroadcast(name) ?? [],
    )) {
      const broadcast = store.findBroadcast(id);
      if (broadcast !== null) store.saveBroadcast(broadcast);
      for (let lot = 1; lot <= lots; lot += 1) {
        const stored = store.findBatch(id, lot);
        if (stored !== null) store.saveBatch(stored);
      }
    }
    store.saveFreeTime(store.loadFreeTime());
    expect(database.rows()).toEqual(fixture.rows);
  });
});

const NUMBER = "+12025550100";
const sent = (phone: string) => [phone, { kind: "sent", segments: 1 }] as const;
const report = (status: "delivered" | "failed" | "sent") =>
  ({
    outcome: "sent",
    at: 1,
    messages: [{ id: "1.0", status, sid: "SM1", error: null, at: "2026-03-02T17:00:00.000Z" }],
    segments: 2,
  }) as const;

describe("what was stored of broadcasts goes on:", () => {
  it("one that runs gives out the lot that failed, and is done after the last recipient", () => {
    const number = load();
    expect(number.kinds("spring")).toEqual({ watched: 2, out: 6, waiting: 2 });
    for (const lot of [2, 3]) {
      const name = { broadcast: "spring", notice: noticeId("spring"), lot };
      if (lot === 3) expect(number.begin(name)?.phones).toEqual([24, 25, 26].map(phoneOf));
      const stored = number.store.findBatch("spring", lot);
      const phones = stored?.kind === "out" ? stored.phones : [];
      number.accounting.recordOutcomes(name, phones.map(sent), number.conditions, number.now);
    }
    expect(number.desk.viewBroadcast("spring")?.tally).toMatchObject({ sent: 7, segments: 7, messages: 3 });
    expect(number.dispatcher.findBroadcastToRead(number.conditions, number.now)?.id).toBe("spring");
    const page = { from: phoneOf(26), phones: [], isLast: true };
    number.dispatcher.addAudiencePage("spring", page, number.conditions, number.now);
    number.now += 10_000;
    const again = number.give();
    expect(again).toEqual({ broadcast: "spring", notice: noticeId("spring"), lot: 5 });
    expect(number.begin(again)?.phones).toEqual([phoneOf(20)]);
    number.accounting.recordOutcomes(again, [sent(phoneOf(20))], number.conditions, number.now);
    number.now = MORNING + 3_600_000;
    const last = number.give();
    expect(number.begin(last)?.phones).toEqual([SLEEPER]);
    number.accounting.recordOutcomes(last, [sent(SLEEPER)], number.conditions, number.now);
    number.dispatcher.finishBroadcasts(number.now);
    expect(number.desk.viewBroadcast("spring")).toMatchObject({
      life: { status: "done" },
      tally: { sent: 9 },
      queued: 1,
    });
  });

  it("lots without a report wait again, and a begun one counts a try", () => {
    const number = load();
    number.now += 600_000;
    number.dispatcher.advanceTime(number.now);
    expect(number.kinds("spring")).toEqual({ watched: 2, waiting: 8 });
    const tries = [2, 3].map((id) => {
      const lot = number.store.findBatch("spring", id);
      return lot?.kind === "waiting" ? lot.tries : null;
    });
    expect(tries).toEqual([1, 0]);
  });

  it("lots that are watched are looked after", () => {
    const number = load();
    number.now += 60_000;
    const lots = number.dispatcher.listBatchesToCheck(number.now);
    expect(lots.map(({ broadcast, sent: texted, queued }) => [broadcast, texted, queued])).toEqual([
      ["cancelled", [phoneOf(12)], []],
      ["spring", [phoneOf(17)], [phoneOf(19)]],
    ]);
    const reports = new Map([
      [phoneOf(12), report("failed")],
      [phoneOf(17), report("delivered")],
      [phoneOf(19), report("sent")],
    ]);
    for (const lot of lots) number.accounting.recordDeliveryReports(lot, reports, number.now);
    expect(number.desk.viewBroadcast("cancelled")?.tally).toMatchObject({ sent: 1, failed: 1 });
    expect(number.desk.viewBroadcast("spring")).toMatchObject({
      tally: { sent: 2, delivered: 1, segments: 3 },
      queued: 0,
    });
  });

  it("what waits for people of a cancelled one is called off", () => {
    const number = load();
    const [lot] = number.dispatcher.listBatchesToRecall(number.now);
    expect([lot?.broadcast, lot?.phones]).toEqual(["cancelled", [phoneOf(13)]]);
    expect(number.desk.removeBroadcast("cancelled")).toMatch(/being withdrawn right now/u);
    const refused = { outcome: "refused", reason: "cancelled" } as const;
    if (lot !== undefined) number.accounting.recordRecallReports(lot, new Map([[phoneOf(13), refused]]), number.now);
    expect(number.desk.viewBroadcast("cancelled")?.tally.skipped).toEqual({ "opted-out": 1, cancelled: 2 });
    expect(number.desk.removeBroadcast("cancelled")).toBeNull();
  });

  it("dead lots are shown, and retried", () => {
    const number = load();
    expect(listDeadLetters(number.store, "done", 0, 10)).toEqual([
      { lot: 6, phones: [phoneOf(10), phoneOf(11)], reason: "Error", at: 1_772_474_800_000 },
    ]);
    retryDeadLetters(number.store, "done", number.now);
    expect(number.desk.viewBroadcast("done")).toMatchObject({ life: { status: "running" }, waiting: 2, dead: 0 });
  });

  it("one that is paused goes on", () => {
    const number = load();
    number.desk.runCommand("paused", { kind: "resume" }, { origin: "", segments: 1 }, number.now);
    expect(number.desk.viewBroadcast("paused")).toMatchObject({
      life: { status: "running" },
      waiting: 1,
      isRead: true,
    });
  });

  it("one that is scheduled begins, and says what it is to say", () => {
    const number = load();
    expect(number.dispatcher.nextDueAt(number.now)).toBe(number.now);
    number.now += 3_600_000;
    number.dispatcher.advanceTime(number.now);
    expect(number.desk.viewBroadcast("scheduled")?.life.status).toBe("running");
    const broadcast = number.store.findBroadcast("scheduled");
    expect(broadcast === null ? null : createBroadcastNotice(broadcast, NUMBER, number.now)).toEqual({
      id: noticeId("scheduled"),
      number: NUMBER,
      list: "offers",
      audience: "anyone",
      text: { en: "Hello {{ what }}", pt: "Ola {{ what }}" },
      variables: { what: "spring" },
      media: "https://shop.example.com/{{ what }}.png",
      link: { url: "https://shop.example.com/{{ what }}", label: { en: "More" } },
      topic: "greet",
      quiet: { from: "21:00", to: "08:00" },
      expiresAt: 1_772_730_000_000,
    });
  });

  it("a draft is started", () => {
    const number = load();
    const start = { origin: "https://parley.example", segments: 1 };
    expect(number.desk.runCommand("draft", { kind: "start", at: null }, start, number.now)).toMatchObject({
      view: { life: { status: "running" } },
    });
    expect(number.store.loadFreeTime()).toBe(1_772_476_200_000);
  });
});
