import { describe, expect, it } from "vitest";
import { type Broadcast, broadcastSchema } from "../../src/broadcasts/broadcast.ts";
import { estimateBroadcast, estimateSegments } from "../../src/broadcasts/estimate.ts";
import { createSendWindow } from "../../src/broadcasts/send-window.ts";
import { applicationSchema } from "../../src/configuration/schemas.ts";
import { createSnapshot } from "../../src/configuration/snapshot.ts";
import type { ReadyList } from "../../src/notify/list.ts";
import { topicSchema } from "../../src/topics/definition.ts";

const NUMBER = "+12025550100";
const SID = `AC${"1".repeat(32)}`;
const LIST: ReadyList = {
  id: "news",
  title: "News",
  number: NUMBER,
  audience: "anyone",
  doubleOptIn: false,
  zone: "UTC",
  createdAt: 0,
};

const TOPIC = { ...topicSchema.parse({ title: "T", steps: [{ kind: "say", id: "a", text: "Hello" }] }), id: "t" };
const APPLICATION = applicationSchema.parse({ name: "A", assistant: { kind: "topics", topics: ["t"] } });

function snapshotWith(account: object, number: object = {}) {
  return createSnapshot({
    revision: 1,
    publication: 1,
    problems: [],
    accounts: [
      {
        sid: SID,
        authTokens: ["t"],
        baseUrl: "https://api.example.com",
        signingKeys: [],
        webhookCredentials: null,
        ...account,
      },
    ],
    numbers: [{ number: NUMBER, account: SID, application: "a", type: "toll-free", ...number }],
    secrets: [],
    lists: [LIST],
    applications: new Map([["a", { publication: 1, noun: APPLICATION }]]),
    topics: new Map([["t", { publication: 1, noun: TOPIC }]]),
    drafts: new Map(),
    testers: [],
  });
}

const GROUPS = [
  { phone: "+12025550140", people: 100 },
  { phone: "+12125550140", people: 50 },
  { phone: "+442079460140", people: 10 },
];

describe("an estimate", () => {
  it("has people, segments and seconds, and no price if the account has none", () => {
    expect(estimateBroadcast(2, GROUPS, {}, LIST, snapshotWith({}))).toEqual({
      people: 150,
      elsewhere: 10,
      segmentsEach: 2,
      segments: 300,
      price: null,
      segmentsPerSecond: 3 * 0.8,
      seconds: 125,
    });
  });

  it("uses the price of each country and counts people in allowed countries", () => {
    const prices = { currency: "EUR", segment: 0.05, countries: { US: 0.01 } };
    const { price, people, elsewhere } = estimateBroadcast(
      2,
      GROUPS,
      {},
      LIST,
      snapshotWith({ prices, countries: ["US", "GB"] }),
    );
    expect([people, elsewhere]).toEqual([160, 0]);
    expect(price).toEqual({ amount: 150 * 2 * 0.01 + 10 * 2 * 0.05, currency: "EUR" });
  });

  it("of pictures uses their price", () => {
    const prices = { currency: "USD", segment: 0.01, countries: {}, media: 0.02 };
    const picture = { media: "https://example.com/a.png" };
    const { price } = estimateBroadcast(1, GROUPS, picture, LIST, snapshotWith({ prices, countries: ["US"] }));
    expect(price).toEqual({ amount: 150 * 0.02, currency: "USD" });
  });

  it("uses the rate of the number", () => {
    expect(estimateBroadcast(1, GROUPS, {}, LIST, snapshotWith({}, { segmentsPerSecond: 50 }))).toMatchObject({
      segmentsPerSecond: 40,
      seconds: 4,
    });
  });
});

describe("the estimated segments", () => {
  const rehearse = (body: object, account: object = {}, list: Partial<ReadyList> = {}) =>
    estimateSegments(broadcastSchema.parse({ list: "news", ...body }), { ...LIST, ...list }, snapshotWith(account), 0);

  it("are those of the text, whatever countries the account may text", () => {
    expect(rehearse({ text: "Hello" }, { countries: ["CA"] })).toBe(1);
    expect(rehearse({ text: "Hello ".repeat(40) })).toBe(2);
  });

  it("report an empty text, unless it may have content for a linked contact", () => {
    expect(rehearse({ text: "{% if nothing %}Hello{% endif %}" })).toBe("empty");
    const gold = { text: "{% if person.attributes.plan == 'gold' %}Hello{% endif %}" };
    expect([rehearse(gold), rehearse(gold, {}, { audience: "linked" })]).toEqual([1, 1]);
  });

  it("report a topic that the application does not have", () => {
    expect(rehearse({ text: "Hello", topic: "other" })).toBe("no-topic");
  });
});

describe("the first texting time", () => {
  const prices = { currency: "USD", segment: 0.01, countries: {}, media: 0.02 };
  const snapshot = snapshotWith({ prices, caps: { moneyPerDay: 1 } });
  const remaining = { segments: null, money: 15_000, until: 1_000_000 };
  const opens = (body: object, left: typeof remaining | null) =>
    createSendWindow(NUMBER, snapshot, 60_000, left).findTextingTime(
      { body: broadcastSchema.parse({ list: "news", text: "Hello", quiet: null, ...body }), segments: 1 } as Broadcast,
      "+12025550140",
      5,
    );

  it("is now if the daily caps allow the text, else when they reset", () => {
    const picture = { media: "https://example.com/a.png" };
    expect([opens({}, remaining), opens(picture, remaining), opens(picture, null)]).toEqual([5, 1_000_000, 5]);
  });

  it("is after the quiet hours in which the caps reset", () => {
    const night = { quiet: { from: "00:00", to: "23:00" } };
    const picture = { media: "https://example.com/a.png", ...night };
    expect(opens(night, remaining)).toBeGreaterThan(5);
    expect(opens(picture, remaining)).toBeGreaterThan(1_000_000);
  });
});
