import { describe, expect, it } from "vitest";
import { playPassages } from "../../src/chats/compare.ts";
import { findDifferences } from "../../src/chats/diff.ts";
import { parseChat } from "../../src/chats/parse.ts";
import { createChatProgress, findParticipants } from "../../src/chats/play.ts";
import { answeringWith, playChat, topic } from "../support/chat.ts";
import { PARCELS } from "../support/parcels.ts";

const application = answeringWith(PARCELS, { messages: { sessionEnded: true, notUnderstood: "What?" } });

function goes(chat: string): void {
  expect(playChat(chat, application)).toBe(chat);
}

describe("a played conversation", () => {
  it("makes requests that the file answers, and texts wait for the result", () => {
    goes(`> parcel
< Which number?
> 7
< One moment.
? GET https://api.example.com/parcels/7
> hello?
(no more texts)
wait 3s
= 200 {"name":"Depot","status":"late"}
< Parcel 7 for Depot is late.
< Another?
< Please answer yes or no.
> y
< Which number?
> 8
< One moment.
? GET https://api.example.com/parcels/8
= failed no answer in time
< We cannot look now.
< Another?
> n
< Your name?`);
  });

  it("has reminders, pauses and timeouts exactly when they are due", () => {
    goes(`> parcel
< Which number?
wait 59s
wait 1s
< Still there?
wait 29s
wait 1s
< Bye for now.
> call
< Your name?
> Depot
wait 4s
wait 1s
< We call +12025550140, DEPOT.
> parcel
< Which number?
> 7
< One moment.
? GET https://api.example.com/parcels/7
= 500
< We cannot look now.
< Another?
wait 1h
< This conversation has ended. Text us again anytime.`);
  });

  it("handles carrier keywords as Twilio reports them", () => {
    goes(`> parcel
< Which number?
> [carrier help] INFO PLEASE
(no more texts)
> [carrier stop] BASTA
(no more texts)
> parcel
(no more texts)
> [carrier start] YES
(no more texts)
> 7
< What?`);
  });

  it("begins at the time and between the numbers of its headings", () => {
    const text =
      "{{ sender }} {{ number }} {{ 'now' | date: '%Y-%m-%dT%H:%M:%S', 'Etc/UTC' }} {{ media[0].contentType }}";
    const chat = `from +12025550199
to 12345
at 2026-07-01 08:30:15 America/New_York
> [video/mp4] go
< +12025550199 12345 2026-07-01T12:30:15 video/mp4`;
    const echo = topic("echo", { keywords: ["go"], steps: [{ kind: "say", id: "a", text }] });
    expect(playChat(chat, answeringWith([echo]))).toBe(chat);
  });

  it("stops at a topic that loops", () => {
    const circle = topic("circle", {
      keywords: ["go"],
      steps: [
        { kind: "wait", id: "a", seconds: 1 },
        { kind: "say", id: "b", text: "x", next: "a" },
      ],
    });
    expect(() => playChat("> go\nwait 300d", answeringWith([circle]))).toThrow(/events were due/u);
  });
});

describe("a difference", () => {
  const chat = `# remark
> parcel
< Which parcel?
# kept

> 7
< A minute.
< One moment.
wait 2s
< Here it is.
= 200 {"name":"Depot","status":"late"}
< Parcel 7 for Depot is late.
< Another?
= 200
> n
(no more texts)`;

  it("is shown by passage, with the line of its beginning", () => {
    const parsed = parseChat(chat);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.failure));
    const entries = parsed.value.map(({ entry }) => entry);
    const passages = playPassages(
      parsed.value,
      createChatProgress(entries),
      findParticipants(entries, () => application),
    );
    expect(findDifferences(passages)).toEqual([
      { line: 2, lines: ["  > parcel", "- < Which parcel?", "+ < Which number?"] },
      { line: 6, lines: ["  > 7", "- < A minute.", "  < One moment.", "+ ? GET https://api.example.com/parcels/7"] },
      { line: 9, lines: ["  wait 2s", "- < Here it is.", "+ (no more texts)"] },
      { line: 14, lines: ["  = 200", "+ (no request or identity check is pending here)"] },
      { line: 15, lines: ["  > n", "+ < Your name?"] },
    ]);
  });

  it("is corrected without other changes", () => {
    expect(playChat(chat, application)).toBe(`# remark
> parcel
< Which number?
# kept

> 7
< One moment.
? GET https://api.example.com/parcels/7
wait 2s
(no more texts)
= 200 {"name":"Depot","status":"late"}
< Parcel 7 for Depot is late.
< Another?
= 200
(no more texts)
> n
< Your name?`);
  });
});
