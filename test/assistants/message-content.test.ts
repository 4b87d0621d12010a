import { describe, expect, it } from "vitest";
import { renderAnswers } from "../../src/assistants/message-content.ts";
import type { AssistantAnswer } from "../../src/contract/assistant.ts";

const said = (text: string): AssistantAnswer => ({ kind: "text", text });

/** 101 characters: two segments as they are, one in GSM-7. */
const QUOTED = `“${"a".repeat(99)}”`;
const STRAIGHT = `"${"a".repeat(99)}"`;
const QUOTES = [
  { from: "“", to: '"', count: 1 },
  { from: "”", to: '"', count: 1 },
];

describe("render", () => {
  it("leaves text unchanged unless smart encoding is on", () => {
    expect(renderAnswers([said(QUOTED)], false).contents).toEqual([{ text: QUOTED, media: [] }]);
    expect(renderAnswers([said(QUOTED)], true).contents).toEqual([{ text: STRAIGHT, media: [], replaced: QUOTES }]);
  });

  it("lists replacements only if there are any", () => {
    expect(renderAnswers([said("Don’t"), said(QUOTED), said("plain")], true).contents).toEqual([
      { text: "Don’t", media: [] },
      { text: STRAIGHT, media: [], replaced: QUOTES },
      { text: "plain", media: [] },
    ]);
  });

  it("decides for each message of a long answer: an emoji in the last does not make the first dear", () => {
    const long = `${"a".repeat(1_500)}–\n\n${"b".repeat(1_000)}– 👍`;
    expect(renderAnswers([said(long)], true).contents).toEqual([
      { text: `${"a".repeat(1_500)}-`, media: [], replaced: [{ from: "–", to: "-", count: 1 }] },
      { text: `${"b".repeat(1_000)}– 👍`, media: [] },
    ]);
  });

  it("leaves links as they are, and the message with them", () => {
    const url = `https://example.com/${"a".repeat(90)}–b`;
    const label = "The “menu”";
    expect(renderAnswers([{ kind: "link", url, label }], true).contents).toEqual([
      { text: `${label}: ${url}`, media: [] },
    ]);
    const plain = url.replace("–", "-");
    expect(renderAnswers([{ kind: "link", url: plain, label }], true).contents).toMatchObject([
      { text: `The "menu": ${plain}`, replaced: QUOTES },
    ]);
  });

  it("leaves the text of a picture as it is: the message costs the same", () => {
    const url = "https://example.com/menu.png";
    expect(renderAnswers([{ kind: "media", url, text: QUOTED }], true).contents).toEqual([
      { text: QUOTED, media: [url] },
    ]);
  });
});
