import { bindAssistant } from "../../../src/assistants/catalog.ts";
import { watsonSettings } from "../../../src/assistants/watson/settings.ts";
import type {
  AssistantEvent,
  AssistantMemory,
  AssistantReply,
  RequestOutcome,
  TextEvent,
} from "../../../src/contract/assistant.ts";
import type { JsonValue } from "../../../src/core/json.ts";
import type { Person } from "../../../src/identity/person.ts";
import { sendRequest } from "../../../src/outbound/client.ts";
import type { StandIn } from "../../support/bots/stand-in.ts";
import { read, SETTING } from "./dialogue.ts";

/** A conversation in which the connector's requests are sent over HTTP. */
export class Call {
  readonly #watson: StandIn;
  readonly #assistant;
  #memory: AssistantMemory | null = null;
  reply: AssistantReply | null = null;
  /** The linked person; null for a guest. */
  person: Person | null = null;
  /** Watson's last response. */
  answer: JsonValue = null;

  /** @param assistant the settings, if they differ from those that the stand-in proposes */
  constructor(
    watson: StandIn,
    more: Readonly<Record<string, JsonValue>> = {},
    assistant: StandIn["assistant"] = watson.assistant,
  ) {
    this.#watson = watson;
    const settings = { ...assistant, timeoutSeconds: 1, ...more };
    this.#assistant = bindAssistant(watsonSettings.parse(settings), new Map());
  }

  /** @returns the texts that the contact gets */
  async text(text: string, more: Partial<TextEvent> = {}): Promise<readonly string[]> {
    let reply = this.#hear({ kind: "text", text, media: [], opening: this.#memory === null, ...more });
    while (reply.awaits.kind === "request")
      reply = this.#hear({ kind: "answered", outcome: await this.#ask(reply.awaits.request) });
    return reply.answers.map(read);
  }

  #hear(event: AssistantEvent): AssistantReply {
    this.reply = this.#assistant.handleEvent(event, this.#memory, { ...SETTING, person: this.person });
    this.#memory = this.reply.memory;
    return this.reply;
  }

  async #ask({ method, url, headers, body, timeoutSeconds = 10 }: AskedOf): Promise<RequestOutcome> {
    const answer = await sendRequest(
      { method, url, headers, expect: "json", idempotencyKey: "1", ...(body === null ? {} : { body }) },
      {
        allowedHosts: [new URL(this.#watson.origin).host],
        secrets: new Map(Object.entries(this.#watson.secrets)),
        timeoutMilliseconds: timeoutSeconds * 1_000,
      },
    );
    if (answer.kind === "failed") return { kind: "failed", reason: answer.reason };
    this.answer = answer.content.kind === "json" ? answer.content.value : null;
    return { kind: "answered", status: answer.status, json: this.answer };
  }
}

type AskedOf = Extract<AssistantReply["awaits"], { kind: "request" }>["request"];
