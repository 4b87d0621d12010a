import { describe, expect, it } from "vitest";
import type { InboundFile } from "../../src/contract/assistant.ts";
import { topic } from "../support/chat.ts";
import { Talk } from "../support/talk.ts";

const QUESTION = { kind: "ask", id: "name", text: "Name?", save: "name" };
const HELLO = { kind: "say", id: "hello", text: "Hello {{ name }}" };
const main = (...steps: readonly object[]) => topic("main", { keywords: ["go"], steps });

describe("silence", () => {
  const quiet = { after: 600, text: "Still there, {{ sender }}?", giveUp: { after: 1_200, text: "Another time." } };

  it("reminds once, then gives up", () => {
    const talk = new Talk([main({ ...QUESTION, silence: quiet }, HELLO)]);
    talk.text("go");
    expect(talk.awaits).toEqual({ kind: "text", silentAfter: 600 });
    expect(talk.silence()).toEqual(["Still there, +12025550140?"]);
    expect(talk.awaits).toEqual({ kind: "text", silentAfter: 1_200 });
    expect(talk.silence()).toEqual(["Another time."]);
    expect(talk.awaits).toEqual({ kind: "end" });
  });

  it("ends with a text: the question is still open after the reminder", () => {
    const talk = new Talk([main({ ...QUESTION, silence: quiet }, HELLO)]);
    talk.text("go");
    talk.silence();
    expect(talk.text("Ada")).toEqual(["Hello Ada"]);
    expect(talk.awaits).toEqual({ kind: "text", silentAfter: null });
  });

  it("can go on at another step, and can end with the reminder", () => {
    const elsewhere = { after: 600, giveUp: { after: 60, next: "other" } };
    const talk = new Talk([
      main({ ...QUESTION, silence: elsewhere }, HELLO, { kind: "end", id: "other", text: "Closed." }),
    ]);
    talk.text("go");
    expect(talk.silence()).toEqual(["Are you still there? Just reply to continue."]);
    expect(talk.silence()).toEqual(["Closed."]);
    const patient = new Talk([main({ ...QUESTION, silence: { after: 600 } })]);
    patient.text("go");
    patient.silence();
    expect(patient.awaits).toEqual({ kind: "text", silentAfter: null });
  });

  it("starts again at the question that follows after giving up", () => {
    const first = { ...QUESTION, silence: { after: 600, giveUp: { after: 60, next: "sure" } } };
    const second = { kind: "confirm", id: "sure", text: "Shall we call you?", silence: { after: 300, text: "Well?" } };
    const talk = new Talk([main(first, second)]);
    talk.text("go");
    talk.silence();
    expect(talk.silence()).toEqual(["Shall we call you?"]);
    expect(talk.silence()).toEqual(["Well?"]);
    expect(talk.awaits).toEqual({ kind: "text", silentAfter: null });
  });
});

describe("commands", () => {
  const menu = topic("menu", { keywords: ["start here"], steps: [{ kind: "say", id: "a", text: "The menu." }] });
  const topics = [
    main(QUESTION, { kind: "confirm", id: "sure", text: "Sure?", yes: "hello", no: "hello" }, HELLO),
    menu,
  ];

  it("exit ends at every step", () => {
    for (const before of [[], ["go"], ["go", "Ada"]]) {
      const talk = new Talk(topics);
      for (const text of before) talk.text(text);
      expect(talk.text("Exit!")).toEqual(["Thank you for texting Sample. Goodbye!"]);
      expect(talk.awaits).toEqual({ kind: "end" });
    }
  });

  it("help lists the commands, and the question is still open", () => {
    const talk = new Talk(topics, { words: { back: false, exit: ["enough"] } });
    talk.text("go");
    expect(talk.text("help")).toEqual(["Sample: you can text MENU, HELP, AGENT, ENOUGH at any time."]);
    expect(talk.text("exit")).toEqual(["Sure?"]);
  });

  it("help lists the words in the language of the conversation", () => {
    const words = { menu: ["menu", "menú"], back: ["back", "atrás"], exit: ["enough", "salir"], agent: ["desk"] };
    expect(new Talk(topics, { words }, "es").text("ayuda")).toEqual([
      "Sample: en cualquier momento puede escribir MENU, AYUDA, DESK, ATRÁS, SALIR.",
    ]);
    expect(new Talk(topics, { words }).text("help")).toEqual([
      "Sample: you can text MENU, HELP, DESK, BACK, ENOUGH at any time.",
    ]);
  });

  it("back returns to the previous questions, and says when there is none", () => {
    const talk = new Talk(topics);
    talk.text("go");
    talk.text("Ada");
    expect(talk.text("back")).toEqual(["Name?"]);
    expect(talk.text("back")).toEqual(["You're at the beginning, so there's nothing to go back to.", "Name?"]);
    expect(talk.text("Bob")).toEqual(["Sure?"]);
    expect(talk.text("yes")).toEqual(["Hello Bob"]);
    expect(talk.text("back")).toEqual(["Sure?"]);
  });

  it("menu and agent start the topics of the application; without one they answer", () => {
    const talk = new Talk(topics, { menu: "menu", agent: "main" });
    expect(talk.text("MENU")).toEqual(["The menu."]);
    expect(talk.text("agent")).toEqual(["Name?"]);
    const without = new Talk(topics);
    expect(without.text("agent")).toEqual(["Sorry, no one is free to take over right now. Please try again later."]);
    expect(without.text("menu")).toEqual(["Sample: you can text MENU, HELP, AGENT, BACK, EXIT at any time."]);
  });

  it("are answers if an option has that label", () => {
    const options = [{ label: "Help" }, { label: "Nothing" }];
    const talk = new Talk([
      main(
        { kind: "choice", id: "what", text: "What?", save: "what", options },
        { kind: "say", id: "s", text: "So: {{ what }}" },
      ),
    ]);
    talk.text("go");
    expect(talk.text("help")).toEqual(["So: Help"]);
  });

  it("start a topic if the word is one of its keywords", () => {
    const own = topic("help", { keywords: ["help"], steps: [{ kind: "say", id: "a", text: "Our help." }] });
    expect(new Talk([...topics, own]).text("help")).toEqual(["Our help."]);
  });
});

describe("nested topics", () => {
  const inner = topic("inner", { steps: [{ ...QUESTION, id: "q" }] });
  const outer = (returns: boolean) =>
    main({ kind: "topic", id: "in", topic: "inner", returns }, { kind: "say", id: "after", text: "Back, {{ name }}." });

  it("return if the step says so", () => {
    const talk = new Talk([outer(true), inner]);
    expect(talk.text("go")).toEqual(["Name?"]);
    expect(talk.text("Ada")).toEqual(["Back, Ada."]);
  });

  it("do not return otherwise", () => {
    const talk = new Talk([outer(false), inner]);
    talk.text("go");
    expect(talk.text("Ada")).toEqual([]);
  });

  it("are left for good when the contact asks for another topic", () => {
    const other = topic("other", { keywords: ["other"], steps: [{ kind: "say", id: "o", text: "Other." }] });
    const asking = topic("inner", { steps: [{ kind: "confirm", id: "q", text: "Sure?" }] });
    const talk = new Talk([outer(true), asking, other]);
    talk.text("go");
    expect(talk.text("other")).toEqual(["Other."]);
    expect(talk.text("back")).toEqual(["Sure?"]);
  });

  it("return once, also after BACK has led into them", () => {
    const asking = topic("inner", { steps: [{ kind: "confirm", id: "q", text: "Sure?" }] });
    const around = main(
      QUESTION,
      { kind: "topic", id: "in", topic: "inner", returns: true },
      { kind: "confirm", id: "after", text: "And after?" },
      HELLO,
    );
    const talk = new Talk([around, asking]);
    for (const text of ["go", "Ada", "yes"]) talk.text(text);
    expect(talk.text("back")).toEqual(["Sure?"]);
    expect(talk.text("yes")).toEqual(["And after?"]);
    expect(talk.text("back")).toEqual(["Sure?"]);
    expect(talk.text("back")).toEqual(["Name?"]);
    expect(talk.text("Bob")).toEqual(["Sure?"]);
    expect(talk.text("yes")).toEqual(["And after?"]);
    expect(talk.text("yes")).toEqual(["Hello Bob"]);
    expect(talk.text("anything")).toEqual(["Sorry, I didn't understand that."]);
  });

  it("that repeat without waiting are stopped", () => {
    const loop = main({ kind: "topic", id: "again", topic: "main" });
    expect(() => new Talk([loop]).text("go")).toThrow(/100 steps/u);
  });
});

describe("the operator's system", () => {
  const request = {
    url: "https://crm.example.com/orders/{{ order }}?by={{ sender }}",
    headers: { authorization: { secret: "crm", prefix: "Bearer " }, "x-number": "{{ number }}" },
  };
  const order = { kind: "ask", id: "which", text: "Which order?", save: "order" };
  const failed = { kind: "end", id: "failed", text: "Our system is down." };

  it("gets values that cannot change the address, and its response is saved", () => {
    const talk = new Talk([
      main(
        order,
        { kind: "call", id: "find", request, save: "found", pick: "orders.0", failed: "failed" },
        { kind: "say", id: "s", text: "It is {{ found.status }}, {{ found.items | size }} items.", next: "bye" },
        failed,
        { kind: "end", id: "bye", text: "Bye." },
      ),
    ]);
    talk.text("go");
    expect(talk.text("../7?x=1")).toEqual([]);
    expect(talk.awaits).toEqual({
      kind: "request",
      request: {
        method: "GET",
        url: "https://crm.example.com/orders/..%2F7%3Fx%3D1?by=%2B12025550140",
        headers: { authorization: { secret: "crm", prefix: "Bearer " }, "x-number": "+12025550100" },
        body: null,
      },
    });
    const json = { orders: [{ status: "on its way", items: [1, 2] }] };
    expect(talk.answer({ kind: "answered", status: 200, json })).toEqual(["It is on its way, 2 items.", "Bye."]);
  });

  it.each([
    ["no answer", { kind: "failed", reason: "timeout" }],
    ["an error", { kind: "answered", status: 404, json: { orders: [1] } }],
    ["another shape", { kind: "answered", status: 200, json: { orders: [] } }],
    ["nothing", { kind: "answered", status: 200, json: null }],
  ] as const)("that gives %s leads to the step for that", (_, outcome) => {
    const call = { kind: "call", id: "find", request, save: "found", pick: "orders.0", failed: "failed" };
    const talk = new Talk([main(call, { kind: "end", id: "fine", text: "Fine." }, failed)]);
    talk.text("go");
    expect(talk.answer(outcome)).toEqual(["Our system is down."]);
  });

  it("gets a body with rendered strings, whatever they contain", () => {
    const body = { who: "{{ name }}", list: ["{{ name | upcase }}", 1, null, true], "": { deep: "x" } };
    const call = {
      kind: "call",
      id: "send",
      request: { method: "POST", url: "https://crm.example.com/", body },
      failed: "failed",
    };
    const talk = new Talk([main(QUESTION, call, { kind: "end", id: "fine", text: "Fine." }, failed)]);
    talk.text("go");
    talk.text('Ada "}');
    expect(talk.awaits).toMatchObject({
      request: { method: "POST", body: { who: 'Ada "}', list: ['ADA "}', 1, null, true], "": { deep: "x" } } },
    });
    expect(talk.answer({ kind: "answered", status: 204, json: null })).toEqual(["Fine."]);
  });

  const from = {
    request: { url: "https://crm.example.com/slots" },
    items: "slots",
    label: "{{ item.day }}",
    value: "{{ item.id }}",
    failed: "failed",
  };
  const pick = { kind: "choice", id: "pick", text: "Which day?", from, save: "slot" };
  const picked = { kind: "end", id: "s", text: "Slot {{ slot }}." };

  it("gives the options of a choice, which are then stored", () => {
    const talk = new Talk([main(pick, picked, failed)]);
    talk.text("go");
    const slots = [
      { id: 11, day: "Monday" },
      { id: 12, day: "Tuesday" },
    ];
    expect(talk.answer({ kind: "answered", status: 200, json: { slots } })).toEqual([
      "Which day?\n1. Monday\n2. Tuesday",
    ]);
    expect(talk.text("sunday")).toEqual([
      "Sorry, that's not one of the options. Please reply with a number from 1 to 2.\n1. Monday\n2. Tuesday",
    ]);
    expect(talk.text("2")).toEqual(["Slot 12."]);
  });

  it("gives many options in pages", () => {
    const talk = new Talk([main(pick, picked, failed)]);
    talk.text("go");
    const slots = Array.from({ length: 23 }, (_, id) => ({ id, day: `Day ${String.fromCodePoint(97 + id)}` }));
    const [first = ""] = talk.answer({ kind: "answered", status: 200, json: { slots } });
    expect(first.split("\n")).toHaveLength(12);
    expect(first.split("\n").at(-1)).toBe("11. More");
    expect(talk.text("11")[0]?.split("\n").slice(0, 2)).toEqual(["1. Day k", "2. Day l"]);
    expect(talk.text("more")[0]?.split("\n")).toEqual(["1. Day u", "2. Day v", "3. Day w", "4. More"]);
    expect(talk.text("2")).toEqual(["Slot 21."]);
  });

  it("may give more options than can be offered: the rest is omitted, with a note", () => {
    const talk = new Talk([main(pick, picked, failed)]);
    talk.text("go");
    const slots = [
      { id: "x".repeat(401), day: "Monday" },
      { id: 1, day: "" },
      { id: "", day: "👩‍👩‍👧".repeat(200) },
      ...Array.from({ length: 120 }, (_, id) => ({ id, day: `Day ${id}` })),
    ];
    const [first = ""] = talk.answer({ kind: "answered", status: 200, json: { slots } });
    expect(first.split("\n").slice(1, 3)).toEqual([`1. ${"👩‍👩‍👧".repeat(157)}...`, "2. Day 0"]);
    expect(talk.reply?.notes).toEqual([
      'Step "pick": 25 of 123 options were not offered: an option needs a label and a value of at most 400 characters, and a step offers at most 100.',
    ]);
    expect(talk.text("1")).toEqual([`Slot ${"👩‍👩‍👧".repeat(157)}....`]);
  });

  it("that responds with too much to save leads to the failure step, and leaves no gap in a text", () => {
    const call = { kind: "call", id: "find", request, save: "found", failed: "failed" };
    const talk = new Talk([main(call, { kind: "end", id: "fine", text: "It is {{ found.status }}." }, failed)]);
    talk.text("go");
    const json = { status: "late", log: "x".repeat(50_000) };
    expect(talk.answer({ kind: "answered", status: 200, json })).toEqual(["Our system is down."]);
    expect(talk.reply?.notes).toEqual([
      'Variable "found" was not saved: the variables of a conversation can have at most 50000 characters.',
    ]);
  });

  it("is not asked without end, because the contact could not leave", () => {
    const call = { kind: "call", id: "find", request, failed: "find" };
    const talk = new Talk([main(call, { kind: "end", id: "fine", text: "Fine." })]);
    talk.text("go");
    for (let times = 1; times < 20; times += 1) talk.answer({ kind: "failed", reason: "timeout" });
    expect(() => talk.answer({ kind: "failed", reason: "timeout" })).toThrow("20 requests without waiting");
    expect(talk.text("go")).toEqual([]);
    expect(talk.answer({ kind: "answered", status: 200, json: null })).toEqual(["Fine."]);
  });

  it("without options leads to another step", () => {
    const talk = new Talk([
      main({ ...pick, from: { ...from, none: "none" } }, picked, failed, {
        kind: "end",
        id: "none",
        text: "All taken.",
      }),
    ]);
    talk.text("go");
    expect(talk.answer({ kind: "answered", status: 200, json: { slots: [] } })).toEqual(["All taken."]);
  });

  it("is searched, and the first result is sent", () => {
    const search = {
      kind: "search",
      id: "look",
      text: "Here is what I found:",
      request: { url: "https://crm.example.com/search?q={{ name }}" },
      items: "hits",
      result: "{{ item.title }}: {{ item.body }}",
      link: "{{ item.url }}",
      none: "none",
      failed: "failed",
    };
    const steps = [
      QUESTION,
      search,
      { kind: "end", id: "fine" },
      failed,
      { kind: "end", id: "none", text: "Nothing." },
    ];
    const found = new Talk([main(...steps)]);
    found.text("go");
    found.text("opening hours & more");
    expect(found.awaits).toMatchObject({
      request: { url: "https://crm.example.com/search?q=opening%20hours%20%26%20more" },
    });
    const hits = [
      { title: "Hours", body: "9 to 5", url: "https://example.com/h" },
      { title: "Other", body: "?" },
    ];
    expect(found.answer({ kind: "answered", status: 200, json: { hits } })).toEqual([
      "Here is what I found:\nHours: 9 to 5\nhttps://example.com/h",
    ]);
    const empty = new Talk([main(...steps)]);
    empty.text("go");
    empty.text("x");
    expect(empty.answer({ kind: "answered", status: 200, json: { hits: [] } })).toEqual(["Nothing."]);
  });
});

describe("a pause", () => {
  it("goes on when it is over", () => {
    const talk = new Talk([
      main(
        { kind: "say", id: "a", text: "One." },
        { kind: "wait", id: "w", seconds: 30 },
        { kind: "say", id: "b", text: "Two." },
      ),
    ]);
    expect(talk.text("go")).toEqual(["One."]);
    expect(talk.awaits).toEqual({ kind: "pause", seconds: 30 });
    expect(talk.pass()).toEqual(["Two."]);
  });
});

describe("a picture", () => {
  const upload = { kind: "upload", id: "photo", text: "A photo, please.", save: "photo" };
  const steps = [upload, { kind: "say", id: "s", text: "Got {{ photo }}" }];

  it.each([
    ["by MMS", "", ["image/jpeg"], "Got https://api.twilio.com/media/0"],
    ["among other files", "look", ["video/mp4", "image/png"], "Got https://api.twilio.com/media/1"],
    ["as a link", "here: https://example.com/a.png thanks", [], "Got https://example.com/a.png"],
    ["of no kind", "no idea", [], "Please send a picture or a link to one."],
    ["that is a film", "", ["video/mp4"], "Sorry, we can't open that type of file."],
  ])("%s", (_, text, media, expected) => {
    const talk = new Talk([main(...steps)]);
    talk.text("go");
    expect(talk.text(text, ...media)).toEqual([expected]);
  });

  const file = (copy: InboundFile["copy"], contentType = "image/png"): InboundFile => ({
    url: `https://sms.example.com/media/${contentType}`,
    contentType,
    ...(copy === undefined ? {} : { copy }),
  });
  const JPEG = "image/jpeg";
  const got = (contentType = "image/png") => `Got https://sms.example.com/media/${contentType}`;
  const TOO_LARGE = "Sorry, that file is too large. The limit is 16 MB. Please send a smaller one.";

  it.each([
    ["kept", [file("kept")], got()],
    ["not kept by this Parley", [file(undefined)], got()],
    ["that cannot be had", [file("unavailable")], got()],
    ["that is too large", [file("too-large")], TOO_LARGE],
    ["that is none", [file("unsupported")], "Sorry, we can't open that type of file."],
    ["beside one that is too large", [file("too-large"), file("kept", JPEG)], got(JPEG)],
  ])("%s is answered at once", (_, files, expected) => {
    const talk = new Talk([main(...steps)]);
    talk.text("go");
    expect(talk.files("", ...files)).toEqual([expected]);
  });

  it.each([
    ["is kept", file("kept"), got()],
    ["is not there in time", file("waiting"), got()],
    ["is too large", file("too-large"), TOO_LARGE],
    ["is none", file("unsupported"), "Sorry, we can't open that type of file."],
  ])("that is being fetched is waited for, and %s", (_, settled, expected) => {
    const talk = new Talk([main(...steps)]);
    talk.text("go");
    expect(talk.files("", file("waiting", "video/mp4"), file("waiting"))).toEqual([]);
    expect(talk.awaits).toEqual({ kind: "file", index: 1 });
    expect(talk.filed(1, "", file("waiting", "video/mp4"), settled)).toEqual([expected]);
    expect(talk.awaits?.kind).toBe("text");
  });

  it("that is too large is ignored if another picture or a link is beside it", () => {
    const talk = new Talk([main(...steps)]);
    talk.text("go");
    talk.files("", file("waiting"), file("waiting", JPEG));
    expect(talk.filed(0, "", file("too-large"), file("waiting", JPEG))).toEqual([]);
    expect(talk.awaits).toEqual({ kind: "file", index: 1 });
    expect(talk.filed(1, "", file("too-large"), file("kept", JPEG))).toEqual([got(JPEG)]);
    talk.text("go");
    expect(talk.files("https://example.com/a.png", file("too-large"))).toEqual(["Got https://example.com/a.png"]);
  });

  it("that is too large can be sent again in a smaller size; BACK returns to the question once", () => {
    const name = { kind: "ask", id: "name", text: "Name?", save: "name" };
    const talk = new Talk([main(name, upload, { kind: "ask", id: "more", text: "More?", save: "more" })], {}, "de", {
      fileTooLarge: { de: "Zu viel: {{ limit }}!" },
    });
    talk.text("go");
    talk.text("Ada");
    talk.files("", file("waiting"));
    expect(talk.filed(0, "", file("too-large"))).toEqual(["Zu viel: 16 MB!"]);
    talk.files("", file("waiting"));
    expect(talk.filed(0, "", file("kept"))).toEqual(["More?"]);
    expect(talk.text("back")).toEqual(["A photo, please."]);
    expect(talk.text("back")).toEqual(["Name?"]);
  });

  it("is available to the templates after the wait", () => {
    const says = { kind: "say", id: "s", text: "{{ text }} {{ media[0].contentType }}" };
    const talk = new Talk([main(upload, says)]);
    talk.text("go");
    talk.files("my cat", file("waiting"));
    expect(talk.filed(0, "my cat", file("kept"))).toEqual(["my cat image/png"]);
  });
});

describe("languages", () => {
  const text = { en: "How many?", es: "¿Cuántos?", de: "Wie viele?" };
  const ask = { kind: "ask", id: "count", text, save: "count" };

  it("are the application's, or the one that the conversation sets", () => {
    expect(new Talk([main(ask)], {}, "es-MX").text("go")).toEqual(["¿Cuántos?"]);
    expect(new Talk([main(ask)], {}, "fr").text("go")).toEqual(["How many?"]);
    const switched = [
      { kind: "set", id: "l", values: { language: "de" } },
      { kind: "confirm", id: "ok", text: { en: "OK?", de: "Gut?" } },
      ask,
    ];
    const talk = new Talk([main(...switched)]);
    expect(talk.text("go")).toEqual(["Gut?"]);
    expect(talk.reply?.language).toBe("de");
  });

  it("that do not exist change nothing, and break nothing after them", () => {
    const which = { kind: "ask", id: "l", text: "Language?", save: "language" };
    const price = { kind: "say", id: "p", text: '{{ 8.5 | currency: "USD" }}, {{ 1 | plural: "day", "days" }}' };
    for (const said of ["en-us-ny", "a", "English, please", "de_DE", "x-y"]) {
      const talk = new Talk([main(which, price)]);
      talk.text("go");
      expect(talk.text(said)).toEqual(["$8.50, day"]);
    }
  });
});

describe("an option without a label at the moment", () => {
  const options = [
    { label: "{% if vip %}The lounge{% endif %}", next: "lounge" },
    { label: "The bar", next: "bar" },
    { label: "{% if text == 'go' %}The early menu{% endif %}", next: "early" },
  ];
  const steps = [
    { kind: "choice", id: "where", text: "Where?", options },
    { kind: "end", id: "lounge", text: "Lounge." },
    { kind: "end", id: "bar", text: "Bar." },
    { kind: "end", id: "early", text: "Early." },
  ];

  it("is not offered, and only the others are numbered", () => {
    const talk = new Talk([main(...steps)]);
    expect(talk.text("go")).toEqual(["Where?\n1. The bar\n2. The early menu"]);
    expect(talk.text("the lounge")).toEqual([
      "Sorry, that's not one of the options. Please reply with a number from 1 to 2.\n1. The bar\n2. The early menu",
    ]);
    expect(talk.text("1")).toEqual(["Bar."]);
  });

  it("keeps its number if it was offered with one", () => {
    const talk = new Talk([main(...steps)]);
    talk.text("go");
    expect(talk.text("2")).toEqual(["Early."]);
  });

  it("stays as it was offered, whatever the contact types since", () => {
    const echo = {
      kind: "choice",
      id: "c",
      text: "Which?",
      options: [{ label: "{{ text }}" }, { label: "Red" }],
      save: "c",
    };
    const talk = new Talk([main(echo, { kind: "end", id: "e", text: "{{ c }}." })]);
    expect(talk.text("go")).toEqual(["Which?\n1. go\n2. Red"]);
    expect(talk.text("blue")[0]).toContain("not one of the options");
    expect(talk.text("1")).toEqual(["go."]);
  });

  it("is offered if no option has one, because there must be something to choose", () => {
    const talk = new Talk([main({ kind: "choice", id: "c", text: "Which?", options: [{ label: "{{ nothing }}" }] })]);
    expect(talk.text("go")).toEqual(["Which?\n1. "]);
  });
});

it("offers several topics that fit a text by their titles", () => {
  // Two topics have the same keyword.
  const one = topic("one", {
    title: "Order a pizza",
    keywords: ["order"],
    steps: [{ kind: "say", id: "a", text: "Pizza." }],
  });
  const two = topic("two", {
    title: "Order a taxi",
    keywords: ["order"],
    steps: [{ kind: "say", id: "a", text: "Taxi." }],
  });
  const talk = new Talk([one, two]);
  expect(talk.text("order")).toEqual([
    "Did you mean one of these? Please reply with its number.\n1. Order a pizza\n2. Order a taxi",
  ]);
  expect(talk.text("2")).toEqual(["Taxi."]);
});

describe("an answer that matches no option", () => {
  const drink = main({ kind: "choice", id: "drink", text: "What?", options: [{ label: "Tea" }, { label: "Coffee" }] });
  const both = "Sorry, that's not one of the options. Please reply with a number from 1 to 2.";

  it.each([
    ["en", {}, [both]],
    ["de", { choiceNotClear: { de: "Wie bitte?" } }, ["Wie bitte? Bitte antworten Sie mit einer Zahl von 1 bis 2."]],
    ["en", { choiceNotClear: { de: "Wie bitte?" } }, [both]],
    ["en", { choiceNotClear: "What?" }, ["What? Please reply with a number from 1 to 2."]],
    ["en", { choiceNotClear: false }, ["Please reply with a number from 1 to 2."]],
    ["en", { answerNumber: false }, ["Sorry, that's not one of the options."]],
    ["en", { choiceNotClear: false, answerNumber: false }, []],
  ] as const)("is told so in %s, as the application says it: %j", (language, messages, sorry) => {
    const talk = new Talk([drink], {}, language, messages);
    talk.text("go");
    expect(talk.text("lemonade")).toEqual(sorry.map((text) => `${text}\n1. Tea\n2. Coffee`));
  });
});
