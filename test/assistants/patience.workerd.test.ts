import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from "vitest";
import { type Asked, FIRST, SCRIPTED, SECOND, saveScripted, says, script } from "../support/scripted.ts";
import { BOTS, connect, FAILURE, setFault, Talk } from "../support/talking.ts";
import { emulate, eventually, migrateDatabase, ONE, put, reached } from "../support/worker.ts";

const NUMBER = "+16025550100";
const PHONES = Array.from({ length: 80 }, (_, index) => `+160255501${10 + index}`);

let used = 0;
let talk = person();

beforeAll(async () => {
  await migrateDatabase();
  await emulate(ONE, [NUMBER], PHONES);
  await put(`/v1/accounts/${ONE.sid}`, { name: "Test", authToken: ONE.token, baseUrl: inject("emulator") });
  await saveScripted();
});

beforeEach(() => {
  talk = person();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function person(): Talk {
  used += 1;
  return new Talk("webhook", PHONES[used - 1] ?? "", NUMBER);
}

/** Every test uses a separate application, because circuit breakers are kept by application. */
async function answerWith(assistant: object, more: object = {}): Promise<void> {
  used += 1;
  await put(`/v1/applications/patient-${used}`, { name: "Patient", assistant: { ...SCRIPTED, ...assistant }, ...more });
  await put(`/v1/numbers/${NUMBER}`, { account: ONE.sid, application: `patient-${used}`, type: "long-code" });
}

/** Answers the first request when released, and all others at once. */
function withheld() {
  const gate = Promise.withResolvers<undefined>();
  const asked = script(async ({ text }, count) => {
    if (count === 1) await gate.promise;
    return says(`You said ${text}.`);
  });
  return { asked, release: () => gate.resolve(undefined) };
}

async function untilAsked(asked: readonly Asked[], count: number): Promise<void> {
  await eventually(
    async () => asked.length,
    (length) => length === count,
  );
}

describe("texts that arrive while the assistant is busy", () => {
  it("are answered one by one, in order, each in a separate turn", async () => {
    const { asked, release } = withheld();
    await answerWith({});
    for (const text of ["one", "two", "three"]) {
      await talk.text(text);
      await untilAsked(asked, 1);
    }
    expect(await reached(talk.phone, NUMBER)).toEqual([]);
    release();
    expect(await talk.got(3)).toEqual(["You said one.", "You said two.", "You said three."]);
    expect(new Set(asked.map(({ turn }) => turn)).size).toBe(3);
  });

  it("are joined if the application says so", async () => {
    const { asked, release } = withheld();
    await answerWith({}, { whenBusy: "join" });
    for (const text of ["one", "two", "three"]) {
      await talk.text(text);
      await untilAsked(asked, 1);
    }
    release();
    await talk.got(2);
    await talk.text("four");
    expect(await talk.got(3)).toEqual(["You said one.", "You said two\nthree.", "You said four."]);
    expect(asked).toHaveLength(3);
  });
});

describe("the message oneMoment", () => {
  it("is sent once after the configured wait, and never before", async () => {
    const { asked, release } = withheld();
    await answerWith({}, { momentSeconds: 1 });
    await talk.text("slow");
    await untilAsked(asked, 1);
    expect(await talk.got(1)).toEqual(["One moment, please."]);
    vi.useFakeTimers({ now: Date.now() + 30_000, toFake: ["Date"] });
    await runDurableObjectAlarm(env.SENDER.getByName(talk.phone));
    vi.useRealTimers();
    release();
    await talk.got(2);
    await talk.text("quick");
    expect(await talk.got(3)).toEqual(["One moment, please.", "You said slow.", "You said quick."]);
    await runDurableObjectAlarm(env.SENDER.getByName(talk.phone));
    expect(await talk.got(3)).toHaveLength(3);
  });
});

describe("a second location", () => {
  /** How often each location was asked since the last call. */
  function counting(answer: (asked: Asked) => Response) {
    const asked = script(answer);
    let seen = 0;
    return () => {
      const fresh = asked.slice(seen);
      seen = asked.length;
      return [FIRST, SECOND].map((place) => fresh.filter(({ url }) => url === place).length);
    };
  }

  it("answers if the first fails, whose circuit opens after five failures, is probed and closes again", async () => {
    let isWell = false;
    const asked = counting(({ url, text }) =>
      url === SECOND || isWell
        ? says(`${text} by ${url === FIRST ? "first" : "second"}`)
        : new Response(null, { status: 503 }),
    );
    await answerWith({ second: { url: SECOND } });
    const start = Date.now();
    const at = (seconds: number) => vi.useFakeTimers({ now: start + seconds * 1_000, toFake: ["Date"] });
    const expected: string[] = [];
    const text = async (by: "first" | "second", counts: readonly number[]): Promise<void> => {
      expected.push(`${expected.length + 1} by ${by}`);
      await talk.text(String(expected.length));
      expect(await talk.got(expected.length)).toEqual(expected);
      expect(asked()).toEqual(counts);
    };
    // Each request is retried after a 503, and the first success would close the first location's circuit.
    for (let count = 1; count <= 5; count += 1) await text("second", [2, 1]);
    await text("second", [0, 1]);
    at(50);
    await text("second", [0, 1]);
    at(61);
    await text("second", [2, 1]);
    await text("second", [0, 1]);
    isWell = true;
    await text("second", [0, 1]);
    at(122);
    await text("first", [1, 0]);
    await text("first", [1, 0]);
    const notes = await talk.notes();
    expect(notes[0]?.join()).toMatch(/^The assistant could not answer: .*503/u);
    expect(notes[5]?.join()).toContain("it is paused after repeated failures");
    expect(notes.at(-1)).toEqual([]);
  });

  it("keeps counting failures when an abandoned text ends", async () => {
    const gate = Promise.withResolvers<undefined>();
    const asked = script(async ({ url, text }) => {
      if (url === SECOND) return says("second");
      if (text === "withheld") await gate.promise;
      return new Response(null, { status: 400 });
    });
    const atFirst = () => asked.filter(({ url }) => url === FIRST).length;
    await answerWith({ second: { url: SECOND } });
    for (let count = 1; count <= 4; count += 1) {
      await talk.text("fails");
      await talk.got(count);
    }
    await talk.text("withheld");
    await untilAsked(asked, 9);
    await talk.text("STOP");
    gate.resolve(undefined);
    await talk.text("START");
    await talk.text("fails");
    await talk.got(5);
    expect(atFirst()).toBe(6);
    await talk.text("rests");
    await talk.got(6);
    expect(atFirst()).toBe(6);
  });

  it("that fails too leads to one failure message and both reasons", async () => {
    const asked = counting(({ url }) => new Response(null, { status: url === FIRST ? 500 : 400 }));
    await answerWith({ second: { url: SECOND } });
    await talk.text("Hello?");
    await talk.got(1);
    expect(asked()).toEqual([2, 1]);
    await talk.text("Hello??");
    expect(await talk.got(2)).toEqual([FAILURE, FAILURE]);
    expect((await talk.notes())[0]).toEqual([
      "The assistant could not answer: it answered with HTTP 500.",
      "The assistant could not answer: it answered with HTTP 400.",
    ]);
  });

  it("is asked about the same turn", async () => {
    const asked = script(({ url }) => (url === FIRST ? new Response("<h1>Hi</h1>") : says("Here.")));
    await answerWith({ second: { url: SECOND } });
    await talk.text("Where?");
    expect(await talk.got(1)).toEqual(["Here."]);
    expect(asked.map(({ url }) => url)).toEqual([FIRST, SECOND]);
    expect(new Set(asked.map(({ turn }) => turn)).size).toBe(1);
    expect(new Set(asked.map(({ headers }) => headers.get("webhook-id"))).size).toBe(1);
  });
});

it("sends the operator's failure message", async () => {
  script(() => new Response(null, { status: 500 }));
  await answerWith({}, { messages: { failure: "Call us at any time." } });
  await talk.text("Hello?");
  expect(await talk.got(1)).toEqual(["Call us at any time."]);
});

/** Kinds that answer in the response of the last request; a promised answer counts as a response. */
const PROMPT = BOTS.filter((kind) => kind !== "webhook-later");

describe.each(PROMPT)("a %s assistant with invalid answers", (kind) => {
  afterEach(async () => await setFault(kind, null));

  it("is left alone after five texts, even if other requests succeeded, and recovers", async () => {
    await connect(kind, NUMBER);
    await setFault(kind, "empty");
    for (let count = 1; count <= 5; count += 1) {
      talk = person();
      await talk.text("Hello?");
      expect(await talk.got(1)).toEqual([FAILURE]);
      expect((await talk.notes())[0]?.join()).not.toContain("it is paused");
    }
    await setFault(kind, null);
    talk = person();
    await talk.text("Hello?");
    expect(await talk.got(1)).toEqual([FAILURE]);
    expect((await talk.notes())[0]?.join()).toContain("it is paused");
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ["Date"] });
    talk = person();
    await talk.text("Hello");
    expect(await talk.got(1)).toEqual(["You said Hello."]);
    await talk.text("Again");
    expect(await talk.got(2)).toEqual(["You said Hello.", "You said Again."]);
  });
});
