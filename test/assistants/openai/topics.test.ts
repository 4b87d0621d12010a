import { describe, expect, it } from "vitest";
import { calls, ModelTalk, says, saysAndCalls, topic } from "../../support/model-talk.ts";

const FAILURE = "We're sorry, but we can't respond to your message.";
const HELP = /MENU, HELP, AGENT, BACK, EXIT/u;

const PARCEL = topic(
  "parcel",
  { kind: "ask", id: "which", text: "Which parcel?", save: "parcel", silence: { after: 60, text: "Still there?" } },
  {
    kind: "call",
    id: "find",
    request: { url: "https://crm.example.com/parcels/{{ parcel }}" },
    save: "found",
    failed: "gone",
  },
  { kind: "end", id: "done", text: "It is {{ found.status }}." },
  { kind: "end", id: "gone", text: "We cannot look it up." },
);

const QUICK = topic("quick", { kind: "say", id: "say", text: "That was quick." });

const DEAF = topic("deaf", { kind: "ask", id: "ask", text: "Your name?", save: "name" });

const TOPICS = { topics: ["parcel", "quick", "deaf"] };

function begin(): ModelTalk {
  const talk = new ModelTalk(TOPICS, [PARCEL, QUICK, DEAF]);
  talk.text("where is my parcel");
  return talk;
}

/** The contact was asked for the parcel. */
function inTopic(): ModelTalk {
  const talk = begin();
  talk.gets(calls(["parcel", {}]));
  return talk;
}

describe("topics that a model may begin", () => {
  it("are offered as functions that need nothing", () => {
    const own = begin().sent.tools?.find((tool) => tool.function.name === "parcel");
    expect(own?.function).toMatchObject({ parameters: { type: "object", properties: {} } });
    expect(own?.function.description).toContain('"The parcel"');
  });

  it("talk with the person until they are over, and then the model goes on", () => {
    const talk = begin();
    expect(talk.gets(saysAndCalls("Let me see.", ["parcel", {}]))).toEqual(["Let me see.", "Which parcel?"]);
    expect(talk.reply?.awaits).toEqual({ kind: "text", silentAfter: 60 });
    expect(talk.reply?.notes).toEqual(['The model began the topic "parcel".']);
    expect(talk.text("7001")).toEqual([]);
    // The transcript keeps it, as in the application's own topics.
    expect(talk.request).toEqual({
      method: "GET",
      url: "https://crm.example.com/parcels/7001",
      headers: {},
      body: null,
    });
    expect(talk.gets({ status: "on its way" })).toEqual(["It is on its way."]);
    expect(talk.request?.confidential).toBe(true);
    const [asked, called, told] = talk.said;
    expect(asked).toEqual({ role: "user", content: "where is my parcel" });
    expect(called).toMatchObject({ role: "assistant", content: "Let me see." });
    expect(told).toMatchObject({ role: "tool", tool_call_id: "call_0" });
    expect(String(told?.content).split("\n").slice(1)).toEqual([
      "Topic: Which parcel?",
      "Person: 7001",
      "Topic: It is on its way.",
    ]);
    expect(talk.gets(says("Anything else?"))).toEqual(["Anything else?"]);
    talk.text("no");
    expect(talk.said.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "assistant", "user"]);
  });

  it("keep what they said to a linked contact from the model of any other", () => {
    const talk = new ModelTalk(TOPICS, [PARCEL, QUICK, DEAF]);
    talk.person = { id: "ada", name: "Ada", languages: [], attributes: {} };
    talk.text("where is my parcel");
    talk.gets(saysAndCalls("Let me see, Ada.", ["parcel", {}]));
    talk.text("help");
    talk.person = null;
    talk.text("7001");
    talk.gets({ status: "on its way" });
    const [asked, called, told] = talk.said;
    expect(asked).toEqual({ role: "user", content: "where is my parcel" });
    expect(called).toMatchObject({ role: "assistant", content: null });
    expect(String(told?.content).split("\n").slice(1)).toEqual(["Person: 7001", "Topic: It is on its way."]);
    expect(talk.gets(says("Anything else?"))).toEqual(["Anything else?"]);
  });

  it("keep the sense of the words that always work", () => {
    const talk = inTopic();
    expect(talk.text("menu").join()).toMatch(HELP);
    expect(talk.text("help").join()).toMatch(HELP);
    expect(talk.text("back").join()).toContain("Which parcel?");
    expect(talk.text("exit").join()).toContain("Goodbye");
    expect(talk.reply?.awaits).toEqual({ kind: "end" });
  });

  it("are begun by their own keywords only while one runs", () => {
    const talk = new ModelTalk(TOPICS, [PARCEL, QUICK, DEAF]);
    talk.text("quick");
    expect(talk.said).toEqual([{ role: "user", content: "quick" }]);
  });

  it("remind of themselves", () => {
    const talk = inTopic();
    expect(talk.hear({ kind: "silent", times: 1 })).toEqual(["Still there?"]);
  });

  it("pause, ask for files, and are interrupted as ever", () => {
    const slow = topic(
      "slow",
      { kind: "wait", id: "wait", seconds: 60 },
      { kind: "upload", id: "photo", text: "A photo?", save: "photo" },
    );
    const talk = new ModelTalk({ topics: ["slow"] }, [slow]);
    talk.text("hi");
    expect(talk.interrupt("exit")).toBeNull();
    talk.gets(calls(["slow", {}]));
    expect(talk.reply?.awaits).toEqual({ kind: "pause", seconds: 60 });
    expect(talk.interrupt("exit")?.ends).toBe(true);
    expect(talk.interrupt("hello?")).toBeNull();
    expect(talk.hear({ kind: "paused" })).toEqual(["A photo?"]);
    const file = { url: "https://parley.example/media/1", contentType: "image/jpeg" };
    talk.text("", { ...file, copy: "waiting" });
    expect(talk.reply?.awaits).toEqual({ kind: "file", index: 0 });
    expect(talk.hear({ kind: "file", index: 0, text: "", media: [{ ...file, copy: "kept" }] })).toEqual([]);
    expect(String(talk.said.at(-1)?.content)).toContain("Person: [a file, image/jpeg]");
  });

  it("that are over at once are followed by the model", () => {
    const talk = begin();
    expect(talk.gets(calls(["quick", {}]))).toEqual(["That was quick."]);
    expect(talk.said.at(-1)?.role).toBe("tool");
    expect(talk.gets(says("Was it?"))).toEqual(["Was it?"]);
  });

  it("need no word from the model after their own", () => {
    const talk = begin();
    talk.gets(calls(["quick", {}]));
    expect(talk.gets(says(""))).toEqual([]);
    expect(talk.reply?.failed).toBeUndefined();
    talk.text("hello?");
    expect(talk.said.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "user"]);
  });

  it("have answered, so a later failure of the model is only noted", () => {
    const talk = begin();
    talk.gets(calls(["quick", {}]));
    expect(talk.gets(null, 500)).toEqual([]);
    expect(talk.reply?.failed).toContain("500");
    expect(talk.reply?.awaits.kind).toBe("text");
  });

  it("that end without a word leave the person waiting for the model", () => {
    const talk = begin();
    expect(talk.gets(calls(["deaf", {}]))).toEqual(["Your name?"]);
    expect(talk.text("Ada")).toEqual([]);
    expect(talk.gets(null, 500)).toEqual([FAILURE]);
  });

  it("come one at a time, and before what else was called", () => {
    const talk = begin();
    const picture = ["send_picture", { url: "https://pictures.example.com/a.jpg" }] as const;
    const options = ["offer_choices", { text: "Which?", options: ["A", "B"] }] as const;
    expect(talk.gets(calls(options, ["quick", {}], ["deaf", {}], picture))).toEqual(["That was quick."]);
    const answers = talk.said.filter(({ role }) => role === "tool");
    expect(new Set(answers.map(({ tool_call_id: id }) => id))).toEqual(
      new Set(["call_0", "call_1", "call_2", "call_3"]),
    );
    expect(answers).toHaveLength(4);
    expect(answers.filter(({ content }) => String(content).startsWith("Not done"))).toHaveLength(2);
  });

  it("can be begun again and again, but not for ever", () => {
    const talk = begin();
    let said = 0;
    while (talk.request !== null && said < 50) said += talk.gets(calls(["quick", {}])).length;
    expect(said).toBeLessThan(10);
    expect(talk.reply?.failed).toContain("called functions too often");
    expect(talk.text("hi")).toEqual([]);
    expect(talk.said.at(-1)?.content).toBe("hi");
  });

  it("go on at the second location where the first fails after them", () => {
    const talk = new ModelTalk({ ...TOPICS, second: { url: "https://two.example.com/v1" } }, [PARCEL, QUICK, DEAF]);
    talk.text("be quick");
    talk.gets(calls(["quick", {}]));
    expect(talk.gets(null, 500)).toEqual([]);
    expect(talk.request?.url).toContain("two.example.com");
    expect(talk.said.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
    expect(talk.gets(says("Quick, was it not?"))).toEqual(["Quick, was it not?"]);
  });

  it("keep their variables from one to the next", () => {
    const greets = topic("greets", { kind: "say", id: "say", text: "Hello {{ name }}." });
    const talk = new ModelTalk({ topics: ["deaf", "greets"] }, [DEAF, greets]);
    talk.text("hi");
    talk.gets(calls(["deaf", {}]));
    talk.text("Ada");
    expect(talk.gets(calls(["greets", {}]))).toEqual(["Hello Ada."]);
  });

  it("begin anew: BACK leads to no question of the one before", () => {
    const talk = begin();
    talk.gets(calls(["deaf", {}]));
    talk.text("Ada");
    expect(talk.gets(calls(["parcel", {}]))).toEqual(["Which parcel?"]);
    expect(talk.text("back").join()).not.toContain("Your name?");
  });

  it("may go into one another and come back", () => {
    const outer = topic(
      "outer",
      { kind: "topic", id: "go", topic: "deaf", returns: true },
      { kind: "say", id: "say", text: "Hello {{ name }}." },
    );
    const talk = new ModelTalk({ topics: ["outer", "deaf"] }, [outer, DEAF]);
    talk.text("hi");
    expect(talk.gets(calls(["outer", {}]))).toEqual(["Your name?"]);
    expect(talk.text("Ada")).toEqual(["Hello Ada."]);
    expect(talk.request?.url).toContain("api.example.com");
  });

  it("that talk for long are told to the model in part, the end of it", () => {
    const echo = topic("echo", { kind: "ask", id: "ask", text: "{{ said }}?", save: "said", next: "ask" });
    const talk = new ModelTalk({ topics: ["echo"] }, [echo]);
    talk.text("hi");
    talk.gets(calls(["echo", {}]));
    for (let count = 0; count < 50; count += 1) talk.text(`${"x".repeat(200)} ${count}`);
    expect(talk.memoryCharacters).toBeLessThan(8_000);
  });
});
