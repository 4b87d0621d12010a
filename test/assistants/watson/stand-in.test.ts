import AssistantV2 from "ibm-watson/assistant/v2.js";
import { BasicAuthenticator } from "ibm-watson/auth/index.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonValue } from "../../../src/core/json.ts";
import { type Fault, PICTURE, WELCOME } from "../../support/bots/stand-in.ts";
import { ASSISTANT, type Dialog, ENVIRONMENT, startWatson, type Watson } from "../../support/bots/watson.ts";
import { at, FAILURE, SETTING } from "./dialogue.ts";
import { Call } from "./over-http.ts";

const ADA = { id: "ada", name: "Ada", languages: ["pt-BR"], attributes: { branch: "Lisbon" } };
const BOB = { id: "bob", name: "Bob", languages: [], attributes: { desk: "B" } };

let watson: Watson;

beforeEach(async () => {
  watson = await startWatson();
});

afterEach(async () => {
  await watson.close();
});

describe("IBM's own client and the stand-in", () => {
  function client(password = watson.secrets["watson-key"] ?? ""): AssistantV2 {
    const authenticator = new BasicAuthenticator({ username: "apikey", password });
    return new AssistantV2({ version: "2024-08-25", authenticator, serviceUrl: watson.origin });
  }

  const ids = { assistantId: ASSISTANT, environmentId: ENVIRONMENT };

  it("speak in a session, which keeps the context and returns it on request", async () => {
    const { status, result } = await client().createSession(ids);
    expect(status).toBe(201);
    const sessionId = result.session_id;
    const first = await client().message({
      ...ids,
      sessionId,
      input: { message_type: "text", text: "Hi" },
      context: { skills: { "main skill": { user_defined: { size: "L" } } } },
      userId: "somebody",
    });
    expect(first.result.output.generic).toEqual([
      { response_type: "text", text: "Welcome aboard." },
      { response_type: "image", source: PICTURE, title: "The pier" },
      {
        response_type: "option",
        title: "How do you travel?",
        options: ["Boat", "Car", "House"].map((label) => ({ label, value: { input: { text: label } } })),
      },
    ]);
    expect(first.result).not.toHaveProperty("context");
    expect(first.result.user_id).toBe("somebody");
    const second = await client().message({
      ...ids,
      sessionId,
      input: { message_type: "text", text: "Boat", options: { return_context: true } },
    });
    expect(second.result.context).toMatchObject({
      global: { session_id: sessionId, system: { turn_count: 2 } },
      skills: { "main skill": { user_defined: { size: "L" } } },
    });
    expect(watson.heard.map(({ text }) => text)).toEqual(["Hi", "Boat"]);
  });

  it("speak without one, and carry the context", async () => {
    const first = await client().messageStateless({ ...ids, input: { message_type: "text", text: "Hi" } });
    expect(first.result.context.global?.system?.turn_count).toBe(1);
    const { context } = first.result;
    const second = await client().messageStateless({ ...ids, input: { text: "Boat" }, context });
    expect(second.result.context.global).toMatchObject({
      session_id: context.global?.session_id,
      system: { turn_count: 2 },
    });
    expect(watson.sessions).toBe(0);
  });

  it("agree that a session ends when it is deleted or expires", async () => {
    const { result: deleted } = await client().createSession(ids);
    await client().deleteSession({ ...ids, sessionId: deleted.session_id });
    await expect(client().message({ ...ids, sessionId: deleted.session_id })).rejects.toMatchObject(OVER);
    const { result: expired } = await client().createSession(ids);
    watson.fault = "expired";
    await expect(client().message({ ...ids, sessionId: expired.session_id })).rejects.toMatchObject(OVER);
    const { result: fresh } = await client().createSession(ids);
    const { status } = await client().message({ ...ids, sessionId: fresh.session_id, input: { text: "Hi" } });
    expect(status).toBe(200);
  });

  const OVER = { status: 404, message: "Invalid Session" };

  it("agree that a wrong key and an unknown assistant are refused", async () => {
    await expect(client("wrong").createSession(ids)).rejects.toMatchObject({ status: 401 });
    await expect(client().createSession({ ...ids, assistantId: "nobody" })).rejects.toMatchObject({ status: 404 });
  });

  it.each([
    ["a line break", { text: "one\ntwo" }],
    ["a tab", { text: "one\ttwo" }],
    ["a text that is too long", { text: "x".repeat(2_049) }],
    ["six attachments", { text: "", attachments: Array.from({ length: 6 }, () => ({ url: PICTURE })) }],
  ])("agree that %s is refused", async (_, input) => {
    await expect(client().messageStateless({ ...ids, input })).rejects.toMatchObject({ status: 400 });
  });
});

describe("our connector and the stand-in", () => {
  const both = describe.each(["stateful", "stateless"]);

  both("in %s mode", (mode) => {
    it("greets with a text, a picture and options, of which the second is chosen by number", async () => {
      const call = new Call(watson, { mode });
      expect(await call.text("Hi")).toEqual(WELCOME);
      expect(await call.text("2")).toEqual(["You said Car."]);
      expect(watson.heard.map(({ text }) => text)).toEqual(["Hi", "Car"]);
      expect(watson.sessions).toBe(mode === "stateful" ? 1 : 0);
    });

    it("hands over", async () => {
      const call = new Call(watson, { mode });
      expect(await call.text("Person")).toEqual(["I will ask a colleague.", "Somebody will text you."]);
      expect(call.reply?.handover?.to).toBe("desk");
    });

    it("sends any text in a form that Watson accepts", async () => {
      const call = new Call(watson, { mode });
      const media = Array.from({ length: 7 }, () => ({ url: PICTURE, contentType: "image/jpeg" }));
      expect(await call.text("one\nor two\tlines")).toEqual(["You said one or two lines."]);
      expect(await call.text("", { media })).toEqual(["You said ."]);
      await call.text("😀".repeat(1_500));
      expect(call.reply?.failed).toBeUndefined();
    });

    it.each<readonly [Fault, string]>([
      ["error", "HTTP 500"],
      ["reset", "connection"],
      ["rubbish", "no output"],
      ["wrong-key", "HTTP 401"],
      ["empty", "empty"],
      ["huge", "too large"],
      ["slow", "timeout"],
    ])("sends the failure message on the fault %s and recovers", async (fault, reason) => {
      const call = new Call(watson, { mode });
      expect(await call.text("one")).toEqual(["You said one."]);
      watson.fault = fault;
      expect(await call.text("two")).toEqual([FAILURE]);
      expect(call.reply?.failed).toContain(reason);
      watson.fault = null;
      expect(await call.text("three")).toEqual(["You said three."]);
      expect(watson.sessions).toBe(mode === "stateful" ? 1 : 0);
    });
  });

  it("carries a context without a session from turn to turn", async () => {
    const call = new Call(watson, { mode: "stateless" });
    for (const text of ["one", "two", "three"]) await call.text(text);
    const sent = watson.messages.map(({ context }) => (context as { readonly global: object }).global);
    const session = (sent[1] as { readonly session_id?: string }).session_id;
    expect(sent).toMatchObject([
      { system: {} },
      { session_id: expect.any(String) as string, system: { turn_count: 1 } },
      { session_id: session, system: { turn_count: 2 } },
    ]);
  });

  it.each(["stateful", "stateless"])(
    "has the linked person in the context, and nothing of an earlier one: %s",
    async (mode) => {
      const call = new Call(watson, { mode });
      const known = async () => {
        await call.text("hi");
        return at(call.answer, "context", "integrations", "channel", "private");
      };
      const user = { id: SETTING.sender, phone_number: SETTING.sender };
      expect(await known()).toEqual({ user: { ...user, name: null }, person: null });
      call.person = ADA;
      expect(await known()).toEqual({ user: { ...user, name: "Ada" }, person: ADA });
      expect(JSON.stringify(call.reply?.memory)).not.toMatch(/Ada|Lisbon/u);
      // A session merges new values into earlier ones.
      call.person = BOB;
      expect(await known()).toEqual({
        user: { ...user, name: "Bob" },
        person: { ...BOB, attributes: { branch: null, desk: "B" } },
      });
      call.person = null;
      expect(await known()).toEqual({ user: { ...user, name: null }, person: null });
      call.person = ADA;
      expect(await known()).toEqual({ user: { ...user, name: "Ada" }, person: ADA });
      expect(watson.sessions).toBe(mode === "stateful" ? 1 : 0);
    },
  );

  it("learns of an attribute deleted during its answer", async () => {
    const changed = { ...ADA, attributes: { floor: "4" } };
    const own = await startWatson(() => {
      call.person = changed;
      return { generic: [{ response_type: "text", text: "Hello." }] };
    });
    const call = new Call(own);
    call.person = ADA;
    try {
      await call.text("hi");
      await call.text("hi");
      expect(at(call.answer, "context", "integrations", "channel", "private", "person")).toEqual({
        ...changed,
        attributes: { branch: null, floor: "4" },
      });
    } finally {
      await own.close();
    }
  });

  it("learns of a deleted attribute, even if its answer failed while the attribute existed", async () => {
    const call = new Call(watson);
    await call.text("hi");
    call.person = ADA;
    watson.fault = "slow";
    await call.text("hi");
    watson.fault = null;
    call.person = BOB;
    await call.text("hi");
    expect(at(call.answer, "context", "integrations", "channel", "private", "person", "attributes")).toEqual({
      branch: null,
      desk: "B",
    });
  });

  it("replaces an expired session without the contact noticing", async () => {
    const call = new Call(watson);
    expect(await call.text("Hi")).toEqual(WELCOME);
    watson.fault = "expired";
    expect(await call.text("3")).toEqual(["You said House."]);
    expect(await call.text("again")).toEqual(["You said again."]);
    expect(watson.sessions).toBe(2);
  });

  it("reaches an environment by its own id alone, as older clients do", async () => {
    const { kind, url, apikey } = watson.assistant as Record<"kind" | "url" | "apikey", string>;
    const classic = { kind, url, apikey, assistant: ENVIRONMENT };
    const call = new Call(watson, {}, classic);
    expect(await call.text("Hi")).toEqual(WELCOME);
  });
});

describe("a dialog with commands", () => {
  const dialog: Dialog = (text) => {
    switch (text) {
      case "look":
        return {
          generic: [say("Look.")],
          sets: { smsAction: { command: "smsActSendMedia", parameters: { mediaURL: [PICTURE] } } },
        };
      case "wait":
        return { generic: [say("One moment.")], sets: { smsAction: { command: "smsActForceNoInputTurn" } } };
      case "smsNoInputTurn":
        return { generic: [say("Here it is.")] };
      case "bye":
        return { generic: [say("Bye.")], sets: { smsAction: { command: "terminateSession" } } };
      default:
        return { generic: [say(`You said ${text}.`)] };
    }
  };

  it.each(["stateful", "stateless"])("is followed once for each command in %s mode", async (mode) => {
    const own = await startWatson(dialog);
    try {
      const call = new Call(own, { mode });
      expect(await call.text("look")).toEqual(["Look.", PICTURE]);
      expect(await call.text("hm")).toEqual(["You said hm."]);
      expect(await call.text("wait")).toEqual(["One moment.", "Here it is."]);
      expect(await call.text("bye")).toEqual(["Bye."]);
      expect(call.reply?.awaits).toEqual({ kind: "end" });
    } finally {
      await own.close();
    }
  });

  function say(text: string): JsonValue {
    return { response_type: "text", text };
  }
});
