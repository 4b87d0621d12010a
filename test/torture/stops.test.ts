import { describe, expect, test } from "vitest";
import type { Evidence, TranscriptMessage } from "./evidence.ts";
import { heard, kinds, messagesOf, PAIR, said, transcribed } from "./fixtures.ts";
import { judge } from "./judge.ts";
import { answersLater, isConfirmed, NUMBERS } from "./setup.ts";
import { answerTo, START, START_TOLD, STOP, STOP_TOLD } from "./words.ts";

type Fate = "sent" | "dropped" | "refused" | "failed";

/** What became of the parts that answer a text; `before` is the text before it in the same conversation. */
interface Row {
  readonly text: string;
  readonly before?: string;
  readonly parts?: readonly Fate[];
  /** Left out: as the topics answer. */
  readonly answers?: readonly string[];
}

/** What a person, Twilio and the transcript saw; a second from text to text, 100 ms from part to part. */
function played(rows: readonly Row[]): Evidence {
  const texts = rows.map(({ text }, index) => {
    const at = (index + 1) * 1_000;
    return { ...PAIR, sid: `SM-in-${index + 1}`, body: text, startedAt: at, acceptedAt: at + 10 };
  });
  const messages = rows.flatMap(({ text, before = null, parts = [], answers = answerTo(text, before) }, index) => {
    return [heard(index + 1, text), ...parts.map((fate, part) => fated(index + 1, part, answers[part] ?? "", fate))];
  });
  const taken = messages
    .filter(({ direction, sid }) => direction === "out" && sid !== null)
    .map(({ sid, text, at }) => ({ ...PAIR, sid: sid ?? "", body: text, at: Date.parse(at) }));
  return { texts, taken, transcripts: [{ ...PAIR, messages }], asked: [] };
}

function fated(turn: number, part: number, text: string, fate: Fate): TranscriptMessage {
  const sent = said(turn, part, text, `SM-${turn}-${part}`);
  if (fate === "sent") return sent;
  if (fate === "dropped") return { ...sent, sid: null, status: "dropped", error: { code: null } };
  return { ...sent, sid: null, status: "failed", error: { code: fate === "refused" ? 21_610 : 21_211 } };
}

/** The same, but for one row. */
const but = (rows: readonly Row[], turn: number, change: Partial<Row>): readonly Row[] =>
  rows.map((row, index) => (index + 1 === turn ? { ...row, ...change } : row));

/** Moves what Twilio took to another moment, in its order. */
const takenAt = (evidence: Evidence, sid: string, at: number): Evidence => ({
  ...evidence,
  taken: evidence.taken
    .map((message) => (message.sid === sid ? { ...message, at } : message))
    .toSorted((one, other) => one.at - other.at),
});

const STOPPED: readonly Row[] = [
  { text: "three t1", parts: ["sent", "dropped", "dropped"] },
  { text: STOP },
  { text: "two t3" },
  { text: START },
  { text: "one t5", parts: ["sent"] },
  { text: START },
  { text: "two t7", before: "one t5", parts: ["sent", "sent"] },
];

describe("the judge of STOP", () => {
  test("finds nothing where what waits is dropped, texts are not answered until START, and a new conversation begins", () => {
    expect(judge(played(STOPPED))).toEqual([]);
  });

  test("allows the one part that was claimed, before START and after it", () => {
    const evidence = played(but(STOPPED, 1, { parts: ["sent", "sent", "dropped"] }));
    for (const at of [2_009, 2_500, 4_500]) expect(judge(takenAt(evidence, "SM-1-1", at))).toEqual([]);
  });

  test.each([2_500, 4_500])("sees a second part that was sent after it, at %i", (at) => {
    const evidence = played(but(STOPPED, 1, { parts: ["sent", "sent", "sent"] }));
    expect(kinds(takenAt(evidence, "SM-1-2", at))).toEqual([]);
    expect(kinds(takenAt(takenAt(evidence, "SM-1-1", at - 1), "SM-1-2", at))).toEqual(["unwanted"]);
  });

  test.each<[what: string, turn: number, change: Partial<Row>, kind: string]>([
    ["a text that was answered while stopped", 3, { parts: ["sent", "sent"] }, "unwanted"],
    ["a text that is not answered after START", 5, { parts: [] }, "lost"],
    ["a conversation that STOP did not close", 5, { before: "three t1" }, "lost"],
    ["a conversation that START closed", 7, { parts: ["sent", "sent"], before: "nothing" }, "lost"],
    ["a part that was dropped, and the next one sent", 1, { parts: ["sent", "dropped", "sent"] }, "lost"],
    ["a part that was dropped after the last STOP", 7, { parts: ["sent", "dropped"] }, "lost"],
    ["a part that was refused for another reason", 1, { parts: ["sent", "failed", "dropped"] }, "lost"],
    ["an answer to STOP itself", 2, { parts: ["sent"] }, "difference"],
  ])("sees %s", (_, turn, change, kind) => {
    expect(kinds(played(but(STOPPED, turn, change)))).toContain(kind);
  });

  test("misses a text that came while stopped", () => {
    const evidence = played(STOPPED);
    const without = messagesOf(evidence).filter(({ id }) => id !== "3");
    expect(kinds(transcribed(evidence, without))).toEqual(["lost"]);
  });

  test("sees a dropped part that Twilio has all the same", () => {
    const evidence = played(STOPPED);
    const late = { ...PAIR, sid: "SM-1-1", body: "2/3 three t1", at: 1_500 };
    expect(kinds({ ...evidence, taken: evidence.taken.toSpliced(1, 0, late) })).toContain("difference");
  });
});

/** Twilio hears of STOP first, and refuses a part; then a text comes, and only then STOP. */
const REFUSED: readonly Row[] = [
  { text: "one t1", parts: ["sent"] },
  { text: "three t2", before: "one t1", parts: ["sent", "refused", "dropped"] },
  { text: "one t3" },
  { text: STOP },
  { text: START },
  { text: "one t6", parts: ["sent"] },
];

describe("the judge of Twilio's refusal after STOP", () => {
  test("finds nothing where it is taken as a STOP", () => {
    expect(judge(played(REFUSED))).toEqual([]);
  });

  test("has the conversation go on where START comes before STOP, and after it ends", () => {
    const early = [...REFUSED.slice(0, 3), { text: START }, { text: "one t5", before: "three t2", parts: ["sent"] }];
    expect(judge(played([...early, { text: STOP }] as readonly Row[]))).toEqual([]);
  });

  test.each<[what: string, turn: number, change: Partial<Row>, kind: string]>([
    ["an answer after the refusal", 3, { before: "three t2", parts: ["sent"] }, "unwanted"],
    ["a text that was not answered before it", 1, { parts: [] }, "lost"],
  ])("sees %s", (_, turn, change, kind) => {
    expect(kinds(played(but(REFUSED, turn, change)))).toContain(kind);
  });

  test("misses what was refused where nobody ever said STOP", () => {
    expect(kinds(played(REFUSED.slice(0, 3)))).toContain("lost");
  });
});

/** A bot answers the first text, and thinks of the second while STOP comes. */
const WAITING: readonly Row[] = [
  { text: "one t1", parts: ["sent"] },
  { text: "two t2" },
  { text: "one t3" },
  { text: STOP },
  { text: START },
  { text: "one t6", parts: ["sent"] },
];

/** The same with another number. */
function moved({ texts, taken, transcripts, asked }: Evidence, number = ""): Evidence {
  const move = <Item extends object>(items: readonly Item[]) => items.map((item) => ({ ...item, number }));
  return { texts: move(texts), taken: move(taken), transcripts: move(transcripts), asked };
}

/** Parley answers the first STOP, and each START. */
const CONFIRMED: readonly Row[] = [
  { text: "one t1", parts: ["sent"] },
  { text: STOP, parts: ["sent"], answers: [STOP_TOLD] },
  { text: STOP },
  { text: START, parts: ["sent"], answers: [START_TOLD] },
  { text: START, parts: ["dropped"], answers: [START_TOLD] },
  { text: STOP, parts: ["sent"], answers: [STOP_TOLD] },
];

describe("the judge of confirmations", () => {
  const confirmed = (rows: readonly Row[]) => moved(played(rows), NUMBERS.find(isConfirmed));

  test("finds nothing where each is sent once", () => {
    expect(judge(confirmed(CONFIRMED))).toEqual([]);
    expect(judge(moved(takenAt(played(CONFIRMED), "SM-2-0", 3_500), NUMBERS.find(isConfirmed)))).toEqual([]);
  });

  test.each<[what: string, turn: number, change: Partial<Row>, kind: string]>([
    ["a STOP without one", 2, { parts: [] }, "lost"],
    ["a second STOP with one", 3, { parts: ["sent"], answers: [STOP_TOLD] }, "duplicated"],
    ["a START without one", 4, { parts: [] }, "lost"],
    ["the wrong one", 4, { answers: [STOP_TOLD] }, "lost"],
  ])("sees %s", (_, turn, change, kind) => {
    expect(kinds(confirmed(but(CONFIRMED, turn, change)))).toContain(kind);
  });

  test("minds them where Twilio answers", () => {
    expect(kinds(played(CONFIRMED))).toContain("duplicated");
  });
});

describe("the judge of what answers later", () => {
  const later = (rows: readonly Row[]) => moved(played(rows), NUMBERS.find(answersLater));

  test("finds nothing where texts waited when STOP came", () => {
    expect(judge(later(WAITING))).toEqual([]);
  });

  test.each<[what: string, rows: readonly Row[]]>([
    ["the same where texts are answered at once", []],
    ["a text without an answer, and none withdrawn", WAITING.slice(0, 3)],
    ["one that was passed over before STOP", but(WAITING, 3, { before: "one t1", parts: ["sent"] })],
    ["one after START", but(WAITING, 6, { parts: [] })],
  ])("misses %s", (_, rows) => {
    expect(kinds(rows.length === 0 ? played(WAITING) : later(rows))).toContain("lost");
  });
});

describe("the judge of questions to the bot", () => {
  const [text] = played(WAITING).texts;
  const asked = { ...PAIR, turn: `${PAIR.phone.slice(1)}-SM`, message: "SM", text: "one t1" };
  const world = (...questions: readonly (typeof asked)[]): Evidence => {
    const evidence = played(WAITING.slice(0, 1));
    const texts = evidence.texts.map((each) => ({ ...each, sid: "SM" }));
    const messages = messagesOf(evidence).map((each) => (each.direction === "in" ? { ...each, sid: "SM" } : each));
    return { ...transcribed(evidence, messages), texts, asked: questions };
  };

  test("finds nothing where the same one comes again", () => {
    expect(text?.body).toBe(asked.text);
    expect(judge(world(asked, asked))).toEqual([]);
  });

  test.each([
    ["another turn", { turn: `${PAIR.phone.slice(1)}-SX` }],
    ["another message", { message: "SX" }],
    ["another text", { text: "one t9" }],
    ["another person", { phone: "+14255550109" }],
  ])("sees that it is of %s", (_, change) => {
    expect(kinds(world(asked, { ...asked, ...change }))).toEqual(["misasked"]);
  });
});
