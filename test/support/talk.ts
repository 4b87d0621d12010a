import { createMessages, type MessageSettings } from "../../src/configuration/automated-messages.ts";
import type {
  AssistantContext,
  AssistantEvent,
  AssistantMemory,
  AssistantReply,
  InboundFile,
  RequestOutcome,
} from "../../src/contract/assistant.ts";
import type { NamedTopic } from "../../src/topics/definition.ts";
import { createTopicsAssistant } from "../../src/topics/engine.ts";
import type { TopicOptions } from "../../src/topics/library.ts";

/** A conversation with topics, event by event, without a Sender around them. */
export class Talk {
  readonly #assistant;
  readonly #setting: AssistantContext;
  #memory: AssistantMemory | null = null;
  #silences = 0;
  reply: AssistantReply | null = null;

  constructor(
    topics: readonly NamedTopic[],
    options: TopicOptions = {},
    language = "en",
    messages: MessageSettings = {},
  ) {
    this.#assistant = createTopicsAssistant(topics, options);
    this.#setting = {
      sender: "+12025550140",
      person: null,
      number: "+12025550100",
      conversation: "1",
      turn: `12025550140-SM${"0".repeat(32)}`,
      origin: "https://parley.example",
      now: Date.UTC(2026, 2, 2, 17, 59),
      application: { id: "sample", name: "Sample" },
      language,
      zone: "UTC",
      message: createMessages({ name: "Sample", language, messages }),
    };
  }

  /** The person texts. @returns what they get, a line for each message */
  text(text: string, ...media: readonly string[]): readonly string[] {
    this.#silences = 0;
    const files = media.map((contentType, index) => ({ url: `https://api.twilio.com/media/${index}`, contentType }));
    return this.#hear({ kind: "text", text, media: files, opening: this.#memory === null });
  }

  /** The person sends files, of which Parley makes copies. */
  files(text: string, ...media: readonly InboundFile[]): readonly string[] {
    return this.#hear({ kind: "text", text, media, opening: this.#memory === null });
  }

  /** What has become of the copies, as far as anybody knows. */
  filed(index: number, text: string, ...media: readonly InboundFile[]): readonly string[] {
    return this.#hear({ kind: "file", index, text, media });
  }

  silence(): readonly string[] {
    this.#silences += 1;
    return this.#hear({ kind: "silent", times: this.#silences });
  }

  pass(): readonly string[] {
    return this.#hear({ kind: "paused" });
  }

  answer(outcome: RequestOutcome): readonly string[] {
    return this.#hear({ kind: "answered", outcome });
  }

  get awaits() {
    return this.reply?.awaits;
  }

  #hear(event: AssistantEvent): readonly string[] {
    const language = this.reply?.language ?? this.#setting.language;
    this.reply = this.#assistant.handleEvent(event, this.#memory, { ...this.#setting, language });
    // As stored: what does not survive JSON is found out.
    this.#memory = JSON.parse(JSON.stringify(this.reply.memory)) as AssistantMemory;
    if (this.reply.awaits.kind === "end") this.#memory = null;
    return this.reply.answers.map((answer) => ("text" in answer ? answer.text : answer.url));
  }
}
