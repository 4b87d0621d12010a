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
import { splitAtLinks } from "../../../src/emulator/page/text-links.ts";
import { answer, attempt, message, number, PHONE, SHOP } from "./fixtures.ts";

const HELP = "+15550100200";
const MINUTE = 60_000;

const hrefs = (text: string) => splitAtLinks(text).map((piece) => piece.href);
const file = (name: string, size: number) => ({ name, size });

function createState(...messages: PageState["messages"]): PageState {
  const numbers = [number(SHOP, "Shop"), number(HELP, "(555) 010-0200")];
  return { ...createInitialState(EMPTY_LAYOUT), loaded: true, numbers, phones: [{ number: PHONE }], messages };
}

describe("the number that a phone texts", () => {
  it("is the picked one, otherwise the one texted last, otherwise the first; received texts do not change it", () => {
    expect(findTarget(createState(), PHONE)).toBe(SHOP);
    expect(findTarget(createState(answer({ from: HELP })), PHONE)).toBe(SHOP);
    const state = createState(message({ to: HELP, createdAt: 1 }), answer({ from: SHOP, createdAt: 2 }));
    expect(findTarget(state, PHONE)).toBe(HELP);
    expect(findTarget(reduceState(state, { type: "target-picked", phone: PHONE, number: SHOP }), PHONE)).toBe(SHOP);
    expect(findTarget(reduceState(createState(), { type: "target-picked", phone: PHONE, number: "+1" }), PHONE)).toBe(
      SHOP,
    );
  });

  it("can be a removed number that has texted the phone; a name that repeats the number is omitted", () => {
    const state = createState(answer({ from: "55501" }));
    expect(listPeers(state, PHONE).map(({ number: one, name }) => [one, name])).toEqual([
      [SHOP, "Shop"],
      [HELP, "(555) 010-0200"],
      ["55501", ""],
    ]);
    const plain = { ...createState(), numbers: [number(HELP, "+1 (555) 010-0200")] };
    expect(listPeers(plain, PHONE)[0]?.name).toBe("");
  });
});

describe("unread texts", () => {
  it("are those on the phone that were created after the last one seen", () => {
    const state = createState(
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

describe("a conversation", () => {
  it("contains the texts between one phone and one number", () => {
    const texts = [message({}), answer({}), answer({ from: HELP }), message({ from: "+15550101002" })];
    expect(selectConversation(texts, PHONE, SHOP)).toEqual(texts.slice(0, 2));
  });

  it("joins runs of bubbles, and shows the time after a silence", () => {
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

describe("a webhook problem", () => {
  const failed = attempt({ id: 1, status: 500, error: { code: 11200, message: "HTTP retrieval failure" } });

  it("is absent if all attempts succeeded", () => expect(findWebhookProblem([attempt({})])).toBeNull());

  it("contains Twilio's code, and whether a later attempt succeeded", () => {
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
  it("are http and https only, and the text stays complete", () => {
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

  it("end before the punctuation of the sentence", () => {
    expect(hrefs("see https://a.example/x?y=1.")).toEqual([null, "https://a.example/x?y=1", null]);
    expect(hrefs("(https://a.example/Fish_(food))")).toEqual([null, "https://a.example/Fish_(food)", null]);
  });
});

describe("files", () => {
  it("are accepted up to ten, with five megabytes each, and a sentence explains the others", () => {
    expect(chooseFiles(0, [file("a", FILE_BYTES)])).toEqual({ accepted: [file("a", FILE_BYTES)], refusal: "" });
    expect(chooseFiles(0, [file("a.png", FILE_BYTES + 200_000)])).toEqual({
      accepted: [],
      refusal: "“a.png” is 5.2 MB. Attach files of at most 5 MB.",
    });
    const many = Array.from({ length: 4 }, (_, at) => file(`${at}`, 1));
    const { accepted, refusal } = chooseFiles(8, many);
    expect(accepted).toHaveLength(2);
    expect(refusal).toBe("Attach at most 10 files. 2 files left out.");
  });
});

describe("formatting", () => {
  it("formats numbers, initials and times", () => {
    expect(formatNumber("+15550100001")).toBe("+1 555 010 0001");
    expect(formatNumber("55501")).toBe("55501");
    expect(toInitials("Northwind support desk")).toBe("NS");
    expect(toInitials("+1")).toBe("1");
    const noon = new Date(2026, 2, 2, 12).getTime();
    expect(formatDayAndTime(noon - 60 * MINUTE, noon)).toMatch(/^Today /);
    expect(formatDayAndTime(noon - 13 * 60 * MINUTE, noon)).toMatch(/^Yesterday /);
  });
});
