import { describe, expect, it } from "vitest";
import { receiveText } from "../../src/sender/events/text-received.ts";
import { getTurnText } from "../../src/sender/model/turn.ts";
import { answeringWith, inbound, playChat, topic } from "../support/chat.ts";

function play(steps: readonly object[], chat: string): void {
  const answering = answeringWith([topic("main", { keywords: ["go"], steps })], {
    messages: { notUnderstood: "What? ({{ text }})" },
  });
  expect(playChat(chat, answering)).toBe(chat);
}

describe("each step kind", () => {
  it("say: text, image, link", () => {
    play(
      [
        { kind: "say", id: "a", text: "Look, {{ sender }}", image: "https://example.com/{{ number }}.png" },
        { kind: "say", id: "b", image: "https://example.com/b.png" },
        { kind: "say", id: "c", text: "More:", link: { url: "https://example.com/?q={{ 'a b' | url_encode }}" } },
        { kind: "say", id: "d", link: { url: "https://example.com", label: "Here" } },
      ],
      `> go
< [https://example.com/+12025550100.png] Look, +12025550140
< [https://example.com/b.png]
< More:
< https://example.com/?q=a+b
< Here: https://example.com`,
    );
  });

  it("say: several links, and a card with its picture", () => {
    const card = {
      title: "Order {{ number }}",
      subtitle: "on its way",
      fields: [
        { label: "From", value: "the depot" },
        { label: "For", value: "{{ sender }}" },
      ],
      link: "https://example.com/orders",
    };
    play(
      [
        {
          kind: "say",
          id: "a",
          text: "See:",
          links: [{ url: "https://example.com/a", label: "Prices" }, { url: "https://example.com/b" }],
        },
        { kind: "say", id: "b", card },
        { kind: "say", id: "c", card: { title: "Pier" }, image: "https://example.com/c.png" },
        { kind: "say", id: "d", text: "Both:", card: { title: "Pier" }, image: "https://example.com/d.png" },
      ],
      `> go
< See:
< Prices: https://example.com/a
  https://example.com/b
< Order +12025550100: on its way
  From: the depot
  For: +12025550140
  https://example.com/orders
< [https://example.com/c.png] Pier
< [https://example.com/d.png] Both:
< Pier`,
    );
  });

  it("ask: saves the answer, and asks again after a picture", () => {
    play(
      [
        { kind: "ask", id: "name", text: "Name?", save: "name", retry: "In words, please." },
        { kind: "say", id: "hello", text: "Hello {{ name | upcase }}" },
      ],
      "> go\n< Name?\n> [picture]\n< In words, please.\n> go\n< Hello GO",
    );
  });

  it("choice: saves the value or label, and follows the target of the option", () => {
    play(
      [
        {
          kind: "choice",
          id: "pick",
          text: "Pick",
          save: "picked",
          options: [
            { label: "Boat", next: "boat" },
            { label: "Car", value: "c" },
          ],
          retry: "One of these:",
          next: "end",
        },
        { kind: "say", id: "boat", text: "Ahoy ({{ picked }})", next: "pick" },
        { kind: "end", id: "end", text: "Bye ({{ picked }})" },
      ],
      `> go
< Pick
  1. Boat
  2. Car
> 3
< One of these:
  1. Boat
  2. Car
> boat
< Ahoy (Boat)
< Pick
  1. Boat
  2. Car
> 2
< Bye (c)
> 1
< What? (1)`,
    );
  });

  it("confirm: follows the yes or the no, and saves the answer", () => {
    play(
      [
        { kind: "confirm", id: "sure", text: "Sure?", save: "sure", yes: "y" },
        { kind: "end", id: "n", text: "No: {{ sure }}" },
        { kind: "end", id: "y", text: "Yes: {{ sure }}" },
      ],
      "> go\n< Sure?\n> si\n< Please answer yes or no.\n> yup\n< Yes: true\n> go\n< Sure?\n> nope\n< No: false",
    );
  });

  it("set and branch: all values are computed from the old ones, and the first true case wins", () => {
    play(
      [
        { kind: "set", id: "one", values: { a: "1", b: "2" } },
        { kind: "set", id: "swap", values: { a: "{{ b }}", b: "{{ a | plus: 40 }}" } },
        {
          kind: "branch",
          id: "which",
          cases: [
            { when: "a == '1'", next: "wrong" },
            { when: "a == '2' and b > 40", next: "right" },
            { when: "a", next: "wrong" },
          ],
        },
        { kind: "end", id: "wrong", text: "Wrong" },
        { kind: "end", id: "right", text: "{{ a }} {{ b }}" },
      ],
      "> go\n< 2 41",
    );
  });

  it("a template's `now` is the time of the turn, not of the machine", () => {
    const text = "{{ 'now' | date: '%Y-%m-%d %H:%M', 'Etc/UTC' }} {{ now | date: '%S', 'Etc/UTC' }}";
    play([{ kind: "say", id: "a", text }], "> go\n< 2026-03-02 17:59 00");
  });

  it("topic: goes on there, and does not return", () => {
    const topics = [
      topic("first", {
        keywords: ["go"],
        steps: [
          { kind: "topic", id: "t", topic: "second" },
          { kind: "say", id: "no", text: "No" },
        ],
      }),
      topic("second", { steps: [{ kind: "say", id: "yes", text: "Yes" }] }),
    ];
    expect(playChat("> go\n< Yes\n> second", answeringWith(topics))).toBe(
      "> go\n< Yes\n> second\n< Sorry, I didn't understand that.",
    );
  });
});

describe("failures", () => {
  const world = (topics: Parameters<typeof answeringWith>[0]) => ({
    now: 1,
    origin: "https://sms.example.com",
    findApplication: () => answeringWith(topics, { failure: "We are sorry." }),
  });

  it("a topic that never waits is stopped, and the contact is told", () => {
    const endless = topic("main", {
      keywords: ["go"],
      steps: [{ kind: "set", id: "a", values: { x: "1" }, next: "a" }],
    });
    const { turn } = receiveText(null, inbound(1, "go"), world([endless]));
    expect(turn.parts.map(({ text }) => text)).toEqual(["We are sorry."]);
    expect(turn.notes).toEqual(["The assistant failed (RangeError)."]);
  });

  it("a template that cannot be rendered loses no text", () => {
    const greedy =
      "{% assign s = 'xxxxxxxxxxxxxxxx' %}{% for i in (1..100000) %}{% assign s = s | append: s %}{% endfor %}{{ s }}";
    const broken = topic("main", { keywords: ["go"], steps: [{ kind: "say", id: "a", text: greedy }] });
    const { turn, state } = receiveText(null, inbound(1, "go"), world([broken]));
    expect(turn.parts.map(({ text }) => text)).toEqual(["We are sorry."]);
    expect(state.lines["+12025550100"]?.conversation.status).toBe("open");
  });

  it.each([
    [
      "doubled again and again",
      "{% assign a = 'xxxxxxxxxx' %}{% capture a %}{{ a }}{{ a }}{% endcapture %}".concat(
        "{% capture a %}{{ a }}{{ a }}{% endcapture %}".repeat(20),
        "{{ a }}",
      ),
    ],
    [
      "over the words of a text, thrice",
      "{% assign w = 'a b c d e f g h i j k l m n o p q r s t u v w x y z' | split: ' ' %}{% for a in w %}{% for b in w %}{% for c in w %}{{ c }}{% endfor %}{% endfor %}{% endfor %}",
    ],
  ])("what is made %s ends", (_, text) => {
    const slow = topic("main", { keywords: ["go"], steps: [{ kind: "say", id: "a", text }] });
    expect(receiveText(null, inbound(1, "go"), world([slow])).turn.parts.map((part) => part.text)).toEqual([
      "We are sorry.",
    ]);
  });

  it("small loops are fine", () => {
    play(
      [
        {
          kind: "say",
          id: "a",
          text: "{% assign w = 'a b c' | split: ' ' %}{% for x in w %}{% for y in w %}{{ x }}{{ y }} {% endfor %}{% endfor %}",
        },
      ],
      "> go\n< aa ab ac ba bb bc ca cb cc",
    );
  });

  it("variables are saved up to a limit, and a note says which one is not", () => {
    const values = Object.fromEntries(Array.from({ length: 20 }, (__, index) => [`v${index}`, "x".repeat(3_900)]));
    const greedy = topic("main", {
      keywords: ["go"],
      steps: [
        { kind: "set", id: "a", values },
        { kind: "say", id: "b", text: "{{ v0.size }}" },
      ],
    });
    const { turn } = receiveText(null, inbound(1, "go"), world([greedy]));
    expect(turn.parts.map(({ text }) => text)).toEqual(["3900"]);
    expect(turn.notes.at(-1)).toBe(
      'Variable "v19" was not saved: the variables of a conversation can have at most 50000 characters.',
    );
  });

  it("a picture without a usable address is omitted, and its text is sent", () => {
    const broken = topic("main", {
      keywords: ["go"],
      steps: [{ kind: "say", id: "a", text: "Look", image: "{{ nothing }}" }],
    });
    const { turn } = receiveText(null, inbound(1, "go"), world([broken]));
    expect(turn.parts.map(({ text, media }) => [text, media])).toEqual([["Look", []]]);
    expect(turn.notes).toEqual(["1 files were not sent: their URLs are neither http nor https."]);
  });

  it("nested loops end", () => {
    const loop =
      "{% for a in (1..999) %}{% for b in (1..999) %}{% for c in (1..999) %}{% endfor %}{% endfor %}{% endfor %}";
    const slow = topic("main", { keywords: ["go"], steps: [{ kind: "say", id: "a", text: loop }] });
    expect(receiveText(null, inbound(1, "go"), world([slow])).turn.parts.map(({ text }) => text)).toEqual([
      "We are sorry.",
    ]);
  });

  it("a step that no longer exists when the contact answers gets a note, and the text starts a topic", () => {
    const before = topic("main", { keywords: ["go"], steps: [{ kind: "ask", id: "old", text: "Old?", save: "x" }] });
    const after = topic("main", { keywords: ["go"], steps: [{ kind: "ask", id: "new", text: "New?", save: "x" }] });
    const first = receiveText(null, inbound(1, "go"), world([before]));
    const second = receiveText(first.state, inbound(2, "go"), world([after]));
    expect(second.turn.parts.map(({ text }) => text)).toEqual(["New?"]);
    expect(second.turn.notes).toEqual(['Step "old" of topic "main" no longer exists.']);
  });

  it("an answer of more than ten messages is cut, with a note", () => {
    const steps = Array.from({ length: 12 }, (_, index) => ({ kind: "say", id: `s${index}`, text: `Text ${index}` }));
    const { turn } = receiveText(null, inbound(1, "go"), world([topic("main", { keywords: ["go"], steps })]));
    expect(turn.parts.map(({ text }) => text)).toEqual(steps.slice(0, 10).map(({ text }) => text));
    expect(turn.notes).toEqual(["2 of 12 messages were not sent: a turn sends 10 at most."]);
  });

  it("no text of a contact gets an unprintable answer", () => {
    const echo = topic("main", {
      keywords: ["go"],
      steps: [
        { kind: "ask", id: "a", text: "?", save: "x" },
        { kind: "say", id: "b", text: "[{{ x }}]" },
      ],
    });
    const first = receiveText(null, inbound(1, "go"), world([echo]));
    const { turn } = receiveText(first.state, inbound(2, "a\u0000b\ud83dc\r\nd"), world([echo]));
    expect(getTurnText(turn)).toBe("a\u0000b\ud83dc\r\nd");
    expect(turn.parts.map(({ text }) => text)).toEqual(["[ab\ufffdc\nd]"]);
  });

  it("an answer that is too long for one message is split", () => {
    const echo = topic("main", {
      keywords: ["go"],
      steps: [
        { kind: "ask", id: "a", text: "?", save: "x" },
        { kind: "say", id: "b", text: "{{ x }}{{ x }}" },
      ],
    });
    const first = receiveText(null, inbound(1, "go"), world([echo]));
    const { turn } = receiveText(first.state, inbound(2, "👩‍👩‍👧".repeat(200)), world([echo]));
    expect(turn.parts.map(({ text }) => text).join("")).toBe("👩‍👩‍👧".repeat(400));
    expect(turn.parts.every(({ text }) => text.length <= 1_600)).toBe(true);
  });
});
