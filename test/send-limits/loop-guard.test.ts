import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detectLoop, type LoopMemory, rememberAnswer } from "../../src/send-limits/loop-guard.ts";

type Answer = (text: string, turn: number) => string | readonly string[];
/** A robot's text after an answer, and its delay in seconds. */
type Robot = (said: readonly string[], turn: number) => readonly [text: string, seconds: number];

const MENU = "Welcome to Northwind. 1) Opening hours 2) Track an order 3) A person";
const PARDON = "Sorry, that's not one of the options. Please reply with a number from 1 to 3.";
const menu: Answer = (_, turn) => (turn === 1 ? [MENU] : [PARDON]);

/** @returns the number of turns that were answered before the first that was held back; all if none was */
function answered(robot: Robot, answer: Answer = menu, turns = 40): number {
  let talk: LoopMemory | undefined;
  let now = 1_000_000;
  let said: readonly string[] = [];
  for (let turn = 1; turn <= turns; turn += 1) {
    const [text, seconds] = robot(said, turn);
    now += seconds * 1_000;
    const heard = detectLoop(talk, turn, text, now);
    if (heard.isHeld) return turn - 1;
    said = [answer(text, turn)].flat();
    talk = rememberAnswer(heard.talk, turn, said, now);
  }
  return turns;
}

/** Sends the same texts in turn, whatever the answer. */
const script =
  (texts: readonly string[], seconds: number): Robot =>
  (_, turn) => [texts[(turn - 1) % texts.length] ?? "", seconds];

const VARYING = [
  "Thank you for reaching out! I would be happy to help you with your order today.",
  "Of course. Could you tell me which of the three options describes your request best?",
  "I understand. Let me look into that for you, it will not take longer than a moment.",
  "Great question! The answer depends on what you have ordered and on when that was.",
  "Certainly! To proceed I need the order number, which is in the e-mail that you got.",
  "I apologise for the confusion. Let us begin again: what would you like to do today?",
  "Thanks for your patience. Is there anything else that I may help you with today?",
  "You are most welcome! Please do not hesitate to write whenever something comes up.",
];

describe("two robots stop within eight turns if the other one", () => {
  it.each<readonly [string, Robot, Answer]>([
    ["always sends the same text", script(["Thank you for your message. We will be back on Monday."], 3), menu],
    ["does so half a minute later", script(["Thank you for your message. We will be back on Monday."], 30), menu],
    ["always sends the same short text", script(["Busy"], 2), menu],
    ["numbers its texts", (_, turn) => [`Ticket #${turn * 317} was opened for you. We will answer soon.`, 4], menu],
    ["adds the time to its text", (_, turn) => [`I am driving. Sent at 10:${10 + turn} today`, 25], menu],
    ["sends back each answer", (said, turn) => [turn === 1 ? "hi" : (said.at(-1) ?? ""), 2], menu],
    [
      "sends back each answer, and answers vary",
      (said, turn) => [turn === 1 ? "hi there, who are you?" : (said[0] ?? ""), 2],
      (text) => `You said: ${text}`,
    ],
    ["sends back a short answer", (said, turn) => [turn === 1 ? "hi" : (said.at(-1) ?? ""), 2], () => "Pardon?"],
    [
      "sends three texts in turn",
      script([MENU, PARDON, "Did you mean one of these? Please reply with its number."], 4),
      menu,
    ],
    ["sends five texts in turn", script([MENU, PARDON, ...VARYING.slice(0, 3)], 30), menu],
    ["sends two short texts in turn", script(["What?", "Pardon?"], 5), () => "Once more?"],
    [
      "writes a new long text every two seconds",
      (_, turn) => [VARYING[(turn - 1) % 8] + "!".repeat(turn), 2],
      (_, turn) => `Answer ${turn}`,
    ],
    [
      "writes a new long text every five seconds",
      (_, turn) => [`${VARYING[(turn - 1) % 8]} (${"a".repeat(turn)})`, 5],
      (_, turn) => `Answer ${turn}`,
    ],
    [
      "sometimes writes a short text",
      (_, turn) => [turn % 4 === 3 ? "Of course!" : `${VARYING[(turn - 1) % 8]} ${"b".repeat(turn)}`, 3],
      (_, turn) => `Answer ${turn}`,
    ],
  ])("%s", (_, robot, answer) => {
    expect(answered(robot, answer)).toBeLessThan(8);
  });
});

describe("a human is not stopped who", () => {
  const long = (_: string, turn: number) => `Page ${turn}`;

  it.each<readonly [string, Robot, Answer]>([
    ["types 2, and more, more, more", (_, turn) => [turn === 1 ? "2" : "more", 1], long],
    [
      "goes back and forth in a menu",
      script(["2", "menu", "3", "back", "menu", "1", "menu"], 2),
      (text) => `The answer to ${text}`,
    ],
    ["texts quickly by script", (_, turn) => [`text ${turn}`, 0], (text) => text],
    ["counts by script, to an echo", (_, turn) => [String(turn), 0.05], (text) => text],
    [
      "writes long texts at human speed",
      (_, turn) => [`${VARYING[(turn - 1) % 8]} ${turn}${"x".repeat(turn)}`, 20],
      menu,
    ],
    ["repeats a question minutes later", script(["Where is my order number 12345, please?"], 200), long],
    [
      "chooses an option by its whole label",
      script(["Opening hours", "Track an order", "A person"], 4),
      (text) => `${text}: done`,
    ],
    ["answers with yes and no", script(["yes", "no", "yes", "yes", "no"], 2), (_, turn) => `Question ${turn}?`],
  ])("%s", (_, robot, answer) => {
    expect(answered(robot, answer)).toBe(40);
  });

  it("pastes a long text three times", () => {
    const robot: Robot = (_, turn) => [turn <= 3 ? "Where is my order number 12345, please?" : `${turn}`, 15];
    expect(answered(robot)).toBe(40);
  });

  it("writes varying short texts at any speed", () => {
    const text = fc.string({ maxLength: 19 });
    const gap = fc.integer({ min: 0, max: 700 });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, gap), { minLength: 20, maxLength: 60 }), (lines) => {
        const robot: Robot = (_, turn) => {
          const [body, seconds] = lines[turn - 1] ?? ["", 0];
          return [`${turn}${body}`.slice(0, 19), seconds];
        };
        expect(answered(robot, menu, lines.length)).toBe(lines.length);
      }),
    );
  });

  it("types varying texts at seven characters a second", () => {
    const text = fc.string({ minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(fc.array(text, { minLength: 20, maxLength: 40 }), (lines) => {
        // Letters, because digits are ignored in long texts.
        const robot: Robot = (_, turn) => {
          const body = `${"abcdefghij".at(turn % 10)}${"klmnopqrst".at(Math.floor(turn / 10))} ${lines[turn - 1] ?? ""}`;
          return [body, body.length / 7 + 0.01];
        };
        expect(answered(robot, menu, lines.length)).toBe(lines.length);
      }),
    );
  });
});

describe("any two deterministic robots stop", () => {
  it("within eight turns if each answers the same text with the same text and both circles are short", () => {
    const said = fc.array(fc.string({ minLength: 20, maxLength: 160 }), { minLength: 1, maxLength: 4 });
    const seconds = fc.integer({ min: 0, max: 59 });
    fc.assert(
      fc.property(said, said, seconds, (theirs, ours, pause) => {
        expect(answered(script(theirs, pause), (_, turn) => ours[turn % ours.length] ?? "")).toBeLessThan(8);
      }),
    );
  });
});

describe("a detected loop", () => {
  const BUSY = "Thank you for your message. We will be back on Monday.";

  function trip(): { readonly talk: LoopMemory; readonly now: number } {
    let talk: LoopMemory | undefined;
    let now = 1_000_000;
    for (let turn = 1; ; turn += 1) {
      now += 3_000;
      const heard = detectLoop(talk, turn, BUSY, now);
      ({ talk } = heard);
      if (heard.isHeld) return { talk, now };
      talk = rememberAnswer(talk, turn, [PARDON], now);
    }
  }

  it("lasts while the robot continues, however slowly", () => {
    const { talk, now } = trip();
    const again = detectLoop(talk, 100, BUSY, now + 9 * 60_000);
    expect(again.isHeld).toBe(true);
    expect(detectLoop(again.talk, 101, BUSY, now + 18 * 60_000).isHeld).toBe(true);
  });

  it("ends with a text without evidence, and after ten minutes of silence", () => {
    const { talk, now } = trip();
    expect(detectLoop(talk, 100, "hello?", now + 1_000).isHeld).toBe(false);
    expect(detectLoop(talk, 100, BUSY, now + 10 * 60_000 + 1).isHeld).toBe(false);
  });

  it("resumes soon if the robot continues after a human text", () => {
    const { talk, now } = trip();
    let after = rememberAnswer(detectLoop(talk, 100, "hello?", now + 1_000).talk, 100, [PARDON], now + 1_000);
    after = rememberAnswer(detectLoop(after, 101, BUSY, now + 4_000).talk, 101, [PARDON], now + 4_000);
    expect(detectLoop(after, 102, BUSY, now + 7_000).isHeld).toBe(true);
  });

  it("takes at most a few hundred bytes of state, however long the conversation", () => {
    let talk: LoopMemory | undefined;
    for (let turn = 1; turn <= 500; turn += 1)
      talk = rememberAnswer(
        detectLoop(talk, turn, `text ${turn}`, turn * 5_000).talk,
        turn,
        Array<string>(10).fill("x"),
        turn * 5_000,
      );
    expect(JSON.stringify(talk).length).toBeLessThan(900);
  });
});
