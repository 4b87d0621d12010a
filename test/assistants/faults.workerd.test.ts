import { afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { type Fault, linesFor, WELCOME } from "../support/bots/stand-in.ts";
import { assistantOf, BOTS, connect, FAILURE, heardBy, setFault, Talk } from "../support/talking.ts";
import { emulate, migrateDatabase, ONE, put, reached, transcript } from "../support/worker.ts";

const numberOf = (kind: string) => `+1312555${String(100 + BOTS.indexOf(kind)).padStart(4, "0")}`;

const PHONES = Array.from({ length: 100 }, (_, index) => `+1213555${String(100 + index).padStart(4, "0")}`);

/** The effect of a fault: none, or the failure message. */
const FAULTS: Readonly<Record<Fault, "answer" | "failure">> = {
  slow: "failure",
  error: "failure",
  reset: "failure",
  rubbish: "failure",
  expired: "answer",
  "wrong-key": "failure",
  empty: "failure",
  huge: "failure",
  twice: "answer",
};

const logged: string[] = [];
let used = 0;

beforeAll(async () => {
  await migrateDatabase();
  await emulate(ONE, [], PHONES);
  await put(`/v1/accounts/${ONE.sid}`, { name: "Test", authToken: ONE.token, baseUrl: inject("emulator") });
  for (const kind of BOTS) await connect(kind, numberOf(kind));
});

beforeEach(() => {
  logged.length = 0;
  for (const level of ["log", "debug", "info", "warn", "error"] as const)
    vi.spyOn(console, level).mockImplementation((...words) => void logged.push(words.map(String).join(" ")));
});

afterEach(() => {
  vi.restoreAllMocks();
});

function person(kind: string): Talk {
  used += 1;
  return new Talk(kind, PHONES[used - 1] ?? "", numberOf(kind));
}

/** As returned by the API. */
const urlOf = (medium: object): string => ("url" in medium ? String(medium.url) : "");

describe.each(BOTS)("with a %s assistant", (kind) => {
  it.each(Object.entries(FAULTS) as [Fault, "answer" | "failure"][])(
    "%s: the contact gets an answer or the failure message, once",
    async (fault, ending) => {
      const talk = person(kind);
      const said = ["zebra one", `zebra ${fault}`, "zebra three"];
      await talk.text("zebra one");
      await talk.got(1);
      await setFault(kind, fault);
      await talk.text(`zebra ${fault}`);
      await talk.got(2);
      await setFault(kind, null);
      await talk.text("zebra three");
      // A duplicate would have arrived before the answer to the last text.
      expect(await talk.got(3)).toEqual([
        "You said zebra one.",
        ending === "answer" ? `You said zebra ${fault}.` : FAILURE,
        "You said zebra three.",
      ]);
      const [, notes = []] = await talk.notes();
      if (ending === "answer") expect(notes.join()).not.toContain("could not answer");
      else expect(notes).toEqual([expect.stringMatching(/^The assistant could not answer: .{5,}\.$/u)]);
      for (const line of logged)
        for (const words of [...said, "zebra", talk.phone, talk.phone.slice(1)]) expect(line).not.toContain(words);
    },
  );

  it("text, picture, options and handover come in order, and 2 chooses the second option", async () => {
    const before = (await heardBy(kind)).length;
    const talk = person(kind);
    await talk.text("Hi");
    await talk.got(3);
    await talk.text("2");
    await talk.got(4);
    await talk.text("Person");
    await talk.got(6);
    const messages = (await transcript(talk.phone, numberOf(kind))).filter(({ direction }) => direction === "out");
    const shown = messages.map(({ text, media }) => [...media.map(urlOf), text].join(" "));
    expect(shown).toEqual([
      ...WELCOME,
      "You said Car.",
      ...linesFor("Person").map((line) => ("text" in line ? line.text : "")),
    ]);
    const heard = (await heardBy(kind)).slice(before).map(({ text }) => text);
    expect([...new Set(heard)]).toEqual(["Hi", "Car", "Person"]);
    expect((await talk.notes()).at(-1)?.join()).toContain("to take over");
  });

  it("shows fifty options in pages of ten", async () => {
    const talk = person(kind);
    await talk.text("Fifty");
    const [first = ""] = await talk.got(1);
    expect(first.split("\n")).toHaveLength(12);
    await talk.text("11");
    const [, second = ""] = await talk.got(2);
    expect(second.split("\n").slice(0, 2)).toEqual(["1. Seat 111", "2. Seat 112"]);
    await talk.text("2");
    expect((await talk.got(3)).at(-1)).toBe("You said Seat 112.");
  });

  it("ignores an answer after the end", async () => {
    await connect(kind, numberOf(kind), assistantOf(kind, { timeoutSeconds: 5 }));
    const talk = person(kind);
    await talk.text("Hello");
    await talk.got(1);
    await setFault(kind, "slow");
    const before = (await heardBy(kind)).length;
    await talk.text("Late");
    await vi.waitFor(async () => expect((await heardBy(kind)).length).toBeGreaterThan(before));
    await talk.text("STOP");
    await setFault(kind, null);
    await talk.text("START");
    // Requests are made one after the other, so the late answer has arrived by then.
    await talk.text("Again");
    expect(await talk.got(2)).toEqual(["You said Hello.", "You said Again."]);
    expect(await reached(talk.phone, numberOf(kind))).toHaveLength(2);
  });
});
