import { describe, expect, it } from "vitest";
import { estimated } from "../../src/broadcasts/estimate.ts";
import { createSnapshot } from "../../src/configuration/snapshot.ts";
import type { ReadyList } from "../../src/notify/list.ts";

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
    applications: new Map(),
    topics: new Map(),
    drafts: new Map(),
    trials: [],
  });
}

const GROUPS = [
  { phone: "+12025550140", people: 100 },
  { phone: "+12125550140", people: 50 },
  { phone: "+442079460140", people: 10 },
];

describe("an estimate", () => {
  it("has people, segments, seconds, and no price where none is known", () => {
    expect(estimated(2, GROUPS, LIST, snapshotWith({}))).toEqual({
      people: 150,
      elsewhere: 10,
      segmentsEach: 2,
      segments: 300,
      price: null,
      segmentsPerSecond: 3 * 0.8,
      seconds: 125,
    });
  });

  it("counts each country by its price, and who is where the account may text", () => {
    const prices = { currency: "EUR", segment: 0.05, countries: { US: 0.01 } };
    const { price, people, elsewhere } = estimated(2, GROUPS, LIST, snapshotWith({ prices, countries: ["US", "GB"] }));
    expect([people, elsewhere]).toEqual([160, 0]);
    expect(price).toEqual({ amount: 150 * 2 * 0.01 + 10 * 2 * 0.05, currency: "EUR" });
  });

  it("goes by what Twilio carries of the number", () => {
    expect(estimated(1, GROUPS, LIST, snapshotWith({}, { segmentsPerSecond: 50 }))).toMatchObject({
      segmentsPerSecond: 40,
      seconds: 4,
    });
  });
});
