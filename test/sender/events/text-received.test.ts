import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Assistant, ReadyApplication } from "../../../src/contract/assistant.ts";
import { ASSISTANT_FILE_WAIT_MILLISECONDS } from "../../../src/core/limits/media.ts";
import { type TurnDecision } from "../../../src/sender/events/decision.ts";
import { resumeAfterMedia } from "../../../src/sender/events/media-settled.ts";
import { receiveText } from "../../../src/sender/events/text-received.ts";
import { handleDueEvent } from "../../../src/sender/events/time-passed.ts";
import { closeIdleConversations, nextDueAt, nextDueEvent } from "../../../src/sender/events/timeouts.ts";
import type { DecisionContext } from "../../../src/sender/model/context.ts";
import type { MediaCopy, SenderState, Turn } from "../../../src/sender/model/state.ts";
import { applyReportedOptOut } from "../../../src/sender/rules/opt-out.ts";
import { answeringWith, inbound } from "../../support/chat.ts";

/** Counts the texts of a conversation, and ends it at "bye". */
const counter: Assistant = {
  handleEvent: (event, memory) => {
    const { text, opening } = event.kind === "text" ? event : { text: event.kind, opening: false };
    const count = (opening ? 0 : Number(memory)) + 1;
    const awaits = text === "bye" ? ({ kind: "end" } as const) : ({ kind: "text", silentAfter: null } as const);
    return { answers: [{ kind: "text", text: `${text} ${count}` }], memory: count, notes: [], awaits };
  },
};

const IDLE_SECONDS = 600;

const application: ReadyApplication = {
  ...answeringWith([]),
  id: "count",
  idleSeconds: IDLE_SECONDS,
  failure: "Sorry.",
  assistant: counter,
};

function contextAt(now: number): DecisionContext {
  return { now, origin: "https://sms.example.com", findApplication: () => application };
}

function play(texts: readonly (readonly [text: string, minutes: number])[]): readonly string[] {
  let state: SenderState | null = null;
  let now = 0;
  return texts.map(([text, minutes], index) => {
    now += minutes * 60_000;
    const decision = receiveText(state, inbound(index + 1, text), contextAt(now));
    state = decision.state;
    return decision.turn.parts.map((part) => part.text).join("|");
  });
}

describe("a conversation", () => {
  it("continues until its idle time is over; the next text opens a new one", () => {
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

  it("stays open after an opt-out that Twilio reports, and is closed by STOP", () => {
    const { state, turn } = receiveText(null, inbound(1, "a"), contextAt(0));
    const [part] = turn.parts;
    if (part === undefined) throw new Error("nothing was said");
    const error = { code: 21_610, message: "Attempt to send to unsubscribed recipient" };
    const refused = { ...part, delivery: { status: "failed", sid: null, at: 1, error } as const };
    const told = applyReportedOptOut(state, turn, refused, 1)?.state ?? state;
    const statusOf = (after: SenderState) => after.lines[turn.number]?.conversation.status;
    expect([told.lines[turn.number]?.consent.status, statusOf(told)]).toEqual(["withdrawn", "open"]);
    expect(statusOf(receiveText(told, inbound(2, "STOP"), contextAt(2)).state)).toBe("closed");
  });

  it("closes when the assistant ends it", () => {
    expect(
      play([
        ["a", 0],
        ["bye", 1],
        ["a", 1],
      ]),
    ).toEqual(["a 1", "bye 2", "a 1"]);
  });

  it("is separate for each number", () => {
    const first = receiveText(null, inbound(1, "a"), contextAt(0));
    const other = receiveText(first.state, { ...inbound(2, "a"), to: "+12025550101" }, contextAt(1));
    const again = receiveText(other.state, inbound(3, "a"), contextAt(2));
    expect([first, other, again].map(({ turn }) => [turn.id, turn.conversation, turn.parts[0]?.text])).toEqual([
      [1, "1", "a 1"],
      [2, "2", "a 1"],
      [3, "1", "a 2"],
    ]);
  });

  it("stays with the application that opened it", () => {
    let asked: (string | null)[] = [];
    const watching = (now: number): DecisionContext => ({
      ...contextAt(now),
      findApplication: (open) => (asked.push(open?.application ?? null), application),
    });
    const askedBy = (decide: () => TurnDecision): [TurnDecision, ...(string | null)[]] => {
      asked = [];
      return [decide(), ...new Set(asked)];
    };
    const [first, ...opening] = askedBy(() => receiveText(null, inbound(1, "a"), watching(0)));
    const [second, ...within] = askedBy(() => receiveText(first.state, inbound(2, "b"), watching(1)));
    const [, ...later] = askedBy(() => receiveText(second.state, inbound(3, "c"), watching(IDLE_SECONDS * 1_000 + 2)));
    expect([opening, within, later]).toEqual([[null], ["count"], [null]]);
  });

  it("continues if its assistant throws", () => {
    const failing: ReadyApplication = {
      ...application,
      assistant: {
        handleEvent: () => {
          throw new TypeError("private words");
        },
      },
    };
    const first = receiveText(null, inbound(1, "a"), contextAt(0));
    const second = receiveText(first.state, inbound(2, "b"), { ...contextAt(1), findApplication: () => failing });
    const third = receiveText(second.state, inbound(3, "c"), contextAt(2));
    expect(second.turn.parts.map(({ text }) => text)).toEqual(["Sorry."]);
    expect(second.turn.notes).toEqual(["The assistant failed (TypeError)."]);
    expect(third.turn.parts[0]?.text).toBe("c 2");
  });
});

describe("after STOP", () => {
  it.each(["STOP", " stop ", "Unsubscribe", "QUIT"])("%j ends all answers until START", (word) => {
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

  it("YES opts in again, and is an ordinary text otherwise", () => {
    expect(
      play([
        ["yes", 0],
        ["stop", 1],
        ["yes", 1],
        ["yes", 1],
      ]),
    ).toEqual(["yes 1", "", "", "yes 1"]);
  });

  it("a text that Twilio reports as STOP is one, whatever its words", () => {
    const first = receiveText(null, { ...inbound(1, "arrêter"), optOut: "stop" }, contextAt(0));
    const second = receiveText(first.state, inbound(2, "a"), contextAt(1));
    expect([first, second].flatMap(({ turn }) => turn.parts)).toEqual([]);
    expect(second.turn.notes).toEqual(["Not answered: the contact has opted out."]);
  });

  it("another number still answers", () => {
    const stopped = receiveText(null, inbound(1, "stop"), contextAt(0));
    const other = receiveText(stopped.state, { ...inbound(2, "a"), to: "+12025550101" }, contextAt(1));
    expect(other.turn.parts.map(({ text }) => text)).toEqual(["a 1"]);
  });
});

describe("time", () => {
  it("closes a conversation once, at the end of its idle time", () => {
    const { state } = receiveText(null, inbound(1, "a"), contextAt(0));
    const end = IDLE_SECONDS * 1_000;
    expect(nextDueAt(state)).toBe(end);
    expect(closeIdleConversations(state, end - 1)).toBe(state);
    const closed = closeIdleConversations(state, end);
    expect(closed.lines["+12025550100"]?.conversation).toEqual({ status: "closed", id: "1", at: end, reason: "idle" });
    expect(nextDueAt(closed)).toBeNull();
    expect(closeIdleConversations(closed, end + 1)).toBe(closed);
  });
});

it("in any life, turns count up by one, the state survives storage, and the same text gives the same decision", () => {
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
        const decision = receiveText(state, message, contextAt(now));
        const stored = JSON.parse(JSON.stringify(state)) as SenderState | null;
        expect(receiveText(stored, message, contextAt(now))).toEqual(decision);
        expect(decision.turn.id).toBe(index + 1);
        expect(decision.state.nextTurn).toBe(index + 2);
        const consent = decision.state.lines[to]?.consent.status;
        if (consent === "withdrawn") expect(decision.turn.parts).toEqual([]);
        state = closeIdleConversations(decision.state, now);
      }
    }),
  );
});

describe("a file that the assistant waits for", () => {
  const LINK = "https://sms.example.com/media/a";
  const TWILIO = "https://api.twilio.com/media/a";
  const WAITING: MediaCopy = { status: "waiting", tries: 0, dueAt: 0, reason: null };
  const REFUSED = { status: "refused", at: 1, reason: "it is so" } as const;

  /** Waits for the first file of a text, and reports its result. */
  const keeper: Assistant = {
    handleEvent: (event) => {
      const [file] = "media" in event ? event.media : [];
      const waits = event.kind === "text" && file?.copy === "waiting";
      const text = `${event.kind} ${file?.copy} ${file?.url}`;
      const awaits = waits ? ({ kind: "file", index: 0 } as const) : ({ kind: "text", silentAfter: null } as const);
      return { answers: waits ? [] : [{ kind: "text", text }], memory: null, notes: [], awaits };
    },
  };
  const at = (now: number): DecisionContext => ({
    ...contextAt(now),
    findApplication: () => ({ ...application, assistant: keeper }),
  });
  const said = ({ turn }: TurnDecision) => turn.parts.map(({ text }) => text);
  const withFile = { ...inbound(1, ""), media: [{ url: TWILIO, contentType: "image/png", link: LINK }] };

  /** The turn as stored after the copy is settled. */
  function settled({ turn }: TurnDecision, copy: MediaCopy): Turn {
    if (turn.kind !== "heard") throw new Error("a text began it");
    return { ...turn, heard: { ...turn.heard, media: turn.heard.media.map((medium) => ({ ...medium, copy })) } };
  }

  it.each<readonly [MediaCopy, string]>([
    [{ status: "kept", at: 1, key: "a", contentType: "image/png", size: 1 }, `file kept ${LINK}`],
    [{ ...REFUSED, because: "size" }, `file too-large ${TWILIO}`],
    [{ ...REFUSED, because: "type" }, `file unsupported ${TWILIO}`],
    [{ status: "lost", at: 1, reason: "HTTP 410" }, `file unavailable ${TWILIO}`],
    [{ status: "at-twilio" }, `file undefined ${TWILIO}`],
  ])("resumes the turn once its copy is %j", (copy, expected) => {
    const heard = receiveText(null, withFile, at(0));
    expect(said(heard)).toEqual([]);
    expect(resumeAfterMedia(heard.state, settled(heard, WAITING), at(1))).toBeNull();
    const decision = resumeAfterMedia(heard.state, settled(heard, copy), at(2));
    expect(decision && said(decision)).toEqual([expected]);
    expect(decision?.turn.parts[0]?.at).toBe(2);
    // The wait is over: another file of the text changes nothing.
    expect(decision && resumeAfterMedia(decision.state, decision.turn, at(3))).toBeNull();
  });

  it("is awaited for half a minute, while texts wait too", () => {
    const heard = receiveText(null, withFile, at(0));
    const next = receiveText(heard.state, inbound(2, "hello?"), at(5));
    expect(said(next)).toEqual([]);
    expect(nextDueAt(next.state)).toBe(ASSISTANT_FILE_WAIT_MILLISECONDS);
    expect(nextDueEvent(next.state, ASSISTANT_FILE_WAIT_MILLISECONDS - 1)).toBeNull();
    const late = nextDueEvent(next.state, ASSISTANT_FILE_WAIT_MILLISECONDS);
    expect(late).toEqual({ kind: "file", number: heard.turn.number, turn: 1 });
    if (late?.kind !== "file") return;
    const decision = handleDueEvent(next.state, late, settled(heard, WAITING), at(ASSISTANT_FILE_WAIT_MILLISECONDS));
    expect(said(decision)).toEqual([`file waiting ${LINK}`]);
    expect(nextDueEvent(decision.state, ASSISTANT_FILE_WAIT_MILLISECONDS)).toMatchObject({ kind: "waiting", turn: 2 });
  });

  it("is not awaited after STOP", () => {
    const heard = receiveText(null, withFile, at(0));
    const stopped = receiveText(heard.state, inbound(2, "STOP"), at(5));
    expect(resumeAfterMedia(stopped.state, settled(heard, { ...REFUSED, because: "size" }), at(6))).toBeNull();
    expect(nextDueAt(stopped.state)).toBeNull();
  });

  it("is not awaited without a bucket: the assistant gets Twilio's URL", () => {
    const without = { ...inbound(1, ""), media: [{ url: TWILIO, contentType: "image/png" }] };
    expect(said(receiveText(null, without, at(0)))).toEqual([`text undefined ${TWILIO}`]);
  });
});

describe("a text that must not open a conversation", () => {
  const away = { ...application, inboundOpens: false };
  const at = (now: number, answers: ReadyApplication = away): DecisionContext => ({
    ...contextAt(now),
    findApplication: () => answers,
  });

  it("is stored without an answer, and answered within an open conversation", () => {
    const refused = receiveText(null, inbound(1, "a"), at(1));
    expect([refused.turn.parts, refused.turn.notes]).toEqual([
      [],
      ["Not answered: texts cannot open a conversation with this application."],
    ]);
    expect(refused.state.lines["+12025550100"]?.conversation.status).toBe("none");
    const opened = receiveText(refused.state, inbound(2, "b"), at(2, application));
    const heard = receiveText(opened.state, inbound(3, "c"), at(3));
    expect(heard.turn.parts.map(({ text }) => text)).toEqual(["c 2"]);
    const later = receiveText(heard.state, inbound(4, "d"), at(4 + IDLE_SECONDS * 1_000));
    expect(later.turn.parts).toEqual([]);
  });

  it("still counts as STOP", () => {
    const { state } = receiveText(null, inbound(1, "STOP"), at(1));
    expect(state.lines["+12025550100"]?.consent.status).toBe("withdrawn");
  });
});

describe("in a pause", () => {
  const patient: Assistant = {
    handleEvent: () => ({ answers: [], memory: null, notes: [], awaits: { kind: "pause", seconds: 60 } }),
    interrupt: ({ text }) => {
      if (text === "throw") throw new Error("broken");
      const answers = [{ kind: "text", text: `at once: ${text}` }] as const;
      return text === "wait" ? null : { answers, ends: text === "exit" };
    },
  };
  const at = (now: number): DecisionContext => ({
    ...contextAt(now),
    findApplication: () => ({ ...application, assistant: patient }),
  });
  const textsOf = ({ turn }: TurnDecision) => turn.parts.map(({ text }) => text);
  const lineOf = ({ state }: TurnDecision) => state.lines["+12025550100"];

  it("the assistant may answer at once, while the pause continues and waiting texts wait", () => {
    const paused = receiveText(null, inbound(1, "a"), at(1_000));
    const waiting = receiveText(paused.state, inbound(2, "wait"), at(2_000));
    const helped = receiveText(waiting.state, inbound(3, "help"), at(3_000));
    expect(textsOf(helped)).toEqual(["at once: help"]);
    expect(lineOf(helped)).toMatchObject({
      waiting: [2],
      conversation: { status: "open", turn: 3, rest: { kind: "pause", until: 61_000 } },
    });
    expect(nextDueEvent(helped.state, 60_999)).toBeNull();
    expect(nextDueEvent(helped.state, 61_000)).toEqual({ kind: "paused", number: "+12025550100", turn: 3 });
  });

  it("the assistant may end the conversation: waiting texts are not answered, with a note", () => {
    const paused = receiveText(null, inbound(1, "a"), at(1_000));
    const waiting = receiveText(paused.state, inbound(2, "wait"), at(2_000));
    const left = receiveText(waiting.state, inbound(3, "exit"), at(3_000));
    expect([textsOf(left), left.turn.notes]).toEqual([
      ["at once: exit"],
      ["Waiting texts not answered, since the conversation ended: 1."],
    ]);
    expect(lineOf(left)).not.toHaveProperty("waiting");
    expect(lineOf(left)?.conversation).toMatchObject({ status: "closed", reason: "ended" });
    expect(nextDueEvent(left.state, 1e9)).toBeNull();
  });

  it("the text waits if the assistant throws", () => {
    const paused = receiveText(null, inbound(1, "a"), at(1_000));
    expect(lineOf(receiveText(paused.state, inbound(2, "throw"), at(2_000)))?.waiting).toEqual([2]);
  });
});
