import { describe, expect, it } from "vitest";
import type { SendLimits } from "../../../src/send-limits/number-limits.ts";
import { type TurnDecision } from "../../../src/sender/events/decision.ts";
import { receiveText } from "../../../src/sender/events/text-received.ts";
import type { DecisionContext } from "../../../src/sender/model/context.ts";
import type { SenderState } from "../../../src/sender/model/state.ts";
import { answeringWith, inbound, topic } from "../../support/chat.ts";

const OFF: SendLimits = { countries: ["US"], rateLimit: null, hasLoopGuard: false, caps: null };

const MENU = topic("menu", {
  keywords: ["menu"],
  steps: [
    {
      kind: "choice",
      id: "which",
      text: "How can we help?",
      options: [{ label: "Opening hours" }, { label: "Track an order" }, { label: "A person" }],
      save: "which",
    },
    { kind: "say", id: "said", text: "You chose {{ which }}.", next: "which" },
  ],
});

const application = answeringWith([MENU]);

/** A contact that texts; the replies to each text, and the notes. */
class Phone {
  state: SenderState | null = null;
  #now = Date.UTC(2026, 2, 2, 12);
  #count = 0;
  readonly #brakes: SendLimits;
  readonly #from: string;

  constructor(brakes: Partial<SendLimits>, from = "+12025550140") {
    this.#brakes = { ...OFF, ...brakes };
    this.#from = from;
  }

  text(body: string, seconds = 5): TurnDecision["turn"] {
    this.#now += seconds * 1_000;
    this.#count += 1;
    const context: DecisionContext = {
      now: this.#now,
      origin: "https://sms.example.com",
      findApplication: () => application,
      sendLimits: () => this.#brakes,
    };
    const decision = receiveText(this.state, { ...inbound(this.#count, body), from: this.#from }, context);
    this.state = decision.state;
    return decision.turn;
  }

  say(body: string, seconds = 5): string {
    return this.text(body, seconds)
      .parts.map(({ text }) => text)
      .join("|");
  }

  counted(): readonly (readonly [kind: string, count: number])[] {
    return (this.state?.heldBack ?? []).map(({ kind, count }) => [kind, count]);
  }
}

describe("a contact in a country that is not allowed", () => {
  it("gets no answer, but the text is stored", () => {
    const phone = new Phone({}, "+16045550140");
    const turn = phone.text("menu");
    expect([turn.parts, turn.notes]).toEqual([
      [],
      ["Not answered: the account sends no texts to the contact's country."],
    ]);
    expect(phone.state?.lines["+12025550100"]?.conversation.status).toBe("none");
    phone.text("menu");
    expect(phone.counted()).toEqual([["country", 2]]);
  });

  it("can opt out and in, without a reply", () => {
    const phone = new Phone({}, "+16045550140");
    const consent = () => phone.state?.lines["+12025550100"]?.consent.status;
    expect([phone.say("please stop texting me"), consent()]).toEqual(["", "withdrawn"]);
    expect([phone.say("START"), consent()]).toEqual(["", "given"]);
    expect(phone.say("HELP")).toBe("");
  });

  it("is answered once the country is allowed", () => {
    expect(new Phone({ countries: ["US", "CA"] }, "+16045550140").say("menu")).toContain("How can we help?");
  });
});

describe("a contact who texts too fast", () => {
  const rate = { perMinute: 3, perHour: 200 };

  it("is told once, and answered again after a while", () => {
    const phone = new Phone({ rateLimit: rate });
    const said = ["menu", "1", "2", "3", "1", "2"].map((body) => phone.say(body, 0.1));
    expect(said.slice(0, 3).every((each) => each.includes("How can we help?"))).toBe(true);
    expect(said.slice(3)).toEqual([
      "You've sent a lot of texts in a short time. Please wait a minute, then text again.",
      "",
      "",
    ]);
    expect(phone.say("2", 60)).toContain("You chose Track an order.");
    expect(phone.counted()).toEqual([["rate", 3]]);
  });

  it("gets a note, and the conversation stays as it was", () => {
    const phone = new Phone({ rateLimit: rate });
    for (const body of ["menu", "1", "2"]) phone.text(body, 0);
    const before = phone.state?.lines["+12025550100"]?.conversation;
    const turn = phone.text("3", 0);
    expect(turn.notes).toEqual(["Not answered: the contact texts faster than the number's rate limit."]);
    expect(phone.state?.lines["+12025550100"]?.conversation).toEqual(before);
  });

  it("can still opt out and in", () => {
    const phone = new Phone({ rateLimit: rate });
    for (const body of ["menu", "1", "2", "3", "1"]) phone.text(body, 0);
    phone.text("STOP", 0);
    expect(phone.state?.lines["+12025550100"]?.consent.status).toBe("withdrawn");
    expect(phone.text("START", 0).notes).toEqual(["Answered by the carrier: START."]);
  });

  it("is counted over all numbers together", () => {
    const phone = new Phone({ rateLimit: rate });
    for (const body of ["menu", "1", "2"]) phone.text(body, 0);
    expect(phone.state?.pacing?.minute).toBe(3);
  });

  it("costs nothing if there is no limit", () => {
    const phone = new Phone({});
    phone.text("menu");
    expect([phone.state?.pacing, phone.state?.lines["+12025550100"]?.talk]).toEqual([undefined, undefined]);
  });
});

describe("a robot", () => {
  it("that repeats one answer is answered seven times at most, until a human text arrives", () => {
    const phone = new Phone({ hasLoopGuard: true });
    const said = Array.from({ length: 20 }, () => phone.say("I am away until Monday, and will answer then.", 3));
    const first = said.indexOf("");
    expect(first).toBeGreaterThan(2);
    expect(first).toBeLessThan(8);
    expect(said.slice(first).every((each) => each === "")).toBe(true);
    expect(phone.counted()).toEqual([["loop", 20 - first]]);
    expect(phone.say("menu", 20)).toContain("How can we help?");
  });

  it("on both ends: two menus stop within eight turns", () => {
    const [left, right] = [new Phone({ hasLoopGuard: true }), new Phone({ hasLoopGuard: true }, "+12025550141")];
    let waiting = ["hello"];
    let turns = 0;
    for (; waiting.length > 0 && turns < 100; turns += 1) {
      const listener = turns % 2 === 0 ? left : right;
      waiting = waiting.flatMap((body) => listener.text(body, 2).parts.map(({ text }) => text));
    }
    // Eight on each side.
    expect(turns).toBeLessThanOrEqual(16);
    expect([...left.counted(), ...right.counted()].map(([kind]) => kind)).toContain("loop");
  });

  it("is not detected in a contact who goes through a menu fast", () => {
    const phone = new Phone({ hasLoopGuard: true });
    const said = ["menu", "1", "1", "2", "2", "2", "3", "1", "2", "3", "menu", "2"].map((body) => phone.say(body, 1));
    expect(said).not.toContain("");
  });
});
