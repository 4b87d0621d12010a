import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import type { JsonValue } from "../../../src/core/json.ts";
import { type Fault, type Heard, type Line, linesFor, type StandIn } from "./stand-in.ts";

/** Longer than the second that the tests give it. */
const SLOW_MILLISECONDS = 1_400;

const HUGE_BYTES = 10 * 1024 * 1024;

/** A signed answer that has come to nobody: where it belongs, and what it is. */
export interface Stray {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A bot that answers each text at once. */
export async function startWebhook(): Promise<Bot> {
  return await Bot.start("webhook", "at-once");
}

/** A bot that promises an answer, and brings it a moment later. */
export async function startWebhookLater(): Promise<Bot> {
  return await Bot.start("webhook-later", "later");
}

type Habit = "at-once" | "later";

/** What it reads of a request of Parley's. */
interface Asked {
  readonly type: string;
  readonly data: {
    readonly turn: { readonly id: string; readonly answersUrl: string };
    readonly text: string;
    readonly choice: { readonly value: string } | null;
  };
}

/** A bot of the operator's own, which believes nobody but who signs as the package `standardwebhooks` does. */
class Bot implements StandIn {
  fault: Fault | null = null;
  readonly origin: string;
  readonly assistant: StandIn["assistant"];
  readonly secrets: Readonly<Record<string, string>>;
  readonly heard: Heard[] = [];
  /** Answers that it could not bring: Parley was not to be reached from here. */
  readonly strays: Stray[] = [];
  readonly #habit: Habit;
  readonly #keys: { readonly right: Webhook; readonly wrong: Webhook };
  readonly #server: Server;
  readonly #timers = new Set<NodeJS.Timeout>();
  #brought = 0;

  static async start(name: string, habit: Habit): Promise<Bot> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Bot(name, habit, server);
  }

  private constructor(name: string, habit: Habit, server: Server) {
    const secret = `whsec_${randomBytes(32).toString("base64")}`;
    this.#habit = habit;
    this.#keys = { right: new Webhook(secret), wrong: new Webhook(randomBytes(32).toString("base64")) };
    this.#server = server;
    server.on("request", (incoming, response) => void this.#serve(incoming, response));
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const signature = `${name}-signature`;
    this.secrets = { [signature]: secret };
    const later = habit === "later" ? { laterSeconds: 1 } : {};
    this.assistant = { kind: "webhook", url: `${this.origin}/parley`, signature, ...later };
  }

  readonly close = async (): Promise<void> => {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  };

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readText(incoming);
    const key = this.fault === "wrong-key" ? this.#keys.wrong : this.#keys.right;
    const asked = believed(key, body, incoming.headers);
    if (incoming.url !== "/parley") response.writeHead(404).end();
    else if (asked === null) response.writeHead(401).end();
    else if (asked.type !== "turn.asked") this.#probed(response);
    else this.#answer(asked, response);
  }

  #probed(response: ServerResponse): void {
    const { fault } = this;
    if (fault === "error") response.writeHead(500).end();
    else if (fault === "reset") response.destroy();
    else this.#after(fault === "slow" ? SLOW_MILLISECONDS : 0, () => response.writeHead(204).end());
  }

  #answer({ data: { turn, text, choice } }: Asked, response: ServerResponse): void {
    const { fault } = this;
    const meant = choice === null ? text : choice.value;
    this.heard.push({ text: meant, turn: turn.id });
    if (fault === "error") response.writeHead(500).end("Oh no.");
    else if (fault === "reset")
      response.writeHead(200, { "content-length": "1000" }).write('{"answers":["Wel', () => response.destroy());
    else if (this.#habit === "later") {
      response.writeHead(202).end();
      this.#after(fault === "slow" ? SLOW_MILLISECONDS : 20, () => void this.#bringAll(turn.answersUrl, meant, fault));
    } else if (fault === "slow") this.#after(SLOW_MILLISECONDS, () => response.end(answersTo(meant, fault)));
    else {
      response.writeHead(200, { "content-type": "application/json" }).end(answersTo(meant, fault));
      if (fault === "twice") void this.#bring(turn.answersUrl, answersTo(meant, fault));
    }
  }

  async #bringAll(url: string, text: string, fault: Fault | null): Promise<void> {
    const body = answersTo(text, fault);
    await this.#bring(url, body);
    if (fault === "twice") await this.#bring(url, body);
  }

  async #bring(url: string, body: string): Promise<void> {
    this.#brought += 1;
    const id = `msg_${this.#brought}`;
    const now = new Date();
    const headers = {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1_000)),
      "webhook-signature": this.#keys.right.sign(id, now, body),
    };
    try {
      await fetch(url, { method: "POST", headers, body });
    } catch {
      this.strays.push({ url, headers, body });
    }
  }

  #after(milliseconds: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, milliseconds);
    this.#timers.add(timer);
  }
}

/** @returns what was asked, or null where it is not signed with the key */
function believed(key: Webhook, body: string, headers: IncomingMessage["headers"]): Asked | null {
  try {
    return key.verify(body, headers as Record<string, string>) as Asked;
  } catch {
    return null;
  }
}

function answersTo(text: string, fault: Fault | null): string {
  if (fault === "rubbish") return "<h1>It works!</h1>";
  if (fault === "huge") return JSON.stringify({ answers: ["x".repeat(HUGE_BYTES)] });
  if (fault === "empty") return JSON.stringify({ answers: [] });
  const lines = linesFor(text);
  const handover = lines.some(({ kind }) => kind === "handover") ? { handover: { to: "desk", context: { text } } } : {};
  return JSON.stringify({ answers: lines.map(answerOf), ...handover });
}

function answerOf(line: Line): JsonValue {
  switch (line.kind) {
    case "text":
    case "handover":
      return line.text;
    case "image":
      return { kind: "image", url: line.url, title: line.title };
    case "options":
      return { kind: "options", text: line.text, options: line.options };
  }
}
