import { bindAssistant } from "../../src/assistants/catalog.ts";
import { openaiSettings } from "../../src/assistants/openai/settings.ts";
import { createMessages } from "../../src/configuration/automated-messages.ts";
import type {
  AssistantContext,
  AssistantEvent,
  AssistantMemory,
  AssistantReply,
  AssistantRequest,
  InboundFile,
  InterruptionReply,
  RequestOutcome,
} from "../../src/contract/assistant.ts";
import type { JsonValue } from "../../src/core/json.ts";
import type { Person } from "../../src/identity/person.ts";
import { type NamedTopic, topicSchema } from "../../src/topics/definition.ts";

export const setting: AssistantContext = {
  sender: "+12025550140",
  person: null,
  number: "+12025550100",
  conversation: "1",
  turn: `12025550140-SM${"0".repeat(32)}`,
  origin: "https://parley.example",
  now: Date.UTC(2026, 2, 2, 17, 59),
  application: { id: "shop", name: "Shop" },
  language: "en",
  zone: "America/New_York",
  message: createMessages({ name: "Shop", language: "en", messages: {} }),
};

/** What the model is asked. */
export interface Sent {
  readonly model: string;
  readonly messages: readonly SentMessage[];
  readonly tools?: readonly { readonly function: { readonly name: string; readonly description: string } }[];
  readonly tool_choice?: string;
  readonly [field: string]: unknown;
}

export interface SentMessage {
  readonly role: string;
  readonly content: unknown;
  readonly tool_calls?: readonly JsonValue[];
  readonly tool_call_id?: string;
}

/** A conversation with a model, event by event; what the model says is the test's. */
export class ModelTalk {
  readonly #assistant;
  #memory: AssistantMemory | null = null;
  #language = setting.language;
  /** Who is signed in; null: a guest. */
  person: Person | null = null;
  reply: AssistantReply | null = null;

  constructor(more: Readonly<Record<string, JsonValue>> = {}, topics: readonly NamedTopic[] = []) {
    const settings = { kind: "openai", url: "https://api.example.com/v1", apikey: "model", model: "small", ...more };
    const own = topics.map((each) => [each.id, each] as const);
    this.#assistant = bindAssistant(openaiSettings.parse(settings), new Map(own));
  }

  /** @returns what the person gets, a line for each message */
  text(text: string, ...media: readonly InboundFile[]): readonly string[] {
    return this.hear({ kind: "text", text, media, opening: this.#memory === null });
  }

  /** The model has answered. */
  gets(json: JsonValue, status = 200): readonly string[] {
    return this.end({ kind: "answered", status, json });
  }

  end(outcome: RequestOutcome): readonly string[] {
    return this.hear({ kind: "answered", outcome });
  }

  hear(event: AssistantEvent): readonly string[] {
    this.reply = this.#assistant.handleEvent(event, this.#memory, {
      ...setting,
      language: this.#language,
      person: this.person,
    });
    this.#language = this.reply.language ?? this.#language;
    // As stored: what does not survive JSON is found out.
    this.#memory = JSON.parse(JSON.stringify(this.reply.memory)) as AssistantMemory;
    if (this.reply.awaits.kind === "end") this.#memory = null;
    return this.reply.answers.map((answer) =>
      answer.kind === "media"
        ? `${answer.url} ${answer.text}`.trim()
        : answer.kind === "link"
          ? answer.url
          : answer.text,
    );
  }

  /** The person texts while nothing is waited for but time. */
  interrupt(text: string): InterruptionReply | null {
    return (
      this.#assistant.interrupt?.({ kind: "text", text, media: [], opening: false }, this.#memory, setting) ?? null
    );
  }

  get request(): AssistantRequest | null {
    const awaits = this.reply?.awaits;
    return awaits?.kind === "request" ? awaits.request : null;
  }

  /** @throws where the model is not asked */
  get sent(): Sent {
    const body = this.request?.body;
    if (body === null || body === undefined) throw new Error(`nothing is asked: ${JSON.stringify(this.reply?.awaits)}`);
    return body as unknown as Sent;
  }

  /** The messages but the first, which tells the model how to write. */
  get said(): readonly SentMessage[] {
    return this.sent.messages.slice(1);
  }

  get memoryCharacters(): number {
    return JSON.stringify(this.#memory).length;
  }
}

/** A completion that says something. */
export function says(content: JsonValue, finish = "stop"): JsonValue {
  return completion({ role: "assistant", content }, finish);
}

/** A completion that calls functions. */
export function calls(...made: readonly (readonly [name: string, given: JsonValue])[]): JsonValue {
  return saysAndCalls(null, ...made);
}

export function saysAndCalls(
  content: JsonValue,
  ...made: readonly (readonly [name: string, given: JsonValue])[]
): JsonValue {
  const functions = made.map(([name, given], index) => ({
    id: `call_${index}`,
    type: "function",
    function: { name, arguments: typeof given === "string" ? given : JSON.stringify(given) },
  }));
  return completion({ role: "assistant", content, tool_calls: functions }, "tool_calls");
}

export function completion(message: JsonValue, finish: string): JsonValue {
  return { id: "chatcmpl-1", object: "chat.completion", choices: [{ index: 0, message, finish_reason: finish }] };
}

export function topic(id: string, ...steps: readonly JsonValue[]): NamedTopic {
  return { ...topicSchema.parse({ title: `The ${id}`, keywords: [id], steps }), id };
}
