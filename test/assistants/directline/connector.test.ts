import { describe, expect, it } from "vitest";
import type { RequestOutcome } from "../../../src/contract/assistant.ts";
import type { JsonValue } from "../../../src/core/json.ts";
import { Dialogue, FAILURE, type Fields } from "./dialogue.ts";

const MINUTE = 60_000;

describe("a text", () => {
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

  it("polls a silent bot less and less often, and stops in time", () => {
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

  it("polls more often once the bot is typing", () => {
    const dialogue = new Dialogue();
    const id = dialogue.begin();
    for (const _ of [1, 2, 3]) dialogue.polled();
    expect(dialogue.asked.delaySeconds).toBe(2);
    dialogue.polled(dialogue.said({ type: "typing" }, id));
    expect(dialogue.asked.delaySeconds).toBe(0.5);
  });

  it("does not wait if the bot expects input", () => {
    const dialogue = new Dialogue();
    const id = dialogue.begin();
    const asked = dialogue.said({ text: "How many?", inputHint: "expectingInput" }, id);
    expect(dialogue.polled(dialogue.echo(id), asked)).toEqual(["How many?"]);
  });

  it("waits while the bot is typing", () => {
    const dialogue = new Dialogue();
    const id = dialogue.begin();
    dialogue.polled(dialogue.said({ text: "Let me see." }, id), dialogue.said({ type: "typing" }, id));
    expect(dialogue.polled()).toEqual([]);
    expect(dialogue.polled(dialogue.said({ text: "Yes." }, id))).toEqual([]);
    expect(dialogue.polled()).toEqual(["Let me see.", "Yes."]);
  });

  it("sends a greeting before the answer, and still waits for the answer", () => {
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

  it("waits for the answer even if a late greeting expects input", () => {
    const dialogue = new Dialogue();
    const id = dialogue.begin();
    const greeting = dialogue.said({ text: "Welcome! Your name?", inputHint: "expectingInput" }, "of-the-service");
    expect(dialogue.polled(dialogue.echo(id), greeting)).toEqual([]);
    expect(dialogue.allPolled(dialogue.said({ text: "At nine." }, id))).toEqual(["Welcome! Your name?", "At nine."]);
  });

  it("recognizes the text by its id alone", () => {
    const dialogue = new Dialogue();
    const first = dialogue.begin();
    dialogue.allPolled({ type: "message", id: first, from: { id: "renamed" } }, dialogue.said({ text: "One." }, first));
    const late = dialogue.said({ text: "One, late." });
    const second = dialogue.again();
    const echo = { type: "message", id: second, from: { id: "renamed" }, text: "and now?" };
    expect(dialogue.allPolled(late, echo, dialogue.said({ text: "Two." }, second))).toEqual(["Two."]);
  });

  it("ignores late messages, by position and by reply id", () => {
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
  ])("takes one answer if the text was posted twice and is answered %s", (_, order) => {
    const dialogue = new Dialogue();
    const twice = (lost: string, id: string, text: string) => {
      const [one, two] = [dialogue.said({ text }, lost), dialogue.said({ text }, id)];
      const all = [dialogue.echo(lost), one, dialogue.echo(id), two];
      return dialogue.allPolled(...order.map((index) => all[index] ?? {}));
    };
    expect(twice(dialogue.nextId(), dialogue.begin(), "Yes.")).toEqual(["Yes."]);
    expect(twice(dialogue.nextId(), dialogue.again(), "No.")).toEqual(["No."]);
  });

  it("sends nothing twice, whatever the watermark", () => {
    const dialogue = new Dialogue();
    const id = dialogue.begin();
    const answer = dialogue.said({ text: "Yes." }, id);
    dialogue.polled(dialogue.echo(id), answer, answer);
    expect(dialogue.polled(dialogue.echo(id), answer)).toEqual(["Yes."]);
  });

  it("treats another client's activities for the same user as ours", () => {
    const dialogue = new Dialogue();
    const id = dialogue.begin();
    const other = { ...dialogue.said({ text: "From the web." }), from: { id: "renamed", role: "user" } };
    expect(dialogue.allPolled(dialogue.echo(id), other, dialogue.said({ text: "Yes." }, id))).toEqual(["Yes."]);
  });

  it("sends a file as its URL", () => {
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

  it("sends the linked person with each text, and with nothing that outlasts it", () => {
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

describe("failures", () => {
  it.each<readonly [string, number, JsonValue, string]>([
    [
      "the key is wrong",
      403,
      { error: { code: "BadArgument", message: "no" } },
      "refused the key or token, or the bot belongs to another region (HTTP 403, BadArgument)",
    ],
    ["the URL is wrong", 404, null, "the conversation does not exist, or the URL is wrong (HTTP 404)"],
    ["there is an answer of an unknown kind", 418, "tea", "it answered with HTTP 418"],
    [
      "the service is down",
      503,
      { error: { code: "a message, not a code" } },
      "Direct Line is not available (HTTP 503)",
    ],
    ["a conversation has no id", 201, { conversationId: 7 }, "its response has no conversation id"],
  ])("says why if %s", (_, status, json, reason) => {
    const dialogue = new Dialogue();
    dialogue.text("hi");
    expect(dialogue.answer(json, status)).toEqual([FAILURE]);
    expect(dialogue.reply?.failed).toContain(reason);
  });

  it("asks the second location, with a new conversation, if the bot fails", () => {
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
  ])("waits for a bot that %s if it has the text", (_, outcome) => {
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

  it("posts a lost text once more, but not a third time", () => {
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

  it("retries three times after a rate limit", () => {
    const dialogue = new Dialogue();
    dialogue.text("hi");
    for (const _ of [1, 2, 3]) {
      dialogue.answer(null, 429);
      expect(dialogue.step).toBe("2 s POST /conversations");
    }
    expect(dialogue.answer(null, 429)).toEqual([FAILURE]);
  });

  it("survives a transient failure of a poll", () => {
    const dialogue = new Dialogue();
    const id = dialogue.begin();
    dialogue.answer(null, 502);
    expect(dialogue.allPolled(dialogue.echo(id), dialogue.said({ text: "Yes." }, id))).toEqual(["Yes."]);
  });

  it.each<readonly [string, RequestOutcome]>([
    ["fails", { kind: "failed", reason: "connection" }],
    ["is refused", { kind: "answered", status: 404, json: null }],
    ["makes no sense", { kind: "answered", status: 200, json: { activities: "none" } }],
  ])("answers with what it has if the next poll %s", (_, outcome) => {
    const dialogue = new Dialogue();
    const id = dialogue.begin();
    dialogue.polled(dialogue.echo(id), dialogue.said({ text: "Yes." }, id));
    expect(dialogue.end(outcome)).toEqual(["Yes."]);
    expect(dialogue.reply?.notes[0]).toMatch(/^The answer may be incomplete: /u);
  });

  it.each([401, 403, 404, 410])("starts one new conversation if the old one has ended (HTTP %s)", (status) => {
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

  it("ignores an answer after the turn", () => {
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

  it("are made for the user id that the bot sees", () => {
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

  it("come from an endpoint, with its secret if it requires one", () => {
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

  it.each([GENERATED, ENDPOINT])("are used while young, then refreshed", (settings) => {
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

  it("that cannot be refreshed are used until they expire", () => {
    const dialogue = begun(GENERATED);
    dialogue.now += 20 * MINUTE;
    dialogue.text("two");
    dialogue.end({ kind: "failed", reason: "connection" });
    expect(dialogue.asked.headers).toEqual({ authorization: "Bearer t2" });
  });

  it("that have expired are renewed with the key for the same conversation", () => {
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
    "that are invalid (%j) are refused",
    (json) => {
      const dialogue = new Dialogue(ENDPOINT);
      dialogue.text("hi");
      expect(dialogue.answer(json)).toEqual([FAILURE]);
    },
  );

  it.each([
    [-1, "https://copilot.example.com/token?api-version=1"],
    [1e308, "https://directline.botframework.com/v3/directline/conversations/c1/activities"],
  ])("have a sensible lifetime, whatever the service says (%s)", (seconds, wanted) => {
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
