import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChatEntry, ChatEvent, ChatHeading, ExpectedRequest, ExpectedText } from "../../src/chats/chat.ts";
import { writeChat, writeEntry } from "../../src/chats/entry-writer.ts";
import { parseChat } from "../../src/chats/parse.ts";
import type { RequestOutcome } from "../../src/contract/assistant.ts";
import type { JsonValue } from "../../src/core/json.ts";

/** Texts that are hard to parse: signs, brackets, quotes, spaces, line ends, lone surrogates. */
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        ...'> |< |  |\n|\r\n|\t| |[picture]|[image/png]|[carrier stop]|[https://e.com]|[|]|"|\\|a|#|wait 5m|(no more texts)|= 200|\u2028|\uFEFF|\u00A0|\u0000|\uD800'.split(
          "|",
        ),
      ),
      { maxLength: 8 },
    )
    .map((pieces) => pieces.join("")),
);
const contentType = fc.oneof(
  fc.constantFrom("image/png", "video/mp4", "picture", "carrier stop", "text/x; a=b"),
  anyText,
);
/** JSON values, without -0. */
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);
const method = fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE");

const text: fc.Arbitrary<ChatEvent> = fc.record({
  kind: fc.constant("text"),
  text: anyText,
  media: fc.array(
    contentType.filter((type) => type !== ""),
    { maxLength: 3 },
  ),
  optOut: fc.constantFrom(null, null, "stop", "start", "help"),
});
const notice: fc.Arbitrary<ChatEvent> = fc.record({
  kind: fc.constant("notice"),
  text: anyText,
  media: fc.array(fc.oneof(fc.webUrl(), anyText), { maxLength: 1 }),
  list: fc.constantFrom(null, "news", "list-2"),
  topic: fc.constantFrom(null, "order", "topic"),
});
const said: fc.Arbitrary<ExpectedText> = fc.record({
  kind: fc.constant("said"),
  text: anyText,
  media: fc.array(fc.oneof(fc.webUrl(), fc.constant("https://e.com/a b]"), anyText), { maxLength: 2 }),
});
const asked: fc.Arbitrary<ExpectedRequest> = fc.record({
  kind: fc.constant("asked"),
  method,
  url: anyText.filter((url) => url !== ""),
  body: json,
});
const outcome: fc.Arbitrary<RequestOutcome> = fc.oneof(
  fc.record({ kind: fc.constant("answered" as const), status: fc.integer({ min: 100, max: 599 }), json }),
  fc.record({ kind: fc.constant("failed" as const), reason: anyText }),
);
const entry: fc.Arbitrary<ChatEntry> = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 2, arbitrary: notice },
  { weight: 4, arbitrary: said },
  asked,
  outcome.map((each): ChatEvent => ({ kind: "outcome", outcome: each })),
  fc.integer({ min: 1, max: 366 * 86_400 }).map((seconds): ChatEvent => ({ kind: "wait", seconds })),
  fc.constant<ChatEntry>({ kind: "nothing" }),
  fc.constantFrom("", "# a remark", "#", "#> no text").map((line): ChatEntry => ({ kind: "remark", line })),
);
const headings: fc.Arbitrary<readonly ChatHeading[]> = fc
  .record(
    {
      who: fc.constantFrom<ChatHeading>(
        { kind: "application", name: "my shop" },
        { kind: "topics", names: ["a", "../b.json"] },
      ),
      lists: fc.constant<ChatHeading>({ kind: "lists", names: ["news", "../offers.json"] }),
      from: fc.constant<ChatHeading>({ kind: "from", number: "+12025550140" }),
      to: fc.constant<ChatHeading>({ kind: "to", number: "12345" }),
      at: fc.constantFrom<ChatHeading>(
        { kind: "at", local: "2026-03-02 17:59", zone: "America/New_York" },
        { kind: "at", local: "2024-02-29 00:00:01", zone: "Etc/UTC" },
      ),
    },
    { requiredKeys: [] },
  )
  .map((record) => Object.values(record));

describe("a conversation as text", () => {
  it("reads back what it writes, for any text", () => {
    fc.assert(
      fc.property(headings, fc.array(entry, { maxLength: 12 }), (before, after) => {
        const entries = [...before, ...after];
        expect(read(writeChat(entries))).toEqual([...entries, { kind: "remark", line: "" }]);
      }),
      { numRuns: Number(process.env["CHATS_RUNS"] ?? 2_000) },
    );
  });

  it("survives editors that change line ends or remove trailing white space", () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), (entries) => {
        const written = writeChat(entries);
        const edited = `\uFEFF${written.replace(/\n/gu, "\r\n")}`;
        expect(read(edited)).toEqual(read(written));
        expect(read(written.replace(/[ \t]+$/gmu, ""))).toEqual(read(written));
      }),
    );
  });

  it("keeps the lines of a file as written", () => {
    const written = '> [picture]  hi\nwait 60m\n< a\n\n  b\n\n# "x"\n=  200 {"a": 1}\n';
    const parsed = parseChat(written);
    expect(parsed.ok && parsed.value.map(({ source }) => source).join("\n")).toBe(written);
    expect(parsed.ok && parsed.value.map(({ line }) => line)).toEqual([1, 2, 3, 6, 7, 8, 9]);
  });

  it.each<readonly [string, ChatEntry]>([
    ["> hi", { kind: "text", text: "hi", media: [], optOut: null }],
    [">", { kind: "text", text: "", media: [], optOut: null }],
    ['> " hi "', { kind: "text", text: " hi ", media: [], optOut: null }],
    ["> < 5", { kind: "text", text: "< 5", media: [], optOut: null }],
    ['> "wait" she said', { kind: "text", text: '"wait" she said', media: [], optOut: null }],
    ["> one\n\n    two", { kind: "text", text: "one\n\n  two", media: [], optOut: null }],
    ["> [image/png] [video/mp4] look", { kind: "text", text: "look", media: ["image/png", "video/mp4"], optOut: null }],
    ["> [carrier help] HELP", { kind: "text", text: "HELP", media: [], optOut: "help" }],
    ["> [sic] hi", { kind: "text", text: "[sic] hi", media: [], optOut: null }],
    ['> "[image/png] hi"', { kind: "text", text: "[image/png] hi", media: [], optOut: null }],
    ["< [https://e.com/a.png] look", { kind: "said", text: "look", media: ["https://e.com/a.png"] }],
    ["wait 1d 2h 3m 4s", { kind: "wait", seconds: 93_784 }],
    ["= 500", { kind: "outcome", outcome: { kind: "answered", status: 500, json: null } }],
    ["= failed it took too long", { kind: "outcome", outcome: { kind: "failed", reason: "it took too long" } }],
    ['? POST https://e.com/a {"b":1}', { kind: "asked", method: "POST", url: "https://e.com/a", body: { b: 1 } }],
    ["(no more texts)", { kind: "nothing" }],
  ])("reads and writes %j as one entry", (written, expected) => {
    expect(read(written)).toEqual([expected]);
    expect(writeEntry(expected)).toBe(written);
  });
});

describe("an invalid line", () => {
  it.each([
    ["hello", /begins with >, < or !/u],
    [" > hi", /An indented line/u],
    ["  on its own", /An indented line/u],
    ["wait", /"wait 31m"/u],
    ["wait 0s", /"wait 31m"/u],
    ["wait 5 m", /"wait 31m"/u],
    ["wait 400d", /at most one year/u],
    ["at 2026-02-30 10:00 Etc/UTC", /never show/u],
    ["at 2026-03-08 02:30 America/New_York", /never show/u],
    ["at 2026-03-02 17:59 Mars/Base", /not a time zone/u],
    ["at 2026-03-02", /a time and a zone/u],
    ["from bob", /\+12025550140/u],
    ["= hello", /a status and JSON/u],
    ["= 200 {", /a status and JSON/u],
    ["= 99", /a status and JSON/u],
    ["? FETCH https://e.com", /a method, a URL/u],
    ["? GET", /a method, a URL/u],
    ["application", /Name the application/u],
    ["topics", /Name topics/u],
    ["constructor", /begins with >, < or !/u],
    ["> [carrier stop] [carrier start] x", /once/u],
  ])("reports %j with its number and a correction", (line, detail) => {
    const parsed = parseChat(`# first\n\n${line}\n> fine\n`);
    expect(parsed).toEqual({ ok: false, failure: [{ line: 3, detail: expect.stringMatching(detail) as string }] });
  });

  it("is reported together with all others", () => {
    const parsed = parseChat(
      "application a\ntopics b\nat 2026-03-02 17:59 Etc/UTC\n> hi\nat 2026-03-02 17:59 Etc/UTC\noops\n",
    );
    expect(!parsed.ok && parsed.failure.map(({ line }) => line)).toEqual([2, 5, 6]);
  });
});

function read(written: string): readonly ChatEntry[] {
  const parsed = parseChat(written);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.failure));
  return parsed.value.map(({ entry: each }) => each);
}
