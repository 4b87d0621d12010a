import { bindAssistant } from "../../../src/assistants/catalog.ts";
import { directlineSettings } from "../../../src/assistants/directline/settings.ts";
import { createMessages } from "../../../src/configuration/automated-messages.ts";
import type {
  Assistant,
  AssistantAnswer,
  AssistantEvent,
  AssistantMemory,
  AssistantReply,
  AssistantRequest,
  InboundFile,
  RequestOutcome,
} from "../../../src/contract/assistant.ts";
import type { JsonValue } from "../../../src/core/json.ts";
import type { Person } from "../../../src/identity/person.ts";

export const FAILURE = "We're sorry, but we can't respond to your message.";

export type Fields = Readonly<Record<string, JsonValue>>;

/** A conversation with a bot, event by event and without a network; the test supplies the service's responses. */
export class Dialogue {
  readonly #assistant: Assistant;
  #memory: AssistantMemory | null = null;
  #turns = 0;
  #numbered = 0;
  now = Date.UTC(2026, 2, 2);
  reply: AssistantReply | null = null;
  /** The linked person; null for a guest. */
  person: Person | null = null;

  constructor(more: Fields = {}) {
    const access = { kind: "secret", secret: "key" };
    this.#assistant = bindAssistant(directlineSettings.parse({ kind: "directline", access, ...more }), new Map());
  }

  text(text: string, media: readonly InboundFile[] = []): readonly string[] {
    this.#turns += 1;
    return this.hear({ kind: "text", text, media, opening: this.#memory === null });
  }

  answer(json: JsonValue, status = 200): readonly string[] {
    return this.end({ kind: "answered", status, json });
  }

  end(outcome: RequestOutcome): readonly string[] {
    return this.hear({ kind: "answered", outcome });
  }

  hear(event: AssistantEvent): readonly string[] {
    this.reply = this.#assistant.handleEvent(event, this.#memory, {
      sender: "+12025550140",
      person: this.person,
      number: "+12025550100",
      conversation: "1",
      turn: `12025550140-${this.sid}`,
      origin: "https://parley.example",
      now: this.now,
      application: { id: "shop", name: "Shop" },
      language: "en",
      zone: "UTC",
      message: createMessages({ name: "Shop", language: "en", messages: {} }),
    });
    this.#memory = JSON.parse(JSON.stringify(this.reply.memory)) as AssistantMemory;
    return this.reply.answers.map(words);
  }

  /** The id of the last text. */
  get sid(): string {
    return `SM${String(this.#turns).padStart(32, "0")}`;
  }

  get asked(): AssistantRequest {
    if (this.reply?.awaits.kind !== "request") throw new Error(`nothing is asked: ${this.reply?.failed ?? "answered"}`);
    return this.reply.awaits.request;
  }

  /** The pending request's delay, method and path. */
  get step(): string {
    const { method, url, delaySeconds } = this.asked;
    const path = url.replace("https://directline.botframework.com/v3/directline", "");
    return `${delaySeconds === undefined ? "" : `${delaySeconds} s `}${method} ${path}`;
  }

  /**
   * Begins a conversation with a text, up to the first poll.
   * @returns the id of the posted activity
   */
  begin(text = "hi"): string {
    this.text(text);
    this.answer({ conversationId: "c1", token: "t1", expires_in: 1_800 }, 201);
    return this.post();
  }

  /** Sends a further text in the same conversation. */
  again(text = "and now?"): string {
    this.text(text);
    return this.post();
  }

  post(): string {
    const id = this.nextId();
    this.answer({ id });
    return id;
  }

  nextId(): string {
    this.#numbered += 1;
    return `c1|${String(this.#numbered).padStart(7, "0")}`;
  }

  /** The text's activity, as the service returns it. */
  echo(id: string): Fields {
    return { type: "message", id, from: { id: `parley-${this.sid}` }, channelData: { clientActivityID: this.sid } };
  }

  /** An activity with which the bot replies. */
  said(fields: Fields, replyToId?: string): Fields {
    const reply = replyToId === undefined ? {} : { replyToId };
    return { type: "message", id: this.nextId(), from: { id: "bot", role: "bot" }, ...reply, ...fields };
  }

  /** A poll brings activities. */
  polled(...activities: readonly Fields[]): readonly string[] {
    return this.answer({ activities, watermark: String(this.#numbered) });
  }

  /** A poll brings activities, and the next one nothing. */
  allPolled(...activities: readonly Fields[]): readonly string[] {
    const said = this.polled(...activities);
    return this.reply?.awaits.kind === "request" ? this.polled() : said;
  }
}

function words(answer: AssistantAnswer): string {
  switch (answer.kind) {
    case "text":
      return answer.text;
    case "media":
      return answer.text === "" ? answer.url : `${answer.url} ${answer.text}`;
    case "link":
      return answer.label === "" ? answer.url : `${answer.label}: ${answer.url}`;
  }
}
