import type { Answering } from "../../src/assistants/contract.ts";
import { type MessageSettings, messagesOf } from "../../src/configuration/messages.ts";
import type { World } from "../../src/sender/conversing.ts";
import { type Decision, due, hear, nextDue, proceed } from "../../src/sender/machine.ts";
import type { SenderState, Turn } from "../../src/sender/state.ts";
import { type NamedTopic, topicSchema } from "../../src/topics/definition.ts";
import { topicsAssistant } from "../../src/topics/engine.ts";
import type { InboundText } from "../../src/twilio/inbound.ts";

/**
 * Plays a conversation written as text against the pure machine, and returns it as it really went: equal texts mean that it went as written.
 *
 *     > what the person texts          wait 31m        time passes (s, m, h)
 *     < what they get, in order        (no more texts) nothing came since the last text
 *       a further line of the same     # a remark
 *     > [picture] hello                a text with a picture
 */
export function playChat(written: string, answering: Answering): string {
  const chat = new Chat(answering);
  const lines = written.split("\n");
  for (const line of lines) chat.line(line);
  return chat.end();
}

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;

class Chat {
  readonly #answering: Answering;
  #state: SenderState | null = null;
  #now = Date.UTC(2026, 2, 2, 17, 59);
  #texts = 0;
  readonly #turns = new Map<number, Turn>();
  #got: string[] = [];
  readonly #out: string[] = [];

  constructor(answering: Answering) {
    this.#answering = answering;
  }

  line(line: string): void {
    if (line.startsWith("> ")) this.#say(line.slice(2));
    else if (line.startsWith("wait ")) this.#wait(line);
    else if (line === "(no more texts)") this.#flush(line);
    else if (line.startsWith("#") || line === "") {
      this.#flush();
      this.#out.push(line);
    }
  }

  end(): string {
    this.#flush();
    return this.#out.join("\n");
  }

  #say(written: string): void {
    this.#flush();
    this.#out.push(`> ${written}`);
    const picture = written.startsWith("[picture]");
    const text = picture ? written.slice("[picture]".length).trim() : written;
    this.#texts += 1;
    this.#decided(hear(this.#state, inbound(this.#texts, text, picture), this.#world()));
  }

  #decided({ state, turn }: Decision): void {
    const before = this.#turns.get(turn.id)?.parts.length ?? 0;
    this.#state = state;
    this.#turns.set(turn.id, turn);
    const parts = turn.parts.slice(before);
    this.#got.push(
      ...parts.map(
        ({ media, text }) => `< ${[...media.map((url) => `[${url}]`), text].join(" ").trim().replaceAll("\n", "\n  ")}`,
      ),
    );
  }

  #world(): World {
    return { now: this.#now, origin: "https://sms.example.com", answering: () => this.#answering };
  }

  #wait(line: string): void {
    this.#flush();
    this.#out.push(line);
    const [, amount = "", unit = "s"] = /^wait (\d+)([smh])$/u.exec(line) ?? [];
    this.#pass(this.#now + Number(amount) * UNITS[unit as keyof typeof UNITS]);
  }

  /** Time goes by, with all that it makes due on its way. */
  #pass(until: number): void {
    for (let next = this.#next(); next !== null && next <= until; next = this.#next()) {
      this.#now = Math.max(this.#now, next);
      this.#proceed();
    }
    this.#now = until;
  }

  #next(): number | null {
    return this.#state === null ? null : nextDue(this.#state);
  }

  #proceed(): void {
    const state = this.#state;
    const next = state === null ? null : due(state, this.#now);
    const turn = this.#turns.get(next?.turn ?? 0);
    if (state !== null && next !== null && turn !== undefined) this.#decided(proceed(state, next, turn, this.#world()));
  }

  #flush(orNothing?: string): void {
    if (orNothing !== undefined && this.#got.length === 0) this.#out.push(orNothing);
    this.#out.push(...this.#got);
    this.#got = [];
  }
}

export function inbound(count: number, text: string, picture = false): InboundText {
  return {
    sid: `SM${String(count).padStart(32, "0")}`,
    accountSid: `AC${"0".repeat(32)}`,
    from: "+12025550140",
    to: "+12025550100",
    text,
    media: picture ? [{ url: "https://api.twilio.com/media/1", contentType: "image/png" }] : [],
    segments: 1,
    optOut: null,
  };
}

/** An application over topics, as the configuration would make it. */
export function answeringWith(
  topics: readonly NamedTopic[],
  { messages = {}, ...settings }: Partial<Answering> & { readonly messages?: MessageSettings } = {},
): Answering {
  return {
    id: "sample",
    name: "Sample",
    publication: 1,
    language: "en",
    zone: "UTC",
    idleSeconds: 3_600,
    failure: "We're sorry, but we can't respond to your message.",
    message: messagesOf({ name: "Sample", language: "en", messages }),
    hours: null,
    allowedHosts: [],
    whenUnknown: "hold",
    smartEncoding: false,
    assistant: topicsAssistant(topics),
    ...settings,
  };
}

/** A topic as an admin would write it. @throws where it does not fit the schema */
export function topic(id: string, document: object): NamedTopic {
  return { ...topicSchema.parse({ title: id, ...document }), id };
}
