import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Answering, Assistant } from "../../src/assistants/contract.ts";
import type { World } from "../../src/sender/conversing.ts";
import { type Decision, hear, nextDue, tick } from "../../src/sender/machine.ts";
import type { SenderState } from "../../src/sender/state.ts";
import { answeringWith, inbound } from "../support/chat.ts";

/** Counts what it has heard in a conversation, and ends it at "bye". */
const counter: Assistant = {
  hear: (event, memory) => {
    const { text, opening } = event.kind === "text" ? event : { text: event.kind, opening: false };
    const count = (opening ? 0 : Number(memory)) + 1;
    const awaits = text === "bye" ? ({ kind: "end" } as const) : ({ kind: "text", silentAfter: null } as const);
    return { answers: [{ kind: "text", text: `${text} ${count}` }], memory: count, notes: [], awaits };
  },
};

const IDLE_SECONDS = 600;

const answering: Answering = {
  ...answeringWith([]),
  id: "count",
  idleSeconds: IDLE_SECONDS,
  failure: "Sorry.",
  assistant: counter,
};

function world(now: number): World {
  return { now, origin: "https://sms.example.com", answering: () => answering };
}

function play(texts: readonly (readonly [text: string, minutes: number])[]): readonly string[] {
  let state: SenderState | null = null;
  let now = 0;
  return texts.map(([text, minutes], index) => {
    now += minutes * 60_000;
    const decision = hear(state, inbound(index + 1, text), world(now));
    state = decision.state;
    return decision.turn.parts.map((part) => part.text).join("|");
  });
}

describe("a conversation", () => {
  it("goes on until its idle time is over; then the next text opens a new one", () => {
    expect(
      play([
        ["a", 0],
        ["b", 9],
        ["c", 9],
        ["d", 10],
        ["e", 1],
      ]),
    ).toEqual(["a 1", "b 2", "c 3", "d 1", "e 2"]);
  });

  it("ends when the assistant ends it", () => {
    expect(
      play([
        ["a", 0],
        ["bye", 1],
        ["a", 1],
      ]),
    ).toEqual(["a 1", "bye 2", "a 1"]);
  });

  it("is one for each of our numbers, and they do not mix", () => {
    const first = hear(null, inbound(1, "a"), world(0));
    const other = hear(first.state, { ...inbound(2, "a"), to: "+12025550101" }, world(1));
    const again = hear(other.state, inbound(3, "a"), world(2));
    expect([first, other, again].map(({ turn }) => [turn.id, turn.conversation, turn.parts[0]?.text])).toEqual([
      [1, "1", "a 1"],
      [2, "2", "a 1"],
      [3, "1", "a 2"],
    ]);
  });

  it("stays with the application in which it began", () => {
    let asked: (string | null)[] = [];
    const watching = (now: number): World => ({
      ...world(now),
      answering: (open) => (asked.push(open?.application ?? null), answering),
    });
    const askedBy = (decide: () => Decision): [Decision, ...(string | null)[]] => {
      asked = [];
      return [decide(), ...new Set(asked)];
    };
    const [first, ...opening] = askedBy(() => hear(null, inbound(1, "a"), watching(0)));
    const [second, ...within] = askedBy(() => hear(first.state, inbound(2, "b"), watching(1)));
    const [, ...later] = askedBy(() => hear(second.state, inbound(3, "c"), watching(IDLE_SECONDS * 1_000 + 2)));
    expect([opening, within, later]).toEqual([[null], ["count"], [null]]);
  });

  it("whose assistant throws goes on where it was", () => {
    const failing: Answering = {
      ...answering,
      assistant: {
        hear: () => {
          throw new TypeError("private words");
        },
      },
    };
    const first = hear(null, inbound(1, "a"), world(0));
    const second = hear(first.state, inbound(2, "b"), { ...world(1), answering: () => failing });
    const third = hear(second.state, inbound(3, "c"), world(2));
    expect(second.turn.parts.map(({ text }) => text)).toEqual(["Sorry."]);
    expect(second.turn.notes).toEqual(["The assistant failed (TypeError)."]);
    expect(third.turn.parts[0]?.text).toBe("c 2");
  });
});

describe("after STOP", () => {
  it.each(["STOP", " stop ", "Unsubscribe", "QUIT"])("%j nothing is answered until START", (word) => {
    expect(
      play([
        ["a", 0],
        [word, 1],
        ["b", 1],
        ["help", 1],
        ["start", 1],
        ["c", 1],
      ]),
    ).toEqual(["a 1", "", "", "", "", "c 1"]);
  });

  it.each(["stop please", "don't stop", "stopp"])("%j is no STOP", (text) => {
    expect(
      play([
        ["a", 0],
        [text, 1],
      ]),
    ).toEqual(["a 1", `${text} 2`]);
  });

  it("YES opts in again, and is an answer everywhere else", () => {
    expect(
      play([
        ["yes", 0],
        ["stop", 1],
        ["yes", 1],
        ["yes", 1],
      ]),
    ).toEqual(["yes 1", "", "", "yes 1"]);
  });

  it("what Twilio has taken for a STOP is one, whatever its words", () => {
    const first = hear(null, { ...inbound(1, "arrêter"), optOut: "stop" }, world(0));
    const second = hear(first.state, inbound(2, "a"), world(1));
    expect([first, second].flatMap(({ turn }) => turn.parts)).toEqual([]);
    expect(second.turn.notes).toEqual(["Not answered: the sender has opted out."]);
  });

  it("at one of our numbers, another still answers", () => {
    const stopped = hear(null, inbound(1, "stop"), world(0));
    const other = hear(stopped.state, { ...inbound(2, "a"), to: "+12025550101" }, world(1));
    expect(other.turn.parts.map(({ text }) => text)).toEqual(["a 1"]);
  });
});

describe("time", () => {
  it("closes a conversation at the end of its idle time, not before, and once", () => {
    const { state } = hear(null, inbound(1, "a"), world(0));
    const end = IDLE_SECONDS * 1_000;
    expect(nextDue(state)).toBe(end);
    expect(tick(state, end - 1)).toBe(state);
    const closed = tick(state, end);
    expect(closed.lines["+12025550100"]?.conversation).toEqual({ status: "closed", id: "1", at: end, reason: "idle" });
    expect(nextDue(closed)).toBeNull();
    expect(tick(closed, end + 1)).toBe(closed);
  });
});

it("any life: turns count up by one, a state survives storage, and the same text decides the same", () => {
  const event = fc.tuple(
    fc.constantFrom("a", "b", "bye", "stop", "start", "yes", ""),
    fc.nat({ max: 20 }),
    fc.constantFrom("+12025550100", "+12025550101"),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      let state: SenderState | null = null;
      let now = 0;
      for (const [index, [text, minutes, to]] of events.entries()) {
        now += minutes * 60_000;
        const message = { ...inbound(index + 1, text), to };
        const decision = hear(state, message, world(now));
        const stored = JSON.parse(JSON.stringify(state)) as SenderState | null;
        expect(hear(stored, message, world(now))).toEqual(decision);
        expect(decision.turn.id).toBe(index + 1);
        expect(decision.state.nextTurn).toBe(index + 2);
        const consent = decision.state.lines[to]?.consent.status;
        if (consent === "withdrawn") expect(decision.turn.parts).toEqual([]);
        state = tick(decision.state, now);
      }
    }),
  );
});
