import { describe, expect, it } from "vitest";
import type { AssistantList } from "../../src/contract/assistant.ts";
import { receiveText } from "../../src/sender/events/text-received.ts";
import type { SenderState } from "../../src/sender/model/state.ts";
import { checkDocument, type TopicSurroundings } from "../../src/topics/checks/check-topic.ts";
import { answeringWith, inbound, topic } from "../support/chat.ts";
import { list } from "../support/lists.ts";

const steps = (more: object = {}) => [
  { kind: "subscribe", id: "on", list: "news", no: "no", next: "thanks", ...more },
  { kind: "end", id: "no", text: "No news." },
  { kind: "end", id: "thanks", text: "Thank you." },
];

/** @returns the answers to each text, and the final state of the list */
function talk(
  texts: readonly string[],
  document: readonly object[],
  news: Partial<AssistantList & { audience: "linked" }> = {},
) {
  const answering = answeringWith([topic("join", { keywords: ["join"], steps: document })], {
    messages: { notUnderstood: "Hm?" },
  });
  const lists = [list("club"), list("news", news)];
  let state: SenderState | null = null;
  const said = texts.map((text, index) => {
    const world = { now: 1_000 + index, origin: "https://x", findApplication: () => answering, lists: () => lists };
    const decision = receiveText(state, inbound(index + 1, text), world);
    state = decision.state;
    return decision.turn.parts.map((part) => part.text).join("|");
  });
  const { subscriptions } = (state as SenderState | null)?.lines["+12025550100"] ?? {};
  return {
    said,
    status: subscriptions?.lists["news"]?.status,
    changes: subscriptions?.untold.map(({ proof, status }) => [status, proof]),
  };
}

const SID = (count: number) => `SM${String(count).padStart(32, "0")}`;

describe("a subscribe step", () => {
  it("subscribes the contact and confirms, in its text or the application's", () => {
    expect(talk(["join"], steps())).toEqual({
      said: ["News: on. To switch it off, text STOP 2.|Thank you."],
      status: "on",
      changes: [["on", SID(1)]],
    });
    expect(talk(["join"], steps({ text: "Welcome to our news!" })).said).toEqual(["Welcome to our news!|Thank you."]);
  });

  it("asks for a YES if the list requires one", () => {
    const wary = { doubleOptIn: true };
    expect(talk(["join", "hm", "sure"], steps(), wary)).toEqual({
      said: [
        "Reply YES to switch on News.",
        "Please answer yes or no.",
        "News: on. To switch it off, text STOP 2.|Thank you.",
      ],
      status: "on",
      changes: [
        ["asked", SID(1)],
        ["on", SID(3)],
      ],
    });
    expect(talk(["join", "no"], steps({ ask: "News for you?" }), wary)).toMatchObject({
      said: ["News for you?", "No news."],
      status: "off",
    });
    // A contact that is subscribed already is not asked again.
    expect(talk(["start news", "yes", "join"], steps(), wary)).toMatchObject({
      said: [/YES/u, /on/u, /Thank you/u].map((each) => expect.stringMatching(each) as string),
      status: "on",
    });
  });

  it("gives a guest no list that is for linked contacts", () => {
    expect(talk(["join"], steps(), { audience: "linked" })).toEqual({
      said: ["No news."],
      status: undefined,
      changes: undefined,
    });
  });
});

describe("on save", () => {
  const home = { id: "shop", topics: ["join"] };
  const around = (more: Partial<TopicSurroundings>): TopicSurroundings => ({
    homes: [home],
    neighbours: [],
    variables: [],
    smartEncoding: false,
    ...more,
  });
  const document = { title: "Join", steps: steps() };

  it("the list must exist", () => {
    const { errors } = checkDocument(document, around({ lists: [{ id: "newz", application: "shop" }] }));
    expect(errors).toEqual([
      { pointer: "/steps/0/list", detail: 'Step "on": there is no list "news". Did you mean "newz"?' },
    ]);
  });

  it("the list must be on a number of the application", () => {
    const { errors, warnings } = checkDocument(document, around({ lists: [{ id: "news", application: "other" }] }));
    expect(errors).toEqual([]);
    expect(warnings).toMatchObject([
      { pointer: "/steps/0/list", detail: expect.stringContaining('contacts of "shop" cannot subscribe') as string },
    ]);
    expect(checkDocument(document, around({ lists: [{ id: "news", application: "shop" }] })).warnings).toEqual([]);
    expect(checkDocument(document).errors).toEqual([]);
  });
});
