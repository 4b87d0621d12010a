import { describe, expect, test } from "vitest";
import type { Evidence, SentText, TakenMessage, TranscriptMessage } from "./evidence.ts";
import { heard, kinds, messagesOf, PAIR, said, transcribed } from "./fixtures.ts";
import { judge } from "./judge.ts";
import { answerTo, bodyOf, CLOSING, type PartCount, readBody, STOP, tokenOf } from "./words.ts";

/** A world in which all is well: texts of so many parts, one second apart, all answered. */
function well(counts: readonly PartCount[] = [1, 2, 3, 3], pair = PAIR, firstTurn = 1): Evidence {
  const texts: SentText[] = [];
  const taken: TakenMessage[] = [];
  const messages: TranscriptMessage[] = [];
  let before: string | null = null;
  for (const [index, parts] of counts.entries()) {
    const turn = firstTurn + index;
    const body = bodyOf(parts, `t${turn}`);
    const sid = `SM-in-${turn}`;
    texts.push({ ...pair, sid, body, startedAt: turn * 1_000, acceptedAt: turn * 1_000 + 10 });
    messages.push(heard(turn, body, sid));
    for (const [part, text] of answerTo(body, before).entries()) {
      const one = `SM-${turn}-${part}`;
      taken.push({ ...pair, sid: one, body: text, at: turn * 1_000 + 20 + part });
      messages.push(said(turn, part, text, one));
    }
    before = body;
  }
  return { texts, taken, transcripts: [{ ...pair, messages }], asked: [] };
}

describe("the words of the torture", () => {
  test("say how many parts they want, and are understood again", () => {
    expect(readBody(bodyOf(3, "t7"))).toEqual({ parts: 3, token: "t7" });
    expect(readBody("four t7")).toBeNull();
    expect(readBody(STOP)).toBeNull();
    expect(["2/2 two t5", "1/1 one t5 after two t3", CLOSING].map(tokenOf)).toEqual(["t5", "t5", null]);
    expect(answerTo("one t2", "two t1")).toEqual(["1/1 one t2 after two t1"]);
    expect(answerTo("three t2", null)).toEqual(["1/3 three t2 after nothing", "2/3 three t2", CLOSING]);
  });
});

describe("the judge", () => {
  test("finds nothing where all is well", () => {
    expect(judge(well())).toEqual([]);
    const other = well([2, 1], { ...PAIR, number: "+12025550101" }, 5);
    const both = [well(), other];
    expect(
      judge({
        texts: both.flatMap(({ texts }) => texts),
        taken: both.flatMap(({ taken }) => taken),
        transcripts: both.flatMap(({ transcripts }) => transcripts),
        asked: [],
      }),
    ).toEqual([]);
  });

  test("does not mind a text that was never accepted, whether it is there or not", () => {
    const evidence = well();
    const unheard = evidence.texts.map((text) => ({ ...text, acceptedAt: null }));
    expect(judge({ ...evidence, texts: unheard })).toEqual([]);
    const gone = { ...PAIR, sid: "SM-gone", body: "one t99", startedAt: 1, acceptedAt: null };
    expect(judge({ ...evidence, texts: [...evidence.texts, gone] })).toEqual([]);
  });

  test("misses an accepted text", () => {
    const evidence = well();
    const gone = { ...PAIR, sid: "SM-gone", body: "one t99", startedAt: 1, acceptedAt: 2 };
    expect(judge({ ...evidence, texts: [...evidence.texts, gone] })).toMatchObject([{ kind: "lost" }]);
    const nobody = { ...gone, phone: "+14255550109" };
    expect(judge({ ...evidence, texts: [...evidence.texts, nobody] })).toMatchObject([{ kind: "lost" }]);
  });

  test("sees a turn that happened twice", () => {
    const evidence = well([1, 1]);
    const again = well([1, 1]).texts[1];
    const body = again?.body ?? "";
    const answer = { ...PAIR, sid: "SM-3-0", body: answerTo(body, body)[0] ?? "", at: 3_100 };
    const twice: Evidence = {
      ...transcribed(evidence, [
        ...messagesOf(evidence),
        heard(3, body, again?.sid),
        said(3, 0, answer.body, answer.sid),
      ]),
      taken: [...evidence.taken, answer],
    };
    expect(kinds(twice)).toEqual(["duplicated"]);
  });

  test.each([0, 1, 2, 3, 5, 8])("misses part %i, the constant one too", (index) => {
    const evidence = well();
    const lost = { ...evidence, taken: evidence.taken.toSpliced(index, 1) };
    expect(kinds(lost)).toContain("lost");
    expect(kinds(lost)).not.toContain("duplicated");
  });

  test.each([0, 1, 2, 3, 5, 8])("sees that part %i was sent twice, the constant one too", (index) => {
    const evidence = well();
    const first = evidence.taken[index];
    if (first === undefined) throw new Error("there is no such part");
    const twice = { ...evidence, taken: evidence.taken.toSpliced(index, 0, { ...first, sid: "SM-again" }) };
    expect(kinds(twice)).toContain("duplicated");
    expect(kinds(twice)).not.toContain("lost");
  });

  test("sees parts in the wrong order, and turns that interleave", () => {
    const evidence = well([2, 2]);
    const order = (...places: readonly number[]) => places.flatMap((place) => evidence.taken[place] ?? []);
    expect(kinds({ ...evidence, taken: order(1, 0, 2, 3) })).toEqual(["disordered"]);
    expect(kinds({ ...evidence, taken: order(0, 2, 1, 3) })).toEqual(["disordered"]);
    expect(kinds({ ...evidence, taken: order(2, 3, 0, 1) })).toEqual(["disordered"]);
  });

  test("sees turns with two numbers that interleave", () => {
    const [one, other] = [well([2]), well([2], { ...PAIR, number: "+12025550101" }, 2)];
    const [a, b] = [one.taken, other.taken];
    const evidence = {
      texts: [...one.texts, ...other.texts],
      transcripts: [...one.transcripts, ...other.transcripts],
      asked: [],
    };
    expect(judge({ ...evidence, taken: [...a, ...b] })).toEqual([]);
    expect(kinds({ ...evidence, taken: [a[0], b[0], a[1], b[1]].flatMap((part) => part ?? []) })).toEqual([
      "disordered",
    ]);
  });

  test("sees a text that overtook another", () => {
    const evidence = well([1, 1]);
    const [first, second] = evidence.texts;
    if (first === undefined || second === undefined) throw new Error("two texts were asked for");
    const swapped = [
      { ...first, startedAt: 5_000, acceptedAt: 5_010 },
      { ...second, startedAt: 1_000, acceptedAt: 1_010 },
    ];
    expect(judge({ ...evidence, texts: swapped })).toMatchObject([{ kind: "disordered" }]);
    const together = swapped.map((text) => ({ ...text, startedAt: 1_000 }));
    expect(judge({ ...evidence, texts: together })).toEqual([]);
  });

  test.each([
    ["a status without an end", { status: "unknown", sid: null }],
    ["a SID that is not Twilio's", { sid: "SM-invented" }],
    ["a SID of another part", { sid: "SM-1-0" }],
    ["other words", { text: "Hello" }],
  ])("sees a transcript with %s", (_, change) => {
    const evidence = well();
    const messages = messagesOf(evidence);
    const at = messages.findIndex(({ id }) => id === "2.0");
    const changed = messages.map((message, index) => (index === at ? { ...message, ...change } : message));
    expect(kinds(transcribed(evidence, changed))).toEqual(["difference"]);
  });

  test("sees what Twilio took and no transcript shows", () => {
    const evidence = well();
    const stranger = { ...PAIR, phone: "+14255550109", sid: "SM-x", body: "1/1 one t1 after nothing", at: 1 };
    expect(kinds({ ...evidence, taken: [...evidence.taken, stranger] })).toEqual(["difference"]);
    expect(kinds(transcribed(evidence, [...messagesOf(evidence), heard(9, "one t77", "SM-z")]))).toContain(
      "difference",
    );
  });
});
