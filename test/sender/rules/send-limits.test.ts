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

const answering = answeringWith([MENU]);

/** A phone that texts; what is said to each text, and the notes. */
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
    const world: DecisionContext = {
      now: this.#now,
      origin: "https://sms.example.com",
      findApplication: () => answering,
      sendLimits: () => this.#brakes,
    };
    const decision = receiveText(this.state, { ...inbound(this.#count, body), from: this.#from }, world);
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

describe("a sender in a country that is not allowed", () => {
  it("is heard, and gets no answer", () => {
    const phone = new Phone({}, "+16045550140");
    const turn = phone.text("menu");
    expect([turn.parts, turn.notes]).toEqual([
      [],
      ["Not answered: the account does not text to the sender's country."],
    ]);
    expect(phone.state?.lines["+12025550100"]?.conversation.status).toBe("none");
    phone.text("menu");
    expect(phone.counted()).toEqual([["country", 2]]);
  });

  it("can opt out, and in, and hears nothing of it", () => {
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

describe("a sender who texts too fast", () => {
  const rate = { perMinute: 3, perHour: 200 };

  it("is told once, and answered again when they have waited", () => {
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

  it("is noted, and leaves the conversation where it was", () => {
    const phone = new Phone({ rateLimit: rate });
    for (const body of ["menu", "1", "2"]) phone.text(body, 0);
    const before = phone.state?.lines["+12025550100"]?.conversation;
    const turn = phone.text("3", 0);
    expect(turn.notes).toEqual(["Not answered: the sender texts faster than the number's rate limit."]);
    expect(phone.state?.lines["+12025550100"]?.conversation).toEqual(before);
  });

  it("can opt out and in all the same", () => {
    const phone = new Phone({ rateLimit: rate });
    for (const body of ["menu", "1", "2", "3", "1"]) phone.text(body, 0);
    phone.text("STOP", 0);
    expect(phone.state?.lines["+12025550100"]?.consent.status).toBe("withdrawn");
    expect(phone.text("START", 0).notes).toEqual(["Answered by the carrier: START."]);
  });

  it("is a sender of all of our numbers together", () => {
    const phone = new Phone({ rateLimit: rate });
    for (const body of ["menu", "1", "2"]) phone.text(body, 0);
    expect(phone.state?.pacing?.minute).toBe(3);
  });

  it("costs nothing where there is no limit", () => {
    const phone = new Phone({});
    phone.text("menu");
    expect([phone.state?.pacing, phone.state?.lines["+12025550100"]?.talk]).toEqual([undefined, undefined]);
  });
});

describe("a robot", () => {
  it("that answers every text with the same is answered seven times at most, and a person's text ends it", () => {
    const phone = new Phone({ hasLoopGuard: true });
    const said = Array.from({ length: 20 }, () => phone.say("I am away until Monday, and will answer then.", 3));
    const first = said.indexOf("");
    expect(first).toBeGreaterThan(2);
    expect(first).toBeLessThan(8);
    expect(said.slice(first).every((each) => each === "")).toBe(true);
    expect(phone.counted()).toEqual([["loop", 20 - first]]);
    expect(phone.say("menu", 20)).toContain("How can we help?");
  });

  it("of our own kind on both ends: two menus stop within eight turns", () => {
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

  it("is nobody who goes through a menu as fast as their thumb", () => {
    const phone = new Phone({ hasLoopGuard: true });
    const said = ["menu", "1", "1", "2", "2", "2", "3", "1", "2", "3", "menu", "2"].map((body) => phone.say(body, 1));
    expect(said).not.toContain("");
  });
});
