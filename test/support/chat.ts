import type { Answering } from "../../src/assistants/contract.ts";
import { DEFAULT_MESSAGES } from "../../src/configuration/nouns.ts";
import { hear, tick } from "../../src/sender/machine.ts";
import type { SenderState } from "../../src/sender/state.ts";
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
    const world = { now: this.#now, origin: "https://sms.example.com", answering: () => this.#answering };
    const { state, turn } = hear(this.#state, inbound(this.#texts, text, picture), world);
    this.#state = state;
    this.#got = turn.parts.map(
      (part) => `< ${[...part.media.map((url) => `[${url}]`), part.text].join(" ").trim().replaceAll("\n", "\n  ")}`,
    );
  }

  #wait(line: string): void {
    this.#flush();
    this.#out.push(line);
    const [, amount = "", unit = "s"] = /^wait (\d+)([smh])$/u.exec(line) ?? [];
    this.#now += Number(amount) * UNITS[unit as keyof typeof UNITS];
    if (this.#state !== null) this.#state = tick(this.#state, this.#now);
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
export function answeringWith(topics: readonly NamedTopic[], settings: Partial<Answering> = {}): Answering {
  return {
    id: "sample",
    name: "Sample",
    idleSeconds: 3_600,
    ...DEFAULT_MESSAGES,
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
