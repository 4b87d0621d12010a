import { describe, expect, it } from "vitest";
import {
  countUnread,
  findTarget,
  listPeers,
  placeMessages,
  selectConversation,
} from "../../../src/emulator/page/conversation-view.ts";
import { chooseFiles, FILE_BYTES } from "../../../src/emulator/page/file-choice.ts";
import {
  createInitialState,
  EMPTY_LAYOUT,
  type PageState,
  reduceState,
} from "../../../src/emulator/page/page-state.ts";
import {
  findWebhookProblem,
  formatDayAndTime,
  formatNumber,
  toInitials,
} from "../../../src/emulator/page/page-texts.ts";
import { estimateSegments } from "../../../src/emulator/page/segment-estimate.ts";
import { splitAtLinks } from "../../../src/emulator/page/text-links.ts";
import { answer, attempt, message, number, PHONE, SHOP } from "./fixtures.ts";

const HELP = "+15550100200";
const MINUTE = 60_000;

const hrefs = (text: string) => splitAtLinks(text).map((piece) => piece.href);
const file = (name: string, size: number) => ({ name, size });

function having(...messages: PageState["messages"]): PageState {
  const numbers = [number(SHOP, "Shop"), number(HELP, "(555) 010-0200")];
  return { ...createInitialState(EMPTY_LAYOUT), loaded: true, numbers, phones: [{ number: PHONE }], messages };
}

describe("whom a phone texts to", () => {
  it("is the picked number, else the one that was texted last, else the first; what comes in changes nothing", () => {
    expect(findTarget(having(), PHONE)).toBe(SHOP);
    expect(findTarget(having(answer({ from: HELP })), PHONE)).toBe(SHOP);
    const state = having(message({ to: HELP, createdAt: 1 }), answer({ from: SHOP, createdAt: 2 }));
    expect(findTarget(state, PHONE)).toBe(HELP);
    expect(findTarget(reduceState(state, { type: "target-picked", phone: PHONE, number: SHOP }), PHONE)).toBe(SHOP);
    expect(findTarget(reduceState(having(), { type: "target-picked", phone: PHONE, number: "+1" }), PHONE)).toBe(SHOP);
  });

  it("includes numbers that are gone but have texted; a name that repeats the number is none", () => {
    const state = having(answer({ from: "55501" }));
    expect(listPeers(state, PHONE).map(({ number: one, name }) => [one, name])).toEqual([
      [SHOP, "Shop"],
      [HELP, "(555) 010-0200"],
      ["55501", ""],
    ]);
    const plain = { ...having(), numbers: [number(HELP, "+1 (555) 010-0200")] };
    expect(listPeers(plain, PHONE)[0]?.name).toBe("");
  });
});

describe("unread", () => {
  it("counts what is on the phone and was made after the last look", () => {
    const state = having(
      answer({ sid: "SM1", createdAt: 1 }),
      answer({ sid: "SM2", createdAt: 2, status: "sent" }),
      answer({ sid: "SM3", createdAt: 3, status: "queued" }),
      answer({ sid: "SM4", createdAt: 4, status: "failed" }),
      message({ sid: "SM5", createdAt: 5 }),
    );
    expect(countUnread(state, PHONE, SHOP)).toBe(2);
    expect(countUnread(reduceState(state, { type: "seen", phone: PHONE, number: SHOP, at: 1 }), PHONE, SHOP)).toBe(1);
    expect(countUnread(state, PHONE, HELP)).toBe(0);
  });
});

describe("the thread", () => {
  it("holds the texts between one phone and one number", () => {
    const texts = [message({}), answer({}), answer({ from: HELP }), message({ from: "+15550101002" })];
    expect(selectConversation(texts, PHONE, SHOP)).toEqual(texts.slice(0, 2));
  });

  it("joins runs, and writes the time after a silence", () => {
    const placed = placeMessages([
      message({ createdAt: 0 }),
      message({ createdAt: MINUTE }),
      answer({ createdAt: 2 * MINUTE }),
      answer({ createdAt: 30 * MINUTE }),
    ]);
    expect(placed.map(({ direction, first, last, time }) => [direction, first, last, time])).toEqual([
      ["out", true, false, 0],
      ["out", false, true, null],
      ["in", true, true, null],
      ["in", true, true, 30 * MINUTE],
    ]);
  });
});

describe("webhook trouble", () => {
  const failed = attempt({ id: 1, status: 500, error: { code: 11200, message: "HTTP retrieval failure" } });

  it("is none while every call went well", () => expect(findWebhookProblem([attempt({})])).toBeNull());

  it("names Twilio's code, and who made it good", () => {
    expect(findWebhookProblem([failed])).toEqual({
      recovered: false,
      code: 11200,
      text: "Webhook failed: 11200 HTTP retrieval failure",
    });
    expect(findWebhookProblem([failed, attempt({ id: 2, kind: "fallback" })])).toMatchObject({ recovered: true });
    expect(findWebhookProblem([failed, attempt({ id: 2, kind: "status" })])).toMatchObject({ recovered: false });
  });
});

describe("links", () => {
  it("are http and https only, and nothing of the text is lost", () => {
    for (const text of [
      "see https://a.example/x?y=1&z=2.",
      "javascript:alert(1) data:text/html,x ftp://a.example",
      "(https://a.example/wiki/Fish_(food)) and http://b.example, ok",
      "https:// http://[ <https://c.example>",
      "",
    ]) {
      expect(
        splitAtLinks(text)
          .map((piece) => piece.text)
          .join(""),
      ).toBe(text);
      for (const href of hrefs(text)) expect(href ?? "https:").toMatch(/^https?:/);
    }
    expect(hrefs("javascript:alert(1)")).toEqual([null]);
  });

  it("end before the sentence does", () => {
    expect(hrefs("see https://a.example/x?y=1.")).toEqual([null, "https://a.example/x?y=1", null]);
    expect(hrefs("(https://a.example/Fish_(food))")).toEqual([null, "https://a.example/Fish_(food)", null]);
  });
});

describe("segments", () => {
  it.each([
    ["", 0, 160],
    ["a".repeat(160), 1, 0],
    ["a".repeat(161), 2, 145],
    ["€".repeat(80), 1, 0],
    [`${"a".repeat(152)}€${"a".repeat(10)}`, 2, 141],
    ["я".repeat(70), 1, 0],
    ["я".repeat(71), 2, 63],
    ["😀".repeat(35), 1, 0],
    ["😀".repeat(36), 2, 61],
  ])("%# are counted as Twilio does", (text, segments, left) => {
    expect(estimateSegments(text)).toMatchObject({ segments, left });
  });
});

describe("files", () => {
  it("are taken up to ten, of five megabytes each, and the rest is explained", () => {
    expect(chooseFiles(0, [file("a", FILE_BYTES)])).toEqual({ taken: [file("a", FILE_BYTES)], refusal: "" });
    expect(chooseFiles(0, [file("a.png", FILE_BYTES + 200_000)])).toEqual({
      taken: [],
      refusal: "“a.png” is 5.2 MB. Attach files of at most 5 MB.",
    });
    const many = Array.from({ length: 4 }, (_, at) => file(`${at}`, 1));
    const { taken, refusal } = chooseFiles(8, many);
    expect(taken).toHaveLength(2);
    expect(refusal).toBe("Attach at most 10 files. 2 files left out.");
  });
});

describe("words", () => {
  it("write numbers, initials and times for people", () => {
    expect(formatNumber("+15550100001")).toBe("+1 555 010 0001");
    expect(formatNumber("55501")).toBe("55501");
    expect(toInitials("Northwind support desk")).toBe("NS");
    expect(toInitials("+1")).toBe("1");
    const noon = new Date(2026, 2, 2, 12).getTime();
    expect(formatDayAndTime(noon - 60 * MINUTE, noon)).toMatch(/^Today /);
    expect(formatDayAndTime(noon - 13 * 60 * MINUTE, noon)).toMatch(/^Yesterday /);
  });
});
