import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Answering, Assistant } from "../../src/contract/assistant.ts";
import { FILE_WAIT_MILLISECONDS } from "../../src/core/limits/media.ts";
import { type Decision } from "../../src/sender/events/decision.ts";
import { filed } from "../../src/sender/events/media-settled.ts";
import { hear } from "../../src/sender/events/text-received.ts";
import { proceed } from "../../src/sender/events/time-passed.ts";
import { due, nextDue, tick } from "../../src/sender/events/timeouts.ts";
import type { World } from "../../src/sender/model/context.ts";
import type { Copy, SenderState, Turn } from "../../src/sender/model/state.ts";
import { optOutReported } from "../../src/sender/rules/opt-out.ts";
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

  it("is left open by Twilio's word of an opt-out, and ended by STOP all the same", () => {
    const { state, turn } = hear(null, inbound(1, "a"), world(0));
    const [part] = turn.parts;
    if (part === undefined) throw new Error("nothing was said");
    const error = { code: 21_610, message: "Attempt to send to unsubscribed recipient" };
    const refused = { ...part, delivery: { status: "failed", sid: null, at: 1, error } as const };
    const told = optOutReported(state, turn, refused, 1)?.state ?? state;
    const statusOf = (after: SenderState) => after.lines[turn.number]?.conversation.status;
    expect([told.lines[turn.number]?.consent.status, statusOf(told)]).toEqual(["withdrawn", "open"]);
    expect(statusOf(hear(told, inbound(2, "STOP"), world(2)).state)).toBe("closed");
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

  it.each(["stop the delivery", "don't stop", "non-stop"])("%j is no STOP", (text) => {
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

describe("a file that an assistant waits for", () => {
  const LINK = "https://sms.example.com/media/a";
  const TWILIO = "https://api.twilio.com/media/a";
  const WAITING: Copy = { status: "waiting", tries: 0, dueAt: 0, reason: null };
  const REFUSED = { status: "refused", at: 1, reason: "it is so" } as const;

  /** Waits for the first file of a text, and says what has become of it. */
  const keeper: Assistant = {
    hear: (event) => {
      const [file] = "media" in event ? event.media : [];
      const waits = event.kind === "text" && file?.copy === "waiting";
      const text = `${event.kind} ${file?.copy} ${file?.url}`;
      const awaits = waits ? ({ kind: "file", index: 0 } as const) : ({ kind: "text", silentAfter: null } as const);
      return { answers: waits ? [] : [{ kind: "text", text }], memory: null, notes: [], awaits };
    },
  };
  const at = (now: number): World => ({ ...world(now), answering: () => ({ ...answering, assistant: keeper }) });
  const said = ({ turn }: Decision) => turn.parts.map(({ text }) => text);
  const withFile = { ...inbound(1, ""), media: [{ url: TWILIO, contentType: "image/png", link: LINK }] };

  /** The turn as it is stored once something has become of the copy. */
  function settled({ turn }: Decision, copy: Copy): Turn {
    if (turn.kind !== "heard") throw new Error("a text began it");
    return { ...turn, heard: { ...turn.heard, media: turn.heard.media.map((medium) => ({ ...medium, copy })) } };
  }

  it.each<readonly [Copy, string]>([
    [{ status: "kept", at: 1, key: "a", contentType: "image/png", size: 1 }, `file kept ${LINK}`],
    [{ ...REFUSED, because: "size" }, `file too-large ${TWILIO}`],
    [{ ...REFUSED, because: "type" }, `file unsupported ${TWILIO}`],
    [{ status: "lost", at: 1, reason: "HTTP 410" }, `file unavailable ${TWILIO}`],
    [{ status: "at-twilio" }, `file undefined ${TWILIO}`],
  ])("is told of once it is %j", (copy, expected) => {
    const heard = hear(null, withFile, at(0));
    expect(said(heard)).toEqual([]);
    expect(filed(heard.state, settled(heard, WAITING), at(1))).toBeNull();
    const decision = filed(heard.state, settled(heard, copy), at(2));
    expect(decision && said(decision)).toEqual([expected]);
    expect(decision?.turn.parts[0]?.at).toBe(2);
    // Nobody waits any more: another file of the text changes nothing.
    expect(decision && filed(decision.state, decision.turn, at(3))).toBeNull();
  });

  it("is waited for half a minute, and texts that come before wait too", () => {
    const heard = hear(null, withFile, at(0));
    const next = hear(heard.state, inbound(2, "hello?"), at(5));
    expect(said(next)).toEqual([]);
    expect(nextDue(next.state)).toBe(FILE_WAIT_MILLISECONDS);
    expect(due(next.state, FILE_WAIT_MILLISECONDS - 1)).toBeNull();
    const late = due(next.state, FILE_WAIT_MILLISECONDS);
    expect(late).toEqual({ kind: "file", number: heard.turn.number, turn: 1 });
    if (late?.kind !== "file") return;
    const decision = proceed(next.state, late, settled(heard, WAITING), at(FILE_WAIT_MILLISECONDS));
    expect(said(decision)).toEqual([`file waiting ${LINK}`]);
    expect(due(decision.state, FILE_WAIT_MILLISECONDS)).toMatchObject({ kind: "waiting", turn: 2 });
  });

  it("is nobody's any more after STOP", () => {
    const heard = hear(null, withFile, at(0));
    const stopped = hear(heard.state, inbound(2, "STOP"), at(5));
    expect(filed(stopped.state, settled(heard, { ...REFUSED, because: "size" }), at(6))).toBeNull();
    expect(nextDue(stopped.state)).toBeNull();
  });

  it("is not waited for where none is made: the assistant gets what Twilio gave", () => {
    const without = { ...inbound(1, ""), media: [{ url: TWILIO, contentType: "image/png" }] };
    expect(said(hear(null, without, at(0)))).toEqual([`text undefined ${TWILIO}`]);
  });
});

describe("a text that may open no conversation", () => {
  const away = { ...answering, inboundOpens: false };
  const at = (now: number, answers: Answering = away): World => ({ ...world(now), answering: () => answers });

  it("is kept and not answered; within a conversation that is open it is", () => {
    const refused = hear(null, inbound(1, "a"), at(1));
    expect([refused.turn.parts, refused.turn.notes]).toEqual([
      [],
      ["Not answered: a text opens no conversation with this application."],
    ]);
    expect(refused.state.lines["+12025550100"]?.conversation.status).toBe("none");
    const opened = hear(refused.state, inbound(2, "b"), at(2, answering));
    const heard = hear(opened.state, inbound(3, "c"), at(3));
    expect(heard.turn.parts.map(({ text }) => text)).toEqual(["c 2"]);
    const later = hear(heard.state, inbound(4, "d"), at(4 + IDLE_SECONDS * 1_000));
    expect(later.turn.parts).toEqual([]);
  });

  it("is still a STOP", () => {
    const { state } = hear(null, inbound(1, "STOP"), at(1));
    expect(state.lines["+12025550100"]?.consent.status).toBe("withdrawn");
  });
});

describe("in a pause", () => {
  const patient: Assistant = {
    hear: () => ({ answers: [], memory: null, notes: [], awaits: { kind: "pause", seconds: 60 } }),
    interrupt: ({ text }) => {
      if (text === "throw") throw new Error("broken");
      const answers = [{ kind: "text", text: `at once: ${text}` }] as const;
      return text === "wait" ? null : { answers, ends: text === "exit" };
    },
  };
  const at = (now: number): World => ({ ...world(now), answering: () => ({ ...answering, assistant: patient }) });
  const textsOf = ({ turn }: Decision) => turn.parts.map(({ text }) => text);
  const lineOf = ({ state }: Decision) => state.lines["+12025550100"];

  it("the assistant may answer at once; the pause goes on, and what waits waits on", () => {
    const paused = hear(null, inbound(1, "a"), at(1_000));
    const waiting = hear(paused.state, inbound(2, "wait"), at(2_000));
    const helped = hear(waiting.state, inbound(3, "help"), at(3_000));
    expect(textsOf(helped)).toEqual(["at once: help"]);
    expect(lineOf(helped)).toMatchObject({
      waiting: [2],
      conversation: { status: "open", turn: 3, rest: { kind: "pause", until: 61_000 } },
    });
    expect(due(helped.state, 60_999)).toBeNull();
    expect(due(helped.state, 61_000)).toEqual({ kind: "paused", number: "+12025550100", turn: 3 });
  });

  it("it may end the conversation: what waited is not answered, and the journal says so", () => {
    const paused = hear(null, inbound(1, "a"), at(1_000));
    const waiting = hear(paused.state, inbound(2, "wait"), at(2_000));
    const left = hear(waiting.state, inbound(3, "exit"), at(3_000));
    expect([textsOf(left), left.turn.notes]).toEqual([["at once: exit"], ["What waited is not answered: 1."]]);
    expect(lineOf(left)).not.toHaveProperty("waiting");
    expect(lineOf(left)?.conversation).toMatchObject({ status: "closed", reason: "ended" });
    expect(due(left.state, 1e9)).toBeNull();
  });

  it("where it throws, the text waits", () => {
    const paused = hear(null, inbound(1, "a"), at(1_000));
    expect(lineOf(hear(paused.state, inbound(2, "throw"), at(2_000)))?.waiting).toEqual([2]);
  });
});
