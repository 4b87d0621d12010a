import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bindAssistant } from "../../../src/assistants/catalog.ts";
import { watsonSettings } from "../../../src/assistants/watson/settings.ts";
import type { AssistantEvent, AssistantMemory, AssistantReply } from "../../../src/contract/assistant.ts";
import type { JsonValue } from "../../../src/core/json.ts";
import {
  CONNECTOR_MOVES,
  WATSON_CONTEXT_CHARACTERS,
  WATSON_PENDING_CHARACTERS,
} from "../../../src/core/limits/assistants.ts";
import { SETTING, SETTINGS } from "./dialogue.ts";

const RUNS = Number(process.env["WATSON_RUNS"] ?? 300);

const anything = fc.jsonValue() as fc.Arbitrary<JsonValue>;

/** A valid value, an almost valid one, or anything. */
function near(right: fc.Arbitrary<JsonValue>): fc.Arbitrary<JsonValue> {
  return fc.oneof({ arbitrary: right, weight: 6 }, { arbitrary: anything, weight: 1 });
}

const words = near(
  fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("Hello.", "<b>Hi", "> ".repeat(3_000), "%s.", "https://example.com/a.png", "text_messaging", ""),
  ),
);

/** An object with some of the fields. */
function object(fields: Readonly<Record<string, fc.Arbitrary<JsonValue>>>): fc.Arbitrary<JsonValue> {
  return near(fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<JsonValue>);
}

const list = (item: fc.Arbitrary<JsonValue>) => near(fc.array(item, { maxLength: 4 }));

const command = object({
  command: near(
    fc.constantFrom(
      "terminateSession",
      "smsActSendMedia",
      "smsActSetOptionsConfig",
      "smsActSetDisambiguationConfig",
      "smsActForceNoInputTurn",
    ),
  ),
  parameters: object({ prefixText: words, mediaURL: near(fc.oneof(words, list(words))) }),
});

const option = object({ label: words, value: object({ input: object({ text: words, suggestion_id: words }) }) });

const response = object({
  response_type: near(
    fc.constantFrom(
      ..."text option suggestion image audio video search channel_transfer connect_to_agent user_defined pause iframe conversational_search".split(
        " ",
      ),
    ),
  ),
  text: words,
  title: words,
  description: words,
  source: words,
  header: words,
  message_to_user: words,
  options: list(option),
  suggestions: list(option),
  primary_results: list(object({ title: words, body: words })),
  transfer_info: object({ target: object({ chat: object({ url: words }), zendesk: object({ department: words }) }) }),
  agent_available: object({ message: words }),
  user_defined: command,
  channels: list(object({ channel: words })),
});

const variables = object({
  smsAction: near(fc.oneof(command, list(command))),
  smsConversationResponseTimeout: anything,
});

const answer = object({
  session_id: words,
  output: object({ generic: list(response), user_defined: variables }),
  context: object({
    global: anything,
    skills: object({
      "main skill": object({ user_defined: variables }),
      "actions skill": object({ skill_variables: variables }),
    }),
    integrations: anything,
  }),
});

const event: fc.Arbitrary<AssistantEvent> = fc.oneof(
  fc.record({
    kind: fc.constant("text" as const),
    text: fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("1", "2", "")),
    media: fc.constant([]),
    opening: fc.boolean(),
  }),
  fc
    .record({ status: fc.constantFrom(200, 200, 200, 201, 404, 400, 500), json: fc.oneof(answer, anything) })
    .map(({ status, json }) => ({ kind: "answered", outcome: { kind: "answered", status, json } }) as const),
  fc.constant({ kind: "answered", outcome: { kind: "failed", reason: "timeout" } } as const),
);

const modes = fc.constantFrom("stateful", "stateless");

describe("whatever Watson answers", () => {
  it("never throws, never leaves the contact waiting, and memory stays bounded", () => {
    fc.assert(
      fc.property(modes, fc.array(event, { maxLength: 12 }), (mode, events) => {
        const assistant = bindAssistant(watsonSettings.parse({ ...SETTINGS, mode }), new Map());
        let memory: AssistantMemory | null = null;
        for (const each of events) {
          const isAsked = memory !== null && JSON.stringify(memory).includes('"asks"');
          const reply: AssistantReply = assistant.handleEvent(each, memory, SETTING);
          const isSilent = reply.answers.length === 0 && reply.handover === undefined;
          if (isSilent && (each.kind === "text" || isAsked)) expect(["request", "end"]).toContain(reply.awaits.kind);
          memory = JSON.parse(JSON.stringify(reply.memory)) as AssistantMemory;
          const most = WATSON_CONTEXT_CHARACTERS + WATSON_PENDING_CHARACTERS + 100_000;
          expect(JSON.stringify(memory).length).toBeLessThan(most);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it("a text comes to an end", () => {
    fc.assert(
      fc.property(modes, fc.array(answer, { minLength: 1, maxLength: 5 }), (mode, answers) => {
        const assistant = bindAssistant(watsonSettings.parse({ ...SETTINGS, mode }), new Map());
        let reply = assistant.handleEvent({ kind: "text", text: "hi", media: [], opening: true }, null, SETTING);
        let moves = 0;
        for (; reply.awaits.kind === "request"; moves += 1) {
          const json = answers[moves % answers.length] ?? null;
          reply = assistant.handleEvent(
            { kind: "answered", outcome: { kind: "answered", status: 200, json } },
            reply.memory,
            SETTING,
          );
        }
        expect(moves).toBeLessThan(CONNECTOR_MOVES);
      }),
      { numRuns: RUNS },
    );
  });

  it("handles the next text, whatever is stored", () => {
    fc.assert(
      fc.property(
        modes,
        fc.dictionary(fc.constantFrom("name", "session", "context", "turn", "optionPrefix"), anything),
        (mode, own) => {
          const assistant = bindAssistant(watsonSettings.parse({ ...SETTINGS, mode }), new Map());
          const memory = { variables: {}, own: [own] };
          const reply = assistant.handleEvent({ kind: "text", text: "hi", media: [], opening: false }, memory, SETTING);
          expect(reply.awaits.kind).toBe("request");
        },
      ),
      { numRuns: RUNS },
    );
  });
});
