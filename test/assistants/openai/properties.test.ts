import fc from "fast-check";
import { afterAll, expect, it, vi } from "vitest";
import { estimateTotalTokens, type ModelMessage } from "../../../src/assistants/openai/messages.ts";
import type { AssistantEvent, InboundFile, RequestOutcome } from "../../../src/contract/assistant.ts";
import type { JsonValue } from "../../../src/core/json.ts";
import { readChatRequest } from "../../support/bots/openai-requests.ts";
import { readRunCount } from "../../support/extent.ts";
import { calls, completion, ModelTalk, type SentMessage, says, topic } from "../../support/model-talk.ts";

/** Conversations of up to thirty events; more of them are `MODEL_RUNS=100000`. */
const RUNS = readRunCount("MODEL_RUNS", { short: 100, full: 300 });

/** Requests that were checked, and how many of them carried a function's result. */
const seen = { requests: 0, withAnswers: 0 };

afterAll(() => console.info(`${seen.requests} requests, ${seen.withAnswers} with what functions have answered`));

vi.setConfig({ testTimeout: 60_000 + RUNS * 50 });

const BUDGET = 200;

const NAME = topic(
  "name",
  {
    kind: "ask",
    id: "ask",
    text: "Your name?",
    save: "name",
    silence: { after: 60, giveUp: { after: 60, next: "end" } },
  },
  { kind: "call", id: "call", request: { url: "https://crm.example.com/{{ name }}" }, failed: "end" },
  { kind: "wait", id: "wait", seconds: 5 },
  { kind: "end", id: "end", text: "Bye {{ name }}." },
);
const QUICK = topic("quick", { kind: "say", id: "say", text: "Quick." });

const SETTINGS = {
  seesPictures: true,
  historyTokens: BUDGET,
  second: { url: "https://two.example.com/v1" },
  topics: ["name", "quick"],
  tools: { choices: true, pictures: true, handover: true, end: true },
};

const anyJson = fc.jsonValue() as fc.Arbitrary<JsonValue>;

const anyName = fc.constantFrom(
  "name",
  "quick",
  "offer_choices",
  "send_picture",
  "hand_over",
  "end_conversation",
  "x y",
);

const anyGiven = fc.oneof(
  anyJson,
  fc.constantFrom<JsonValue>(
    { text: "Which?", options: ["A", "B"] },
    { url: "https://pictures.example.com/a.jpg" },
    { text: "Bye.", summary: "s" },
    '{"options": ["A',
  ),
);

const anyCalls = fc.array(fc.tuple(anyName, anyGiven), { minLength: 1, maxLength: 4 }).map((made) => calls(...made));

const anyMessage = fc.record(
  {
    role: anyJson,
    content: fc.oneof(fc.string(), anyJson),
    refusal: fc.oneof(fc.string(), anyJson),
    tool_calls: fc.oneof(
      anyJson,
      fc.array(
        fc.oneof(
          anyJson,
          fc.record(
            {
              id: fc.oneof(fc.constantFrom("a", "b", ""), anyJson),
              function: fc.oneof(anyJson, fc.record({ name: fc.oneof(anyName, anyJson), arguments: anyGiven })),
            },
            { requiredKeys: [] },
          ),
        ),
        { maxLength: 12 },
      ),
    ),
    function_call: fc.oneof(anyJson, fc.record({ name: anyName, arguments: anyGiven })),
  },
  { requiredKeys: [] },
);

const anyCompletion = fc.oneof(
  fc.string({ maxLength: 400 }).map((text) => says(text)),
  anyCalls,
  fc
    .tuple(anyMessage, fc.constantFrom("stop", "length", "tool_calls", "content_filter", "function_call", "odd"))
    .map(([message, finish]) => completion(message as JsonValue, finish)),
);

const anyOutcome: fc.Arbitrary<RequestOutcome> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ kind: "failed", reason: "timeout" } as const) },
  {
    weight: 8,
    arbitrary: anyCompletion.map((json) => ({ kind: "answered", status: 200, json }) as const),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(200, 204, 301, 400, 401, 404, 413, 422, 429, 500),
        fc.oneof(
          anyJson,
          fc.constantFrom<JsonValue>(
            { error: { code: "context_length_exceeded" } },
            { error: { message: "max_tokens" } },
            { error: { code: "content_filter" } },
          ),
        ),
      )
      .map(([status, json]) => ({ kind: "answered", status, json }) as const),
  },
);

const anyFile: fc.Arbitrary<InboundFile> = fc.record({
  url: fc.constant("https://parley.example/media/1"),
  contentType: fc.constantFrom("image/jpeg", "video/mp4", "\n"),
  copy: fc.constantFrom("waiting", "kept", "too-large"),
});

const anyText = fc
  .tuple(fc.oneof(fc.constantFrom("hi", "1", "exit", "menu", ""), fc.string()), fc.array(anyFile, { maxLength: 2 }))
  .map(([text, media]) => ({ kind: "text", text, media, opening: false }) as const);

/** The next event, whatever the conversation waits for. */
interface Chance {
  readonly outcome: RequestOutcome;
  readonly text: Extract<AssistantEvent, { kind: "text" }>;
  readonly isSilent: boolean;
}

const anyChance: fc.Arbitrary<Chance> = fc.record({
  outcome: anyOutcome,
  text: anyText,
  isSilent: fc.nat(6).map((chance) => chance === 0),
});

function happening(talk: ModelTalk, { outcome, text, isSilent }: Chance): AssistantEvent {
  const awaits = talk.reply?.awaits;
  switch (awaits?.kind) {
    case "request":
      return { kind: "answered", outcome };
    case "file":
      return { kind: "file", index: awaits.index, text: "", media: text.media };
    case "pause":
      return { kind: "paused" };
    default:
      return isSilent && awaits !== undefined ? { kind: "silent", times: 1 } : text;
  }
}

function live(chances: readonly Chance[], look: (talk: ModelTalk, event: AssistantEvent) => void): void {
  const talk = new ModelTalk(SETTINGS, [NAME, QUICK]);
  for (const chance of chances) {
    const event = happening(talk, chance);
    talk.hear(event);
    look(talk, event);
  }
}

const anyLife = fc.array(anyChance, { minLength: 1, maxLength: 30, size: "max" });

it("whatever a server answers, a move comes back, and what is sent keeps the rules of the API", () => {
  fc.assert(
    fc.property(anyLife, (life) => {
      live(life, (talk) => {
        if (talk.request === null || talk.request.method !== "POST") return;
        seen.requests += 1;
        if (talk.said.some(({ role }) => role === "tool")) seen.withAnswers += 1;
        expect(() => readChatRequest(JSON.stringify(talk.sent))).not.toThrow();
      });
    }),
    { numRuns: RUNS },
  );
});

it("what was said before stays within its budget, and the memory within bounds", () => {
  fc.assert(
    fc.property(anyLife, (life) => {
      live(life, (talk) => {
        expect(talk.memoryCharacters).toBeLessThan(80_000);
        if (talk.request === null || talk.request.method !== "POST") return;
        const last = talk.said.findLastIndex(({ role }) => role === "user");
        expect(estimateTotalTokens(talk.said.slice(0, last).map(remembered))).toBeLessThanOrEqual(BUDGET);
      });
    }),
    { numRuns: RUNS },
  );
});

it("the person is answered, or told that they are not, once for each text", () => {
  fc.assert(
    fc.property(anyLife, (life) => {
      let owed = false;
      live(life, (talk, event) => {
        if (event.kind === "text") owed = true;
        const { answers = [], awaits, handover, failed } = talk.reply ?? {};
        if (answers.length > 0 || handover !== undefined || awaits?.kind === "end") owed = false;
        if (awaits?.kind === "text" && event.kind !== "silent") expect(owed).toBe(false);
        const failures = answers.filter((answer) => answer.kind === "text" && answer.text.startsWith("We're sorry"));
        expect(failures.length).toBeLessThanOrEqual(1);
        if (failures.length > 0 && failed === undefined) expect(talk.reply?.notes.join()).toContain("content filter");
      });
    }),
    { numRuns: RUNS },
  );
});

/** A message in the stored form. */
function remembered({ role, content, tool_calls: called = [], tool_call_id: id = "" }: SentMessage): ModelMessage {
  const text = typeof content === "string" ? content : "";
  if (role === "tool") return { role: "tool", id, content: text };
  if (role === "assistant") {
    const functions = called as unknown as { id: string; function: { name: string; arguments: string } }[];
    const made = functions.map((each) => ({ id: each.id, ...each.function }));
    return { role: "assistant", content: text, calls: made };
  }
  const parts = Array.isArray(content) ? (content as { text?: string; image_url?: { url: string } }[]) : [];
  const pictures = parts.flatMap(({ image_url: image }) => image?.url ?? []);
  const words = parts.length === 0 ? text : (parts[0]?.text ?? "");
  return pictures.length === 0 ? { role: "user", content: words } : { role: "user", content: words, pictures };
}
