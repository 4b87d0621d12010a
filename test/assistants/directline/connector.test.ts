import { describe, expect, it } from "vitest";
import type { RequestOutcome } from "../../../src/contract/assistant.ts";
import type { JsonValue } from "../../../src/core/json.ts";
import { Dialogue, FAILURE, type Fields } from "./dialogue.ts";

const MINUTE = 60_000;

describe("the way of a text", () => {
  it("begins a conversation, posts the text, and polls until the bot is quiet", () => {
    const dialogue = new Dialogue();
    const steps: string[] = [];
    const note = () => steps.push(dialogue.step);
    dialogue.text("hi");
    note();
    dialogue.answer({ conversationId: "c1" }, 201);
    note();
    const id = dialogue.post();
    note();
    dialogue.polled(dialogue.echo(id));
    note();
    dialogue.polled(dialogue.said({ text: "One moment." }, id));
    note();
    dialogue.polled(dialogue.said({ text: "Hello." }, id));
    note();
    expect(dialogue.polled()).toEqual(["One moment.", "Hello."]);
    expect(steps).toEqual([
      "POST /conversations",
      "POST /conversations/c1/activities",
      "GET /conversations/c1/activities",
      "0.5 s GET /conversations/c1/activities?watermark=1",
      "2 s GET /conversations/c1/activities?watermark=2",
      "2 s GET /conversations/c1/activities?watermark=3",
    ]);
  });

  it("looks less and less often for a bot that says nothing, and gives it up in time", () => {
    const dialogue = new Dialogue({ timeoutSeconds: 10 });
    const id = dialogue.begin();
    let said = dialogue.polled(dialogue.echo(id));
    const pauses: number[] = [];
    while (dialogue.reply?.awaits.kind === "request") {
      const { delaySeconds = 0 } = dialogue.asked;
      pauses.push(delaySeconds);
      dialogue.now += delaySeconds * 1_000;
      said = dialogue.polled();
    }
    expect(pauses).toEqual([0.5, 1, 2, 3, 3, 3]);
    expect(said).toEqual([FAILURE]);
    expect(dialogue.reply?.failed).toBe("nothing more arrived within 10 seconds");
  });

  it("looks more often again for a bot that begins to write", () => {
    const dialogue = new Dialogue();
    const id = dialogue.begin();
    for (const _ of [1, 2, 3]) dialogue.polled();
    expect(dialogue.asked.delaySeconds).toBe(2);
    dialogue.polled(dialogue.said({ type: "typing" }, id));
    expect(dialogue.asked.delaySeconds).toBe(0.5);
  });

  it("does not wait for a bot that says that it waits for the person", () => {
    const dialogue = new Dialogue();
    const id = dialogue.begin();
    const asked = dialogue.said({ text: "How many?", inputHint: "expectingInput" }, id);
    expect(dialogue.polled(dialogue.echo(id), asked)).toEqual(["How many?"]);
  });

  it("waits for a bot that is writing", () => {
    const dialogue = new Dialogue();
    const id = dialogue.begin();
    dialogue.polled(dialogue.said({ text: "Let me see." }, id), dialogue.said({ type: "typing" }, id));
    expect(dialogue.polled()).toEqual([]);
    expect(dialogue.polled(dialogue.said({ text: "Yes." }, id))).toEqual([]);
    expect(dialogue.polled()).toEqual(["Let me see.", "Yes."]);
  });

  it("says a greeting before the answer, and does not take it for one", () => {
    const dialogue = new Dialogue();
    const greeting = dialogue.said({ text: "Welcome!", inputHint: "expectingInput" });
    const id = dialogue.begin();
    expect(dialogue.polled(greeting, dialogue.echo(id))).toEqual([]);
    expect(dialogue.polled()).toEqual([]);
    expect(dialogue.allPolled(dialogue.said({ text: "We open at nine." }, id))).toEqual([
      "Welcome!",
      "We open at nine.",
    ]);
  });

  it("waits for the answer where a greeting comes after the text, and expects something", () => {
    const dialogue = new Dialogue();
    const id = dialogue.begin();
    const greeting = dialogue.said({ text: "Welcome! Your name?", inputHint: "expectingInput" }, "of-the-service");
    expect(dialogue.polled(dialogue.echo(id), greeting)).toEqual([]);
    expect(dialogue.allPolled(dialogue.said({ text: "At nine." }, id))).toEqual(["Welcome! Your name?", "At nine."]);
  });

  it("knows the text by its id, where the service keeps neither its user nor its channel data", () => {
    const dialogue = new Dialogue();
    const first = dialogue.begin();
    dialogue.allPolled({ type: "message", id: first, from: { id: "renamed" } }, dialogue.said({ text: "One." }, first));
    const late = dialogue.said({ text: "One, late." });
    const second = dialogue.again();
    const echo = { type: "message", id: second, from: { id: "renamed" }, text: "and now?" };
    expect(dialogue.allPolled(late, echo, dialogue.said({ text: "Two." }, second))).toEqual(["Two."]);
  });

  it("leaves out what the bot says late: by its place, and by what it replies to", () => {
    const dialogue = new Dialogue();
    const first = dialogue.begin();
    dialogue.allPolled(dialogue.echo(first), dialogue.said({ text: "One." }, first));
    const late = dialogue.said({ text: "One, late." });
    const second = dialogue.again();
    const replied = dialogue.said({ text: "One, later." }, first);
    const two = dialogue.said({ text: "Two." }, second);
    expect(dialogue.allPolled(late, dialogue.echo(second), replied, two)).toEqual(["Two."]);
    expect(dialogue.reply?.notes).toEqual(["Late message ignored: the bot sent it after its turn had ended."]);
  });

  it.each<readonly [string, readonly number[]]>([
    ["at once", [0, 1, 2, 3]],
    ["after both", [0, 2, 1, 3]],
  ])("takes one answer where the text was posted twice and is answered %s", (_, order) => {
    const dialogue = new Dialogue();
    const twice = (lost: string, id: string, text: string) => {
      const [one, two] = [dialogue.said({ text }, lost), dialogue.said({ text }, id)];
      const all = [dialogue.echo(lost), one, dialogue.echo(id), two];
      return dialogue.allPolled(...order.map((index) => all[index] ?? {}));
    };
    expect(twice(dialogue.nextId(), dialogue.begin(), "Yes.")).toEqual(["Yes."]);
    expect(twice(dialogue.nextId(), dialogue.again(), "No.")).toEqual(["No."]);
  });

  it("says nothing twice, whatever the watermark is", () => {
    const dialogue = new Dialogue();
    const id = dialogue.begin();
    const answer = dialogue.said({ text: "Yes." }, id);
    dialogue.polled(dialogue.echo(id), answer, answer);
    expect(dialogue.polled(dialogue.echo(id), answer)).toEqual(["Yes."]);
  });

  it("takes what another client says as the same user for ours", () => {
    const dialogue = new Dialogue();
    const id = dialogue.begin();
    const other = { ...dialogue.said({ text: "From the web." }), from: { id: "renamed", role: "user" } };
    expect(dialogue.allPolled(dialogue.echo(id), other, dialogue.said({ text: "Yes." }, id))).toEqual(["Yes."]);
  });

  it("gives a file by its URL", () => {
    const dialogue = new Dialogue();
    dialogue.text("Look", [{ url: "https://parley.example/media/1", contentType: "image/png" }]);
    dialogue.answer({ conversationId: "c1" }, 201);
    expect(dialogue.asked.body).toMatchObject({
      text: "Look",
      attachments: [{ contentType: "image/png", contentUrl: "https://parley.example/media/1" }],
    });
  });

  it("names the text and the person in the channel data", () => {
    const dialogue = new Dialogue();
    dialogue.text("hi");
    dialogue.answer({ conversationId: "c1" }, 201);
    expect(dialogue.asked.body).toEqual({
      type: "message",
      from: { id: `parley-${dialogue.sid}`, role: "user" },
      locale: "en",
      textFormat: "plain",
      text: "hi",
      channelData: {
        clientActivityID: dialogue.sid,
        parley: {
          conversation: { id: "1", opening: true },
          application: { id: "shop", name: "Shop" },
          number: "+12025550100",
          zone: "UTC",
          private: { phone: "+12025550140", turn: `12025550140-${dialogue.sid}`, linked: null },
        },
      },
    });
    expect(dialogue.asked.headers).toEqual({ authorization: { secret: "key", prefix: "Bearer " } });
  });

  it("says who is linked with each text, and with nothing that would outlast it", () => {
    const ada = { id: "ada", name: "Ada", languages: ["pt-BR"], attributes: { branch: "Lisbon" } };
    const dialogue = new Dialogue({ access: { kind: "generated-token", secret: "key" } });
    const told = () => {
      const { from, channelData } = dialogue.asked.body as Fields;
      const { parley } = channelData as { readonly parley: { readonly private: Fields } };
      return { from, linked: parley.private["linked"] };
    };
    dialogue.person = ada;
    dialogue.text("hi");
    const { body: token } = dialogue.asked;
    dialogue.answer({ conversationId: "c1", token: "t1", expires_in: 1_800 });
    expect(JSON.stringify([token, dialogue.asked.body]).toLowerCase()).not.toContain("ada");
    dialogue.answer({ conversationId: "c1", token: "t1", expires_in: 1_800 });
    const id = `dl_parley-${dialogue.sid}`;
    expect(told()).toEqual({ from: { id, role: "user", name: "Ada" }, linked: ada });
    const posted = dialogue.post();
    dialogue.allPolled(dialogue.said({ text: "Hello." }, posted));
    dialogue.person = null;
    dialogue.text("and now?");
    expect(told()).toEqual({ from: { id, role: "user" }, linked: null });
  });

  it.each([
    ["https://europe.directline.botframework.com/", "https://europe.directline.botframework.com/v3/directline"],
    ["https://bots.example.com/v3/directline", "https://bots.example.com/v3/directline"],
    ["https://bots.example.com/proxy/", "https://bots.example.com/proxy/v3/directline"],
  ])("finds the service at %s", (url, base) => {
    const dialogue = new Dialogue({ url });
    dialogue.text("hi");
    expect(dialogue.asked.url).toBe(`${base}/conversations`);
  });
});

describe("when it goes wrong", () => {
  it.each<readonly [string, number, JsonValue, string]>([
    [
      "the key is wrong",
      403,
      { error: { code: "BadArgument", message: "no" } },
      "refused the key or token, or the bot belongs to another region (HTTP 403, BadArgument)",
    ],
    ["there is no such place", 404, null, "the conversation does not exist, or the URL is wrong (HTTP 404)"],
    ["there is an answer of an unknown kind", 418, "tea", "it answered with HTTP 418"],
    [
      "the service is down",
      503,
      { error: { code: "a message, not a code" } },
      "Direct Line is not available (HTTP 503)",
    ],
    ["a conversation has no id", 201, { conversationId: 7 }, "its response has no conversation id"],
  ])("says why where %s", (_, status, json, reason) => {
    const dialogue = new Dialogue();
    dialogue.text("hi");
    expect(dialogue.answer(json, status)).toEqual([FAILURE]);
    expect(dialogue.reply?.failed).toContain(reason);
  });

  it("a bot that fails is followed by the second location, where it begins anew", () => {
    const dialogue = new Dialogue({ second: { url: "https://europe.directline.botframework.com" } });
    dialogue.text("hi");
    dialogue.answer({ conversationId: "c1" }, 201);
    dialogue.answer({ error: { code: "BotError" } }, 502);
    expect(dialogue.step).toBe("2 s POST /conversations/c1/activities");
    dialogue.answer({ error: { code: "BotError" } }, 502);
    expect(dialogue.reply?.failed).toBe("the bot behind it failed or cannot be reached (HTTP 502, BotError)");
    expect(dialogue.asked.url).toBe("https://europe.directline.botframework.com/v3/directline/conversations");
  });

  it.each<readonly [string, RequestOutcome]>([
    ["the service did not wait for", { kind: "answered", status: 504, json: { error: { code: "BotError" } } }],
    ["nobody knows to have been asked", { kind: "failed", reason: "timeout" }],
  ])("a bot that %s is waited for, where it has the text", (_, outcome) => {
    const dialogue = new Dialogue();
    const first = dialogue.begin();
    dialogue.allPolled(dialogue.echo(first), dialogue.said({ text: "One." }, first));
    dialogue.text("two");
    expect(dialogue.asked.once).toBe(true);
    dialogue.end(outcome);
    expect(dialogue.step).toBe("GET /conversations/c1/activities?watermark=2");
    const late = dialogue.said({ text: "One, late." });
    const id = dialogue.nextId();
    dialogue.polled(late, dialogue.echo(id));
    expect(dialogue.step).toBe("GET /conversations/c1/activities?watermark=2");
    const answer = dialogue.said({ text: "At last." }, id);
    expect(dialogue.allPolled(late, dialogue.echo(id), answer)).toEqual(["At last."]);
  });

  it("a text that was lost is posted once more, and not a third time", () => {
    const dialogue = new Dialogue();
    const first = dialogue.begin();
    dialogue.allPolled(dialogue.echo(first), dialogue.said({ text: "One." }, first));
    dialogue.text("two");
    for (const _ of [1, 2]) {
      expect(dialogue.step).toBe("POST /conversations/c1/activities");
      expect(dialogue.asked.body).toMatchObject({ text: "two", channelData: { clientActivityID: dialogue.sid } });
      dialogue.end({ kind: "failed", reason: "connection" });
      expect(dialogue.step).toBe("GET /conversations/c1/activities?watermark=2");
      dialogue.polled();
    }
    expect(dialogue.reply?.failed).toBe("the text could not be posted");
  });

  it("who is asked too often is asked again a little later, three times", () => {
    const dialogue = new Dialogue();
    dialogue.text("hi");
    for (const _ of [1, 2, 3]) {
      dialogue.answer(null, 429);
      expect(dialogue.step).toBe("2 s POST /conversations");
    }
    expect(dialogue.answer(null, 429)).toEqual([FAILURE]);
  });

  it("a poll that fails in passing costs nothing", () => {
    const dialogue = new Dialogue();
    const id = dialogue.begin();
    dialogue.answer(null, 502);
    expect(dialogue.allPolled(dialogue.echo(id), dialogue.said({ text: "Yes." }, id))).toEqual(["Yes."]);
  });

  it.each<readonly [string, RequestOutcome]>([
    ["fails", { kind: "failed", reason: "connection" }],
    ["is refused", { kind: "answered", status: 404, json: null }],
    ["makes no sense", { kind: "answered", status: 200, json: { activities: "none" } }],
  ])("what the bot has said is worth saying, where the next poll %s", (_, outcome) => {
    const dialogue = new Dialogue();
    const id = dialogue.begin();
    dialogue.polled(dialogue.echo(id), dialogue.said({ text: "Yes." }, id));
    expect(dialogue.end(outcome)).toEqual(["Yes."]);
    expect(dialogue.reply?.notes[0]).toMatch(/^The answer may be incomplete: /u);
  });

  it.each([401, 403, 404, 410])("a conversation that is over (HTTP %s) is followed by one new one", (status) => {
    const dialogue = new Dialogue();
    const first = dialogue.begin();
    dialogue.allPolled(dialogue.echo(first), dialogue.said({ text: "One." }, first));
    dialogue.text("two");
    expect(dialogue.answer(null, status)).toEqual([]);
    expect(dialogue.step).toBe("POST /conversations");
    dialogue.answer({ conversationId: "c2" }, 201);
    expect(dialogue.asked.body).toMatchObject({ text: "two", from: { id: `parley-${dialogue.sid}` } });
    expect(dialogue.answer(null, status)).toEqual([FAILURE]);
  });

  it("an answer that is not waited for any more is not minded", () => {
    const dialogue = new Dialogue();
    const id = dialogue.begin();
    dialogue.allPolled(dialogue.echo(id), dialogue.said({ text: "One." }, id));
    expect(dialogue.polled(dialogue.said({ text: "Again." }, id))).toEqual([]);
  });
});

describe("tokens", () => {
  const GENERATED: Fields = { access: { kind: "generated-token", secret: "key" } };
  const ENDPOINT: Fields = {
    access: { kind: "token-endpoint", url: "https://copilot.example.com/token?api-version=1" },
  };

  function begun(settings: Fields): Dialogue {
    const dialogue = new Dialogue(settings);
    dialogue.text("hi");
    dialogue.answer({ conversationId: "c1", token: "t1", expires_in: 1_800 });
    dialogue.answer({ conversationId: "c1", token: "t2", expires_in: 1_800 }, 201);
    const id = dialogue.post();
    dialogue.allPolled(dialogue.echo(id), dialogue.said({ text: "Hello." }, id));
    return dialogue;
  }

  it("are made for the user whom the bot sees", () => {
    const dialogue = new Dialogue(GENERATED);
    dialogue.text("hi");
    expect(dialogue.step).toBe("POST /tokens/generate");
    const user = { id: `dl_parley-${dialogue.sid}` };
    expect(dialogue.asked).toMatchObject({ body: { user }, headers: { authorization: { secret: "key" } } });
    dialogue.answer({ conversationId: "c1", token: "t1", expires_in: 1_800 });
    expect(dialogue.asked).toMatchObject({ body: { user }, headers: { authorization: "Bearer t1" } });
    dialogue.answer({ conversationId: "c1", token: "t2", expires_in: 1_800 }, 201);
    expect(dialogue.asked).toMatchObject({ body: { from: user }, headers: { authorization: "Bearer t2" } });
  });

  it("come from an endpoint, with its secret where it wants one", () => {
    const dialogue = new Dialogue(ENDPOINT);
    dialogue.text("hi");
    expect(dialogue.asked).toMatchObject({
      method: "GET",
      url: "https://copilot.example.com/token?api-version=1",
      headers: {},
    });
    const closed = new Dialogue({
      access: { kind: "token-endpoint", url: "https://bots.example.com/token", secret: "own" },
    });
    closed.text("hi");
    expect(closed.asked.headers).toEqual({ authorization: { secret: "own", prefix: "Bearer " } });
  });

  it.each([GENERATED, ENDPOINT])("go on while they are young, and are refreshed when they are not", (settings) => {
    const dialogue = begun(settings);
    dialogue.now += 14 * MINUTE;
    dialogue.text("two");
    expect(dialogue.step).toBe("POST /conversations/c1/activities");
    const id = dialogue.post();
    dialogue.allPolled(dialogue.echo(id), dialogue.said({ text: "Two." }, id));
    dialogue.now += 2 * MINUTE;
    dialogue.text("three");
    expect(dialogue.step).toBe("POST /tokens/refresh");
    dialogue.answer({ conversationId: "c1", token: "t3", expires_in: 1_800 });
    expect(dialogue.asked.headers).toEqual({ authorization: "Bearer t3" });
  });

  it("that cannot be refreshed now are used as long as they last", () => {
    const dialogue = begun(GENERATED);
    dialogue.now += 20 * MINUTE;
    dialogue.text("two");
    dialogue.end({ kind: "failed", reason: "connection" });
    expect(dialogue.asked.headers).toEqual({ authorization: "Bearer t2" });
  });

  it("that have expired are made anew for the same conversation with the key", () => {
    const dialogue = begun(GENERATED);
    dialogue.now += 40 * MINUTE;
    dialogue.text("two");
    expect(dialogue.step).toMatch(/^GET \/conversations\/c1\?watermark=\d$/u);
    expect(dialogue.asked.headers).toEqual({ authorization: { secret: "key", prefix: "Bearer " } });
    dialogue.answer({ conversationId: "c1", token: "t3", expires_in: 1_800 });
    expect(dialogue.step).toBe("POST /conversations/c1/activities");
    expect(dialogue.asked.headers).toEqual({ authorization: "Bearer t3" });
  });

  it("that have expired without a key end the conversation", () => {
    const dialogue = begun(ENDPOINT);
    dialogue.now += 40 * MINUTE;
    dialogue.text("two");
    expect(dialogue.asked.url).toBe("https://copilot.example.com/token?api-version=1");
  });

  it.each<JsonValue>([null, { token: 7 }, { token: "two\r\nheaders: x" }, { token: "" }])(
    "that make no sense (%j) are none",
    (json) => {
      const dialogue = new Dialogue(ENDPOINT);
      dialogue.text("hi");
      expect(dialogue.answer(json)).toEqual([FAILURE]);
    },
  );

  it.each([
    [-1, "https://copilot.example.com/token?api-version=1"],
    [1e308, "https://directline.botframework.com/v3/directline/conversations/c1/activities"],
  ])("last a sensible time, whatever the service says (%s)", (seconds, wanted) => {
    const dialogue = new Dialogue(ENDPOINT);
    dialogue.text("hi");
    for (const _ of [1, 2]) dialogue.answer({ conversationId: "c1", token: "t1", expires_in: seconds });
    const id = dialogue.post();
    dialogue.allPolled(dialogue.echo(id), dialogue.said({ text: "Hello." }, id));
    dialogue.now += MINUTE;
    dialogue.text("two");
    expect(dialogue.asked.url).toBe(wanted);
  });
});
