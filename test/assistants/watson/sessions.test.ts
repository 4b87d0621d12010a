import { describe, expect, it } from "vitest";
import { createConnectorSet } from "../../../src/assistants/catalog.ts";
import { watsonSettings } from "../../../src/assistants/watson/settings.ts";
import type { RequestOutcome } from "../../../src/contract/assistant.ts";
import type { JsonValue } from "../../../src/core/json.ts";
import { WATSON_CONTEXT_CHARACTERS } from "../../../src/core/limits/assistants.ts";
import { at, begun, Dialogue, FAILURE, SETTING, SETTINGS } from "./dialogue.ts";

const HELLO = [{ response_type: "text", text: "Hello." }];

describe("a session", () => {
  it("is created for the first text and kept for later ones", () => {
    const dialogue = new Dialogue();
    dialogue.text("hi");
    expect(dialogue.request).toMatchObject({ method: "POST", body: {} });
    expect(dialogue.path).toBe("a1/sessions?version=2024-08-25");
    expect(dialogue.session("s/1")).toEqual([]);
    expect(dialogue.path).toBe("a1/sessions/s%2F1/message?version=2024-08-25");
    expect(dialogue.input).toEqual({ message_type: "text", text: "hi", options: { return_context: true } });
    expect(dialogue.says(HELLO)).toEqual(["Hello."]);
    dialogue.text("and then?");
    expect(dialogue.path).toBe("a1/sessions/s%2F1/message?version=2024-08-25");
  });

  it("that has expired is replaced, and the text is sent again", () => {
    const dialogue = begun();
    dialogue.says(HELLO);
    dialogue.text("still there?");
    expect(dialogue.answer({ code: 404, error: "Invalid Session" }, 404)).toEqual([]);
    expect(dialogue.path).toBe("a1/sessions?version=2024-08-25");
    dialogue.session("s2");
    expect(dialogue.path).toBe("a1/sessions/s2/message?version=2024-08-25");
    expect(dialogue.input).toMatchObject({ text: "still there?" });
    expect(dialogue.says(HELLO)).toEqual(["Hello."]);
    expect(dialogue.reply?.notes.join()).toContain("session had expired");
    dialogue.text("good");
    expect(dialogue.path).toContain("/s2/");
    dialogue.says(HELLO);
    expect(dialogue.reply?.notes).toEqual([]);
  });

  it("is replaced once for each text", () => {
    const dialogue = begun();
    dialogue.answer(null, 404);
    dialogue.session("s2");
    expect(dialogue.answer(null, 404)).toEqual([FAILURE]);
    dialogue.text("again");
    expect(dialogue.path).toBe("a1/sessions?version=2024-08-25");
  });

  it.each([400, 413, 422])("ends after HTTP %i", (status) => {
    const dialogue = begun();
    expect(dialogue.answer(null, status)).toEqual([FAILURE]);
    dialogue.text("again");
    expect(dialogue.path).toBe("a1/sessions?version=2024-08-25");
  });

  it.each<readonly [string, RequestOutcome]>([
    ["HTTP 500", { kind: "answered", status: 500, json: null }],
    ["HTTP 429", { kind: "answered", status: 429, json: null }],
    ["HTTP 401", { kind: "answered", status: 401, json: null }],
    ["a redirect", { kind: "answered", status: 302, json: null }],
    ["silence", { kind: "failed", reason: "timeout (https://watson.example.com)" }],
    ["rubbish", { kind: "answered", status: 200, json: { output: 42 } }],
  ])("survives %s, and the contact gets the failure message", (_, outcome) => {
    const dialogue = begun();
    expect(dialogue.end(outcome)).toEqual([FAILURE]);
    expect(dialogue.reply?.failed).toBeDefined();
    dialogue.text("again");
    expect(dialogue.path).toContain("/s1/");
  });

  it.each<JsonValue>([null, {}, { session_id: 7 }, { session_id: "" }, { session_id: "x".repeat(201) }, []])(
    "is not created by the response %j",
    (json) => {
      const dialogue = new Dialogue();
      dialogue.text("hi");
      expect(dialogue.answer(json, 201)).toEqual([FAILURE]);
      expect(dialogue.reply?.failed).toBe("its answer has no session_id");
    },
  );

  it("belongs to an environment, if the assistant has environments", () => {
    const dialogue = new Dialogue({ environment: "e1" });
    dialogue.text("hi");
    expect(dialogue.path).toBe("a1/environments/e1/sessions?version=2024-08-25");
    dialogue.session("s1");
    expect(dialogue.path).toBe("a1/environments/e1/sessions/s1/message?version=2024-08-25");
  });

  it("at the second location is separate and uses that location's key", () => {
    const second = { url: "https://watson.example.com/instances/1", assistant: "a2", apikey: "other" };
    const dialogue = new Dialogue({ second });
    dialogue.text("hi");
    expect(dialogue.answer(null, 503)).toEqual([]);
    expect(dialogue.path).toBe("a2/sessions?version=2024-08-25");
    expect(dialogue.request.headers).toEqual({ authorization: { secret: "other", user: "apikey" } });
    dialogue.session("there");
    expect(dialogue.says(HELLO)).toEqual(["Hello."]);
    dialogue.text("more");
    expect(dialogue.path).toBe("a1/sessions?version=2024-08-25");
    dialogue.answer(null, 503);
    expect(dialogue.path).toBe("a2/sessions/there/message?version=2024-08-25");
  });

  it("costs little to remember", () => {
    const dialogue = begun();
    dialogue.says(HELLO);
    expect(dialogue.size).toBeLessThan(200);
  });
});

describe("what Watson receives", () => {
  const media = Array.from({ length: 7 }, (_, index) => ({
    url: `https://parley.example/m/${index}`,
    contentType: "image/png",
  }));

  it("includes the key by name and the timeout", () => {
    const { request } = begun({ timeoutSeconds: 9 });
    expect(request.headers).toEqual({ authorization: { secret: "watson", user: "apikey" } });
    expect(request.timeoutSeconds).toBe(9);
    expect(request.location).toBe("https://watson.example.com/instances/1/ a1");
    expect(request.confidential).toBe(true);
  });

  it("includes the contact, number, channel and time zone", () => {
    const { sender, number, zone } = SETTING;
    const variables = {
      smsTenantPhoneNumber: number,
      smsUserPhoneNumber: sender,
      smsSessionID: `text_messaging-SM01${"a".repeat(30)}`,
      smsMedia: [],
      smsError: null,
      smsAction: null,
    };
    expect(at(begun().request.body, "context")).toEqual({
      global: { system: { user_id: sender, timezone: zone } },
      skills: { "main skill": { user_defined: variables }, "actions skill": { skill_variables: variables } },
      integrations: {
        channel: {
          name: "SMS",
          private: { user: { id: sender, phone_number: sender, name: null }, person: null },
        },
        text_messaging: { assistant_phone_number: number, private: { user_phone_number: sender } },
      },
    });
  });

  it("has the same smsSessionID throughout a conversation", () => {
    const dialogue = begun();
    const { smsSessionID } = dialogue.variables as { readonly smsSessionID: string };
    dialogue.answer(null, 404);
    dialogue.session("s2");
    dialogue.says(HELLO);
    dialogue.text("more");
    expect(dialogue.variables).toMatchObject({ smsSessionID });
  });

  it("has the text on one line, cut to Watson's maximum", () => {
    const dialogue = new Dialogue();
    dialogue.text("one\r\ntwo\n\nthree\tfour");
    dialogue.session("s1");
    expect(dialogue.input).toMatchObject({ text: "one two three four" });
    dialogue.says(HELLO);
    dialogue.text(`${"x".repeat(2_047)}😀`);
    expect(at(dialogue.input, "text")).toBe(`${"x".repeat(2_047)}\uFFFD`);
  });

  it("has the text's files, all in smsMedia and five as attachments, but not in the next turn", () => {
    const dialogue = begun();
    dialogue.says(HELLO);
    dialogue.text("", { media });
    expect(dialogue.variables).toMatchObject({
      smsMedia: media.map(({ url }) => ({ mediaURL: url, mediaContentType: "image/png" })),
    });
    expect(at(dialogue.input, "attachments")).toEqual(
      media.slice(0, 5).map(({ url }) => ({ url, media_type: "image/png" })),
    );
    dialogue.says(HELLO);
    dialogue.text("thanks");
    expect(dialogue.variables).toMatchObject({ smsMedia: [] });
    expect(dialogue.input).not.toHaveProperty("attachments");
  });

  it("has delivery failures, also before a new session, but not in the next turn", () => {
    const undelivered = { code: 30_006, message: "A landline." };
    const dialogue = new Dialogue();
    dialogue.text("hi", { undelivered });
    dialogue.session("s1");
    expect(dialogue.variables).toMatchObject({ smsError: undelivered });
    dialogue.says(HELLO);
    dialogue.text("more");
    expect(dialogue.variables).toMatchObject({ smsError: null });
  });
});

describe("without sessions", () => {
  const context = (filler: number): JsonValue => ({
    global: { session_id: "x", system: { turn_count: 4, user_id: "theirs" } },
    skills: {
      "main skill": {
        user_defined: { size: "L", smsAction: { command: "smsActForceNoInputTurn" } },
        system: { state: "e" },
      },
      "actions skill": { skill_variables: { colour: "red" }, private_skill_variables: { pin: "sealed" } },
    },
    integrations: { chat: { page: 1 }, text_messaging: { mine: true } },
    filler: "x".repeat(filler),
  });

  function stateless(): Dialogue {
    const dialogue = new Dialogue({ mode: "stateless" });
    dialogue.text("hi");
    return dialogue;
  }

  it("sends the text at once and does not ask for the context, which always comes", () => {
    const dialogue = stateless();
    expect(dialogue.path).toBe("a1/message?version=2024-08-25");
    expect(dialogue.input).toEqual({ message_type: "text", text: "hi" });
  });

  it("sends an answer's context with the next text, with fresh values", () => {
    const dialogue = stateless();
    const withoutCommand = JSON.parse(
      JSON.stringify(context(0)).replace("smsActForceNoInputTurn", "none"),
    ) as JsonValue;
    expect(dialogue.answer({ output: { generic: HELLO }, context: withoutCommand })).toEqual(["Hello."]);
    dialogue.text("more");
    expect(at(dialogue.request.body, "context")).toMatchObject({
      global: { session_id: "x", system: { turn_count: 4, user_id: SETTING.sender } },
      skills: {
        "main skill": { user_defined: { size: "L", smsAction: null, smsMedia: [] }, system: { state: "e" } },
        "actions skill": { skill_variables: { colour: "red" }, private_skill_variables: { pin: "sealed" } },
      },
      integrations: { chat: { page: 1 }, channel: { name: "SMS" } },
    });
  });

  it("keeps the context in a forced turn", () => {
    const dialogue = stateless();
    expect(dialogue.answer({ output: { generic: HELLO }, context: context(0) })).toEqual([]);
    expect(dialogue.input).toEqual({ message_type: "text", text: "smsNoInputTurn" });
    expect(dialogue.variables).toMatchObject({ size: "L", smsAction: null });
  });

  it("drops a context that is too long, with a note", () => {
    const dialogue = stateless();
    dialogue.answer({ output: { generic: HELLO }, context: { filler: "x".repeat(WATSON_CONTEXT_CHARACTERS) } });
    expect(dialogue.reply?.notes.join()).toContain("stateful");
    expect(dialogue.size).toBeLessThan(200);
    dialogue.text("more");
    expect(at(dialogue.request.body, "context")).not.toHaveProperty("filler");
  });

  it("carries a context that just fits", () => {
    const dialogue = stateless();
    const filler = "x".repeat(WATSON_CONTEXT_CHARACTERS - JSON.stringify({ filler: "" }).length);
    dialogue.answer({ output: { generic: HELLO }, context: { filler } });
    expect(dialogue.reply?.notes).toEqual([]);
    dialogue.text("more");
    expect(at(dialogue.request.body, "context", "filler")).toBe(filler);
  });

  it("keeps the context after an answer without one", () => {
    const dialogue = stateless();
    dialogue.answer({ output: { generic: HELLO }, context: { filler: "kept" } });
    dialogue.text("more");
    dialogue.answer({ output: { generic: HELLO } });
    expect(dialogue.reply?.notes).toEqual([]);
    dialogue.text("again");
    expect(at(dialogue.request.body, "context", "filler")).toBe("kept");
  });

  it("keeps the context after a failure", () => {
    const dialogue = stateless();
    dialogue.answer({ output: { generic: HELLO }, context: { filler: "kept" } });
    dialogue.text("more");
    expect(dialogue.answer(null, 404)).toEqual([FAILURE]);
    dialogue.text("again");
    expect(at(dialogue.request.body, "context", "filler")).toBe("kept");
  });
});

describe("the probe", () => {
  const settings = watsonSettings.parse({ ...SETTINGS, second: { url: "https://watson.example.org" } });
  const probes = createConnectorSet(settings).probes(SETTING.now);

  it("requests a session at each location, with pointers to its settings", () => {
    expect(probes.map(({ pointer, probe }) => [pointer, probe.request.url])).toEqual([
      ["/url", "https://watson.example.com/instances/1/v2/assistants/a1/sessions?version=2024-08-25"],
      ["/second/url", "https://watson.example.org/v2/assistants/a1/sessions?version=2024-08-25"],
    ]);
  });

  it.each<readonly [RequestOutcome, string | null]>([
    [{ kind: "answered", status: 201, json: { session_id: "s" } }, null],
    [
      { kind: "answered", status: 200, json: { hello: "world" } },
      "The server at this URL is not Watson Assistant: it created no session. Is this the service URL?",
    ],
    [
      { kind: "answered", status: 401, json: null },
      "Watson answered with HTTP 401: it does not accept the API key. Is the secret the key of this instance?",
    ],
    [
      { kind: "answered", status: 403, json: null },
      "Watson answered with HTTP 403: it does not accept the API key. Is the secret the key of this instance?",
    ],
    [
      { kind: "answered", status: 404, json: null },
      "Watson answered with HTTP 404: the assistant does not exist there. Are the service URL, `assistant` and `environment` right?",
    ],
    [{ kind: "answered", status: 500, json: null }, "Watson answered the request for a session with HTTP 500."],
    [
      { kind: "failed", reason: "timeout (https://watson.example.com)" },
      "Watson could not be reached: timeout (https://watson.example.com).",
    ],
  ])("says what is wrong: %j", (outcome, sentence) => {
    expect(probes[0]?.probe.judge(outcome)).toBe(sentence);
  });
});

describe("the settings", () => {
  it.each<readonly [string, Readonly<Record<string, JsonValue>>]>([
    ["no key", { ...SETTINGS, apikey: "SECRET KEY" }],
    ["an id with a slash", { ...SETTINGS, assistant: "a/b" }],
    ["a version that is no date", { ...SETTINGS, version: "latest" }],
    ["an unknown mode", { ...SETTINGS, mode: "sometimes" }],
    ["an unknown field", { ...SETTINGS, workspace: "w" }],
    ["a prefix without a number", { ...SETTINGS, optionPrefix: "- " }],
  ])("with %s are refused", (_, settings) => {
    expect(watsonSettings.safeParse(settings).success).toBe(false);
  });
});
