import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyLookupAnswer,
  applyPostAnswer,
  applyResolution,
  applyStatusReport,
  getPart,
  nextPartDueAt,
  planPartAction,
} from "../../../src/sender/delivery/part-lifecycle.ts";
import type { Delivery, Part, Turn } from "../../../src/sender/model/state.ts";
import type { AcceptedMessage, ListedMessage, TwilioAnswer } from "../../../src/twilio/rest-answer.ts";
import type { StatusReport } from "../../../src/twilio/status-callback.ts";

const MINUTE = 60_000;
const PACE = { settleAfter: MINUTE, partWait: 5_000 };
const PENDING: Delivery = { status: "pending" };
const RETRYING: Delivery = { status: "retrying", tries: 1, dueAt: 9_000, error: null };
const CLAIMED: Delivery = { status: "claimed", tries: 1, at: 1_000 };
const UNCERTAIN: Delivery = { status: "uncertain", tries: 1, at: 1_000, settleAt: 61_000, asked: 0, reason: "timeout" };
const QUEUED: Delivery = { status: "queued", sid: "SM1", at: 2_000, error: null };
const DELIVERED: Delivery = { status: "delivered", sid: "SM1", at: 3_000, error: null };
const TAKEN: TwilioAnswer<AcceptedMessage> = { kind: "done", value: { sid: "SM1", status: "queued", errorCode: null } };

function turn(...deliveries: readonly Delivery[]): Turn {
  return {
    id: 1,
    number: "+12025550100",
    account: "AC1",
    conversation: "1",
    kind: "heard",
    heard: { at: 0, sid: "SM0", text: "hi", media: [], segments: 1 },
    parts: deliveries.map((delivery, index) => part(delivery, `Part ${index}`)),
    whenUnknown: "hold",
    notes: [],
  };
}

function part(delivery: Delivery, text = "Part 0"): Part {
  return { text, media: [], delivery };
}

function refused(code: number): TwilioAnswer<never> {
  return { kind: "refused", refusal: { httpStatus: 400, code, message: "no" } };
}

function report(progress: StatusReport["progress"], sid = "SM1"): StatusReport {
  return { sid, accountSid: "AC1", sender: "+12025550140", part: { turn: 1, index: 0 }, progress, errorCode: null };
}

describe("plan", () => {
  it("claims the first unsent part and no later one", () => {
    const planned = planPartAction(turn(DELIVERED, PENDING, PENDING), false, 5_000, PACE);
    expect(planned).toMatchObject({ kind: "act", action: { kind: "post", index: 1 } });
    const after = planned.kind === "act" ? planned.action.turn : turn();
    expect(after.parts.map(({ delivery }) => delivery.status)).toEqual(["delivered", "claimed", "pending"]);
  });

  it.each([
    ["a claim that may still be answered", turn(CLAIMED, PENDING), 60_999, { kind: "wait", until: 61_000 }],
    ["a doubt that is too fresh for Twilio's list", turn(UNCERTAIN, PENDING), 60_999, { kind: "wait", until: 61_000 }],
    ["a retry whose time has not come", turn(RETRYING), 8_999, { kind: "wait", until: 9_000 }],
  ])("waits for %s", (_, waiting, now, planned) => {
    expect(planPartAction(waiting, false, now, PACE)).toEqual(planned);
  });

  it.each([
    ["a claim", CLAIMED],
    ["a doubt", UNCERTAIN],
  ])("never resends a part that may have been sent: %s is looked up first", (_, delivery) => {
    expect(planPartAction(turn(delivery), false, 61_000, PACE)).toMatchObject({
      kind: "act",
      action: { kind: "look-up", index: 0 },
    });
  });

  it("lets the next part of an answer wait for Twilio's report on the one before, for five seconds at most", () => {
    const waiting = turn(QUEUED, PENDING);
    expect(planPartAction(waiting, false, 6_999, PACE)).toEqual({ kind: "wait", until: 7_000 });
    expect(planPartAction(waiting, false, 7_000, PACE)).toMatchObject({
      kind: "act",
      action: { kind: "post", index: 1 },
    });
    const reported = turn({ ...QUEUED, status: "sent" }, PENDING);
    expect(planPartAction(reported, false, 2_001, PACE)).toMatchObject({
      kind: "act",
      action: { kind: "post", index: 1 },
    });
    expect(planPartAction(turn(QUEUED, RETRYING), false, 7_000, PACE)).toEqual({ kind: "wait", until: 9_000 });
  });

  it("drops unclaimed parts after an opt-out", () => {
    const planned = planPartAction(turn(QUEUED, PENDING, PENDING), true, 5_000, PACE);
    expect(planned.kind).toBe("sent");
    const parts = planned.kind === "sent" ? planned.turn.parts : [];
    expect(parts.map(({ delivery }) => delivery.status)).toEqual(["queued", "dropped", "dropped"]);
  });

  it("plans nothing for a turn that is sent", () => {
    expect(planPartAction(turn(DELIVERED, QUEUED), false, 0, PACE).kind).toBe("sent");
    expect(nextPartDueAt(turn(), PACE)).toBeNull();
  });
});

describe("afterPost", () => {
  it.each<[string, TwilioAnswer<AcceptedMessage>, Partial<Delivery>]>([
    ["taken", TAKEN, { status: "queued", sid: "SM1" }],
    [
      "taken and failed at once",
      { kind: "done", value: { sid: "SM1", status: "failed", errorCode: 30_002 } },
      { status: "failed" },
    ],
    ["refused", refused(21_614), { status: "failed", sid: null, error: { code: 21_614, message: "no" } }],
    ["refused for what passes", refused(21_611), { status: "retrying", dueAt: 6_000 }],
    [
      "refused for a wrong token",
      { kind: "refused", refusal: { httpStatus: 401, code: 20_003, message: "no" } },
      { status: "retrying", dueAt: 6_000 },
    ],
    ["busy", { kind: "busy", retryAfterMilliseconds: null }, { status: "retrying", dueAt: 6_000 }],
    ["busy, with a time", { kind: "busy", retryAfterMilliseconds: 7_000 }, { status: "retrying", dueAt: 13_000 }],
    [
      "busy, with a time beyond belief",
      { kind: "busy", retryAfterMilliseconds: 1e15 },
      { status: "retrying", dueAt: 306_000 },
    ],
    ["unsure", { kind: "unsure", reason: "timeout" }, { status: "uncertain", at: 1_000, settleAt: 5_000 + MINUTE }],
  ])("%s", (_, answer, delivery) => {
    expect(applyPostAnswer(CLAIMED, answer, { now: 5_000, chance: 0.5, timing: PACE })).toMatchObject(delivery);
  });

  it("gives up after Twilio was busy ten times", () => {
    expect(
      applyPostAnswer(
        { ...CLAIMED, tries: 10 },
        { kind: "busy", retryAfterMilliseconds: null },
        { now: 0, chance: 0, timing: PACE },
      ),
    ).toMatchObject({
      status: "failed",
    });
  });

  it.each([DELIVERED, QUEUED])("changes nothing if a callback was faster", (delivery) => {
    expect(
      applyPostAnswer(delivery, { kind: "unsure", reason: "timeout" }, { now: 5_000, chance: 0, timing: PACE }),
    ).toBe(delivery);
  });
});

describe("afterLookup", () => {
  const listed = (change: Partial<ListedMessage> = {}): ListedMessage => ({
    sid: "SM9",
    status: "delivered",
    errorCode: null,
    text: "Part 0",
    mediaCount: 0,
    createdAt: 1_000,
    ...change,
  });
  const found = (...messages: readonly ListedMessage[]): TwilioAnswer<readonly ListedMessage[]> => ({
    kind: "done",
    value: messages,
  });

  it("marks a part that is in Twilio's list", () => {
    expect(
      applyLookupAnswer(part(UNCERTAIN), found(listed()), new Set(), {
        now: 70_000,
        timing: PACE,
        whenUnknown: "hold",
      }),
    ).toMatchObject({
      status: "delivered",
      sid: "SM9",
    });
    expect(
      applyLookupAnswer(part(CLAIMED), found(listed({ createdAt: 0 })), new Set(), {
        now: 70_000,
        timing: PACE,
        whenUnknown: "hold",
      }),
    ).toMatchObject({
      sid: "SM9",
    });
  });

  it.each([
    ["is absent", found()],
    ["has another text", found(listed({ text: "Part 1" }))],
    ["has more pictures", found(listed({ mediaCount: 1 }))],
    ["was there long before", found(listed({ createdAt: -10_000 }))],
    ["belongs to another part", found(listed({ sid: "SM5" }))],
  ])("resends a part that %s", (_, answer) => {
    expect(
      applyLookupAnswer(part(UNCERTAIN), answer, new Set(["SM5"]), { now: 70_000, timing: PACE, whenUnknown: "hold" }),
    ).toMatchObject({
      status: "retrying",
      tries: 1,
      dueAt: 70_000,
    });
  });

  it("recognises a text with a trial account's prefix, and media that Twilio has not counted yet", () => {
    const trial = listed({ text: "Sent from your Twilio trial account - Part 0" });
    expect(
      applyLookupAnswer(part(UNCERTAIN), found(trial), new Set(), { now: 70_000, timing: PACE, whenUnknown: "hold" }),
    ).toMatchObject({
      sid: "SM9",
    });
    const picture = { ...part(UNCERTAIN), media: ["https://example.com/a.png"] };
    expect(
      applyLookupAnswer(picture, found(listed()), new Set(), { now: 70_000, timing: PACE, whenUnknown: "hold" }),
    ).toMatchObject({ sid: "SM9" });
    const wordless = { ...picture, text: "" };
    expect(
      applyLookupAnswer(wordless, found(listed()), new Set(), { now: 70_000, timing: PACE, whenUnknown: "hold" }),
    ).toMatchObject({
      status: "retrying",
    });
    expect(
      applyLookupAnswer(wordless, found(listed({ text: "" })), new Set(), {
        now: 70_000,
        timing: PACE,
        whenUnknown: "hold",
      }),
    ).toMatchObject({
      sid: "SM9",
    });
  });

  it("gives up a part that was absent after each of ten POSTs", () => {
    const worn: Delivery = { ...UNCERTAIN, tries: 10 };
    expect(
      applyLookupAnswer(part(worn), found(), new Set(), { now: 70_000, timing: PACE, whenUnknown: "hold" }),
    ).toEqual({
      status: "failed",
      sid: null,
      at: 70_000,
      error: { code: null, message: "timeout" },
    });
  });

  it("asks ten times if Twilio does not answer, then reports the part as unknown", () => {
    let delivery: Delivery = UNCERTAIN;
    let now = 61_000;
    for (let asked = 1; asked < 10; asked += 1) {
      delivery = applyLookupAnswer(part(delivery), { kind: "unsure", reason: "HTTP 500" }, new Set(), {
        whenUnknown: "hold",
        now,
        timing: PACE,
      });
      expect(delivery).toMatchObject({ status: "uncertain", at: 1_000, asked, settleAt: now + MINUTE });
      now += MINUTE;
    }
    delivery = applyLookupAnswer(part(delivery), { kind: "unsure", reason: "HTTP 500" }, new Set(), {
      now,
      timing: PACE,
      whenUnknown: "hold",
    });
    expect(delivery).toEqual({ status: "unknown", at: now, reason: "timeout" });
  });

  it("drops an unknown part if that is the policy", () => {
    const worn: Delivery = { ...UNCERTAIN, asked: 9 };
    const moment = { now: 70_000, timing: PACE, whenUnknown: "drop" } as const;
    expect(applyLookupAnswer(part(worn), { kind: "unsure", reason: "HTTP 500" }, new Set(), moment)).toEqual({
      status: "dropped",
      at: 70_000,
      reason: "timeout",
    });
  });

  it("changes nothing if a callback was faster", () => {
    expect(
      applyLookupAnswer(part(DELIVERED), found(), new Set(), { now: 70_000, timing: PACE, whenUnknown: "hold" }),
    ).toBe(DELIVERED);
  });
});

describe("afterResolution", () => {
  const UNKNOWN: Delivery = { status: "unknown", at: 0, reason: "timeout" };

  it.each<["sent" | "resend" | "drop", Delivery]>([
    ["sent", { status: "sent", sid: null, at: 5, error: null }],
    ["resend", { status: "pending" }],
    ["drop", { status: "dropped", at: 5, reason: "timeout; dropped by the operator" }],
  ])("%s", (resolution, delivery) => {
    expect(applyResolution(UNKNOWN, resolution, 5)).toEqual(delivery);
  });

  it.each([PENDING, CLAIMED, UNCERTAIN, QUEUED, DELIVERED])(
    "changes nothing of a part with status $status",
    (delivery) => {
      expect(applyResolution(delivery, "resend", 5)).toBe(delivery);
    },
  );
});

describe("afterReport", () => {
  it.each([PENDING, CLAIMED, UNCERTAIN, { status: "unknown", at: 0, reason: "timeout" } as const])(
    "settles a part whose POST nobody saw end ($status)",
    (delivery) => {
      expect(applyStatusReport(delivery, report("sent"), 9_000)).toEqual({
        status: "sent",
        sid: "SM1",
        at: 9_000,
        error: null,
      });
    },
  );

  it("changes nothing if it is about another message", () => {
    expect(applyStatusReport(QUEUED, report("delivered", "SM2"), 9_000)).toBe(QUEUED);
  });

  it("never moves a part backwards, in any order and number of reports", () => {
    const progress = fc.constantFrom<StatusReport["progress"]>("queued", "sent", "delivered", "undelivered", "failed");
    const rank = { queued: 0, sent: 1, delivered: 2, undelivered: 2, failed: 2 };
    fc.assert(
      fc.property(fc.array(progress), (reports) => {
        let delivery: Delivery = QUEUED;
        for (const each of reports) {
          const next = applyStatusReport(delivery, report(each), 9_000);
          if (next !== delivery) expect(rank[next.status as "sent"]).toBeGreaterThan(rank[delivery.status as "sent"]);
          expect(applyStatusReport(next, report(each), 9_001)).toBe(next);
          delivery = next;
        }
      }),
    );
  });
});

it("a part is only POSTed again if Twilio is known not to have accepted the POST before", () => {
  type Event = "go" | "taken" | "busy" | "unsure" | "crash" | "found" | "absent" | "silent" | "reported";
  const event = fc.constantFrom<Event>(
    "go",
    "taken",
    "busy",
    "unsure",
    "crash",
    "found",
    "absent",
    "silent",
    "reported",
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      let current = turn(PENDING);
      let now = 0;
      let open = false;
      for (const each of events) {
        now += 2 * MINUTE;
        const { delivery } = getPart(current, 0);
        const planned = planPartAction(current, false, now, PACE);
        let next: Delivery = delivery;
        if (planned.kind === "act" && planned.action.kind === "post") {
          // The POST before was certainly not accepted: Twilio was busy, or its list does not show the part.
          expect(open).toBe(false);
          open = true;
          const claim = getPart(planned.action.turn, 0).delivery;
          next = claim;
          if (each === "taken") next = applyPostAnswer(claim, TAKEN, { now, chance: 0, timing: PACE });
          if (each === "unsure")
            next = applyPostAnswer(claim, { kind: "unsure", reason: "x" }, { now, chance: 0, timing: PACE });
          if (each === "busy") {
            next = applyPostAnswer(
              claim,
              { kind: "busy", retryAfterMilliseconds: null },
              { now, chance: 0, timing: PACE },
            );
            open = false;
          }
        } else if (planned.kind === "act") {
          if (each === "absent") {
            next = applyLookupAnswer(getPart(current, 0), { kind: "done", value: [] }, new Set(), {
              now,
              timing: PACE,
              whenUnknown: "hold",
            });
            open = false;
          }
          if (each === "silent")
            next = applyLookupAnswer(getPart(current, 0), { kind: "unsure", reason: "x" }, new Set(), {
              whenUnknown: "hold",
              now,
              timing: PACE,
            });
        }
        if (each === "reported" && open) next = applyStatusReport(next, report("sent"), now);
        current = turn(next);
      }
    }),
  );
});
