import fc from "fast-check";
import { expect, it } from "vitest";
import { bindAssistant } from "../../../src/assistants/catalog.ts";
import { directlineSettings } from "../../../src/assistants/directline/settings.ts";
import { createMessages } from "../../../src/configuration/automated-messages.ts";
import type {
  AssistantContext,
  AssistantEvent,
  AssistantMemory,
  AssistantReply,
  RequestOutcome,
} from "../../../src/contract/assistant.ts";
import type { JsonValue } from "../../../src/core/json.ts";
import { CONNECTOR_MOVES } from "../../../src/core/limits/assistants.ts";

/**
 * Whatever the service answers, the contact gets an answer or the failure message, once and in time. DIRECTLINE_RUNS
 * sets the number of runs.
 */

const numRuns = Number(process.env["DIRECTLINE_RUNS"] ?? 300);

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;

const action = fc.record(
  {
    type: fc.constantFrom(
      "imBack",
      "postBack",
      "messageBack",
      "openUrl",
      "call",
      "Action.Submit",
      "Action.OpenUrl",
      "x",
    ),
    title: fc.oneof(fc.string(), json),
    value: json,
    data: json,
    url: json,
  },
  { requiredKeys: [] },
);

const element = fc.letrec<{ element: JsonValue }>((tie) => ({
  element: fc.record(
    {
      type: fc.constantFrom(
        "TextBlock",
        "Container",
        "ColumnSet",
        "Image",
        "FactSet",
        "Input.ChoiceSet",
        "ActionSet",
        "x",
      ),
      text: json,
      items: fc.oneof({ maxDepth: 3 }, json, fc.array(tie("element"), { maxLength: 3 })),
      columns: json,
      facts: json,
      choices: json,
      id: json,
      actions: fc.array(action, { maxLength: 3 }),
    },
    { requiredKeys: [] },
  ),
})).element;

const content = fc.record(
  {
    title: json,
    text: json,
    images: json,
    buttons: fc.oneof(json, fc.array(action, { maxLength: 3 })),
    body: fc.oneof(json, fc.array(element, { maxLength: 3 })),
  },
  { requiredKeys: [] },
);

const KINDS = ["hero", "thumbnail", "adaptive", "receipt", "signin", "video", "x"].map(
  (kind) => `application/vnd.microsoft.card.${kind}`,
);

const activity = fc.record(
  {
    type: fc.oneof(fc.constantFrom("message", "typing", "event", "endOfConversation", "trace"), json),
    id: fc.oneof(fc.constantFrom("1", "2", "3"), json),
    replyToId: fc.oneof(fc.constantFrom("1", "2"), json),
    text: fc.oneof(fc.string(), json),
    inputHint: fc.oneof(fc.constant("expectingInput"), json),
    name: fc.oneof(fc.constant("handoff.initiate"), json),
    from: json,
    channelData: fc.oneof(json, fc.record({ tags: fc.oneof(json, fc.constant('{"type":"Escalate"}')) })),
    suggestedActions: fc.oneof(json, fc.record({ actions: fc.array(action, { maxLength: 3 }) })),
    attachments: fc.oneof(
      json,
      fc.array(fc.record({ contentType: fc.constantFrom(...KINDS, "image/png"), contentUrl: json, content }), {
        maxLength: 3,
      }),
    ),
  },
  { requiredKeys: [] },
);

const outcome: fc.Arbitrary<RequestOutcome> = fc.oneof(
  fc.record({ kind: fc.constant("failed" as const), reason: fc.constant("connection") }),
  fc.record({
    kind: fc.constant("answered" as const),
    status: fc.constantFrom(200, 201, 202, 204, 400, 401, 403, 404, 410, 429, 500, 502, 503, 504),
    json: json,
  }),
  fc.record({
    kind: fc.constant("answered" as const),
    status: fc.constantFrom(200, 201),
    json: fc.record({
      conversationId: fc.oneof(fc.string({ minLength: 1 }), fc.constant("half \ud83d")),
      id: fc.constant("1"),
      token: fc.constant("t"),
      expires_in: json,
    }),
  }),
  ...[1, 2, 3].map(() =>
    fc.record({
      kind: fc.constant("answered" as const),
      status: fc.constant(200),
      json: fc.record({
        activities: fc.array(activity, { maxLength: 4 }),
        watermark: fc.oneof(json, fc.constant("half \ud83d")),
        conversationId: fc.constant("c"),
        token: fc.constant("t"),
        id: fc.constant("2"),
      }),
    }),
  ),
);

const access = fc.constantFrom<JsonValue>(
  { kind: "secret", secret: "key" },
  { kind: "generated-token", secret: "key" },
  { kind: "token-endpoint", url: "https://copilot.example.com/token" },
);

const setting: Omit<AssistantContext, "now"> = {
  sender: "+12025550140",
  person: null,
  number: "+12025550100",
  conversation: "1",
  turn: "12025550140-SM1",
  origin: "https://parley.example",
  application: { id: "shop", name: "Shop" },
  language: "en",
  zone: "UTC",
  message: createMessages({ name: "Shop", language: "en", messages: {} }),
};

it("answers every text or sends the failure message, whatever comes", () => {
  fc.assert(
    fc.property(
      access,
      fc.array(outcome, { minLength: 1, maxLength: 8 }),
      fc.array(fc.constantFrom("hi", "1", "2"), { minLength: 1, maxLength: 4 }),
      (way, outcomes, texts) => {
        const assistant = bindAssistant(
          directlineSettings.parse({ kind: "directline", access: way, timeoutSeconds: 60, quietSeconds: 0 }),
          new Map(),
        );
        let memory: AssistantMemory | null = null;
        let now = 0;
        let next = 0;
        const hear = (event: AssistantEvent): AssistantReply => {
          const reply = assistant.handleEvent(event, memory, { ...setting, now });
          memory = JSON.parse(JSON.stringify(reply.memory)) as AssistantMemory;
          return reply;
        };
        for (const text of texts) {
          let reply = hear({ kind: "text", text, media: [], opening: memory === null });
          let moves = 1;
          while (reply.awaits.kind === "request") {
            expect(reply.answers).toEqual([]);
            expect(URL.canParse(reply.awaits.request.url)).toBe(true);
            expect(JSON.stringify(reply.awaits.request.headers)).not.toMatch(/\\r|\\n/u);
            now += (reply.awaits.request.delaySeconds ?? 0) * 1_000;
            reply = hear({ kind: "answered", outcome: outcomes[next % outcomes.length] as RequestOutcome });
            next += 1;
            moves += 1;
          }
          expect(moves).toBeLessThan(CONNECTOR_MOVES);
          expect(reply.answers.length > 0 || reply.handover !== undefined || reply.awaits.kind === "end").toBe(true);
          expect(JSON.stringify(memory).length).toBeLessThan(200_000);
        }
      },
    ),
    { numRuns },
  );
});

it("ignores the memory of other assistants", () => {
  fc.assert(
    fc.property(fc.oneof(json, fc.record({ session: json, turn: json })), (left) => {
      const assistant = bindAssistant(
        directlineSettings.parse({ kind: "directline", access: { kind: "secret", secret: "key" } }),
        new Map(),
      );
      const memory = { variables: {}, prefix: null, menu: null, own: [left], open: null };
      const reply = assistant.handleEvent({ kind: "text", text: "hi", media: [], opening: false }, memory, {
        ...setting,
        now: 0,
      });
      expect(reply.awaits).toMatchObject({
        kind: "request",
        request: { url: "https://directline.botframework.com/v3/directline/conversations" },
      });
    }),
    { numRuns },
  );
});
