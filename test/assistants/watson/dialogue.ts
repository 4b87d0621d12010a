import { bindAssistant } from "../../../src/assistants/catalog.ts";
import { watsonSettings } from "../../../src/assistants/watson/settings.ts";
import { createMessages } from "../../../src/configuration/automated-messages.ts";
import type {
  AssistantAnswer,
  AssistantContext,
  AssistantEvent,
  AssistantMemory,
  AssistantReply,
  AssistantRequest,
  RequestOutcome,
  TextEvent,
} from "../../../src/contract/assistant.ts";
import { isRecord, type JsonValue } from "../../../src/core/json.ts";

export const FAILURE = "We're sorry, but we can't respond to your message.";

export const SETTING: AssistantContext = {
  sender: "+12025550140",
  person: null,
  number: "+12025550100",
  conversation: "7",
  turn: `12025550140-SM${"a".repeat(32)}`,
  origin: "https://parley.example",
  now: Date.UTC(2026, 2, 2),
  application: { id: "shop", name: "Shop" },
  language: "en",
  zone: "America/New_York",
  message: createMessages({ name: "Shop", language: "en", messages: {} }),
};

export const SETTINGS = {
  kind: "watson",
  url: "https://watson.example.com/instances/1/",
  assistant: "a1",
  apikey: "watson",
};

/** A conversation with Watson, event by event; the test supplies Watson's responses. */
export class Dialogue {
  readonly #assistant;
  #memory: AssistantMemory | null = null;
  #turns = 0;
  reply: AssistantReply | null = null;

  constructor(more: Readonly<Record<string, JsonValue>> = {}) {
    this.#assistant = bindAssistant(watsonSettings.parse({ ...SETTINGS, ...more }), new Map());
  }

  /** @returns the texts that the contact gets */
  text(text: string, more: Partial<TextEvent> = {}): readonly string[] {
    this.#turns += 1;
    return this.hear({ kind: "text", text, media: [], opening: this.#memory === null, ...more });
  }

  answer(json: JsonValue, status = 200): readonly string[] {
    return this.end({ kind: "answered", status, json });
  }

  /** Watson creates a session. */
  session(id: string): readonly string[] {
    return this.answer({ session_id: id }, 201);
  }

  /** Watson sends messages and sets context variables of its dialog. */
  says(generic: readonly JsonValue[], sets: Readonly<Record<string, JsonValue>> = {}): readonly string[] {
    return this.answer({ output: { generic }, context: { skills: { "main skill": { user_defined: sets } } } });
  }

  end(outcome: RequestOutcome): readonly string[] {
    return this.hear({ kind: "answered", outcome });
  }

  hear(event: AssistantEvent): readonly string[] {
    const turn = SETTING.turn.replace("SMaa", `SM${String(this.#turns).padStart(2, "0")}`);
    this.reply = this.#assistant.handleEvent(event, this.#memory, { ...SETTING, turn });
    this.#memory = JSON.parse(JSON.stringify(this.reply.memory)) as AssistantMemory;
    return this.reply.answers.map(read);
  }

  /** The pending request. */
  get request(): AssistantRequest {
    const awaits = this.reply?.awaits;
    if (awaits?.kind !== "request") throw new Error(`nothing is asked: ${awaits?.kind ?? "nothing was said"}`);
    return awaits.request;
  }

  /** The path of the request, behind the service URL. */
  get path(): string {
    return this.request.url.replace(/^https:\/\/watson\.example\.com\/instances\/1\/v2\/assistants\//u, "");
  }

  get input(): JsonValue | undefined {
    return at(this.request.body, "input");
  }

  /** The dialog's variables in the pending request. */
  get variables(): JsonValue | undefined {
    return at(this.request.body, "context", "skills", "main skill", "user_defined");
  }

  /** The size of the stored memory in characters. */
  get size(): number {
    return JSON.stringify(this.#memory).length;
  }
}

/** A dialogue whose first text was sent and answered. */
export function begun(more: Readonly<Record<string, JsonValue>> = {}): Dialogue {
  const dialogue = new Dialogue(more);
  dialogue.text("hi");
  dialogue.session("s1");
  return dialogue;
}

/** @returns an answer as the contact reads it; a file is its URL */
export function read(answer: AssistantAnswer): string {
  if (answer.kind === "text") return answer.text;
  return answer.kind === "link" ? `${answer.label} ${answer.url}`.trim() : `${answer.url} ${answer.text}`.trim();
}

export function at(json: JsonValue | undefined | null, ...path: readonly string[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (found, name) => (isRecord(found) ? found[name] : undefined),
    json ?? undefined,
  );
}
