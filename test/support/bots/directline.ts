import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { isRecord, type JsonValue, parseJson } from "../../../src/core/json.ts";
import { type Fault, type Heard, type Line, linesFor, type StandIn } from "./stand-in.ts";

const SECRET = "a-key-of-the-direct-line-channel";

/** Longer than `timeoutSeconds` of the settings below, and a poll or two. */
const SLOW_MILLISECONDS = 4_000;

const TOKEN_SECONDS = 3_600;

type Fields = Readonly<Record<string, unknown>>;
type Activity = { readonly [name: string]: JsonValue };

interface Conversation {
  readonly id: string;
  begun: boolean;
  /** The service forgets what is over. */
  over: boolean;
  readonly activities: Activity[];
}

interface Answer {
  readonly status: number;
  readonly body: JsonValue;
}

/** Bot Framework's Direct Line 3.0 with a bot behind it: what Azure Bot Service and Copilot Studio answer to a client that polls. */
export async function startDirectline(): Promise<StandIn> {
  const service = new Service();
  const server = createServer((request, response) => void service.serve(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    assistant: {
      kind: "directline",
      url: origin,
      access: { kind: "secret", secret: "directline" },
      timeoutSeconds: 2,
      quietSeconds: 0.3,
    },
    secrets: { directline: SECRET },
    get fault() {
      return service.fault;
    },
    set fault(fault) {
      service.become(fault);
    },
    heard: service.heard,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await service.stop();
    },
  };
}

class Service {
  fault: Fault | null = null;
  readonly heard: Heard[] = [];
  readonly #conversations = new Map<string, Conversation>();
  /** The conversation that a token opens. */
  readonly #tokens = new Map<string, string>();
  readonly #expired = new Set<string>();
  readonly #timers = new Set<NodeJS.Timeout>();

  become(fault: Fault | null): void {
    this.fault = fault;
    if (fault !== "expired") return;
    for (const conversation of this.#conversations.values()) conversation.over = true;
    for (const token of this.#tokens.keys()) this.#expired.add(token);
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const url = new URL(request.url ?? "/", "http://service");
    if (this.fault === "reset") {
      response.writeHead(200, { "content-length": "1000" }).write('{"activities":', () => response.destroy());
      return;
    }
    const answer = await this.#answer(request, url, body);
    response.writeHead(answer.status, { "content-type": "application/json; charset=utf-8" });
    response.end(answer.body === null ? undefined : JSON.stringify(answer.body));
  }

  async #answer(request: IncomingMessage, url: URL, body: Buffer): Promise<Answer> {
    if (this.fault === "error") return failure(500, "ServiceError", "Internal server error");
    if (this.fault === "rubbish") return { status: 200, body: ["no", { thing: "of sense" }] };
    if (url.pathname === "/copilot/token" && request.method === "GET") return this.#token(null);
    const key = /^Bearer (?<key>\S+)$/u.exec(request.headers.authorization ?? "")?.groups?.["key"];
    if (key === undefined) return failure(401, "Unauthorized", "Missing or malformed authorization");
    if (this.fault === "wrong-key" || (key !== SECRET && !this.#tokens.has(key)))
      return failure(403, "BadArgument", "Invalid token or secret");
    if (this.#expired.has(key)) return failure(403, "TokenExpired", "Token has expired");
    return await this.#route(`${request.method} ${url.pathname}`, key, url, {
      type: request.headers["content-type"],
      body,
    });
  }

  async #route(way: string, key: string, { searchParams }: URL, sent: Sent): Promise<Answer> {
    const [, rest] = /^(?:GET|POST) \/v3\/directline\/(?<rest>.*)$/u.exec(way) ?? [];
    if (way === "POST /v3/directline/tokens/generate") return key === SECRET ? this.#token(null) : forbidden();
    if (way === "POST /v3/directline/tokens/refresh") return this.#refresh(key);
    if (way === "POST /v3/directline/conversations") return this.#start(key);
    const [, id = "", more = ""] =
      /^conversations\/(?<id>[^/]+)(?<more>\/activities|\/upload)?$/u.exec(rest ?? "") ?? [];
    const conversation = this.#conversations.get(decodeURIComponent(id));
    if (conversation === undefined || conversation.over) return failure(404, "BadArgument", "Conversation not found");
    if (key !== SECRET && this.#tokens.get(key) !== conversation.id) return forbidden();
    if (way.startsWith("GET")) {
      return more === ""
        ? this.#opened(200, conversation)
        : this.#activities(conversation, searchParams.get("watermark"));
    }
    return await this.#post(conversation, more === "/upload" ? await uploaded(sent) : parseJson(sent.body.toString()));
  }

  #token(known: Conversation | null): Answer {
    const conversation = known ?? this.#newConversation();
    const token = `token.${randomUUID()}`;
    this.#tokens.set(token, conversation.id);
    return { status: 200, body: { conversationId: conversation.id, token, expires_in: TOKEN_SECONDS } };
  }

  #refresh(key: string): Answer {
    const conversation = this.#conversations.get(this.#tokens.get(key) ?? "");
    return conversation === undefined ? forbidden() : this.#token(conversation);
  }

  /** A token's conversation begins with it; the bot learns of a new member and greets nobody. */
  #start(key: string): Answer {
    const own = this.#conversations.get(this.#tokens.get(key) ?? "");
    if (own?.over === true) return failure(404, "BadArgument", "Conversation not found");
    const conversation = own ?? this.#newConversation();
    const status = conversation.begun ? 200 : 201;
    conversation.begun = true;
    return this.#opened(status, conversation);
  }

  #opened(status: number, conversation: Conversation): Answer {
    const { body } = this.#token(conversation);
    const streamUrl = "wss://127.0.0.1/never-served";
    return {
      status,
      body: { ...(body as { [name: string]: JsonValue }), streamUrl, referenceGrammarId: randomUUID() },
    };
  }

  #newConversation(): Conversation {
    const conversation = { id: randomUUID().slice(0, 22), begun: false, over: false, activities: [] };
    this.#conversations.set(conversation.id, conversation);
    return conversation;
  }

  /** A watermark counts the activities that the client has read; `typing` is for streams only. */
  #activities({ activities }: Conversation, watermark: string | null): Answer {
    if (this.fault === "huge") return { status: 200, body: { activities: [], watermark: "x".repeat(10_000_000) } };
    const from = this.fault === "twice" ? 0 : Number(watermark ?? 0);
    const news = activities.slice(Number.isInteger(from) ? from : 0);
    const set = this.fault === "twice" ? [...news, ...news] : news;
    return { status: 200, body: { activities: set, watermark: String(activities.length) } };
  }

  async #post(conversation: Conversation, json: unknown): Promise<Answer> {
    const from = isRecord(json) ? json["from"] : null;
    if (!isRecord(json) || typeof json["type"] !== "string") return failure(400, "MissingProperty", "Invalid activity");
    if (!isRecord(from) || typeof from["id"] !== "string") return failure(400, "MissingProperty", "from.id is missing");
    const posted = add(conversation, { ...(json as Activity), from: { ...(from as Activity), role: "user" } });
    if (json["type"] === "message") this.#hear(conversation, posted);
    return { status: 200, body: { id: posted["id"] ?? null } };
  }

  #hear(conversation: Conversation, posted: Activity): void {
    const text = textIn(posted);
    const channelData = posted["channelData"] as Fields | undefined;
    const turn = channelData?.["clientActivityID"];
    this.heard.push({ text, turn: typeof turn === "string" ? turn : null });
    const replies = this.fault === "empty" ? [{ type: "message", text: "" }] : linesFor(text).map(activityFor);
    const answer = () => {
      for (const reply of replies)
        add(conversation, { ...reply, from: { id: "bot", role: "bot" }, replyToId: posted["id"] ?? null });
    };
    if (this.fault !== "slow") answer();
    else {
      const timer = setTimeout(answer, SLOW_MILLISECONDS);
      this.#timers.add(timer);
    }
  }
}

interface Sent {
  readonly type: string | undefined;
  readonly body: Buffer;
}

/** The client of the vendor's uploads a message that has files: an activity, and the files beside it. */
async function uploaded({ type = "", body }: Sent): Promise<unknown> {
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
  const activity = form.get("activity");
  return activity instanceof File ? parseJson(await activity.text()) : null;
}

/** The service numbers activities within their conversation. */
function add(conversation: Conversation, activity: Activity): Activity {
  const id = `${conversation.id}|${String(conversation.activities.length).padStart(7, "0")}`;
  const added = {
    ...activity,
    id,
    channelId: "directline",
    conversation: { id: conversation.id },
    timestamp: new Date().toISOString(),
  };
  conversation.activities.push(added);
  return added;
}

/** What is chosen comes as a text, or, hidden from the person, as a value. */
function textIn({ text, value }: Activity): string {
  if (typeof text === "string") return text;
  return isRecord(value) && typeof value["choice"] === "string" ? value["choice"] : "";
}

/** Short lists are suggested, long ones are buttons of a card: both are usual. */
function activityFor(line: Line): Activity {
  switch (line.kind) {
    case "text":
      return { type: "message", text: line.text, inputHint: "acceptingInput" };
    case "image": {
      const content = { title: line.title, images: [{ url: line.url }] };
      return { type: "message", attachments: [{ contentType: "application/vnd.microsoft.card.hero", content }] };
    }
    case "options":
      return line.options.length <= 10 ? suggestion(line) : card(line);
    case "handover": {
      const tags = JSON.stringify({ type: "Escalate", context: { topic: "boats" } });
      return { type: "message", text: line.text, channelData: { deliveryMode: "bridged", tags } };
    }
  }
}

function suggestion({ text, options }: Extract<Line, { kind: "options" }>): Activity {
  const actions = options.map((title) => ({ type: "imBack", title, value: title }));
  return { type: "message", text, suggestedActions: { actions }, inputHint: "expectingInput" };
}

function card({ text, options }: Extract<Line, { kind: "options" }>): Activity {
  const buttons = options.map((title) => ({ type: "postBack", title, value: { choice: title } }));
  const content = { text, buttons };
  return { type: "message", attachments: [{ contentType: "application/vnd.microsoft.card.hero", content }] };
}

function forbidden(): Answer {
  return failure(403, "BadArgument", "The token is for another conversation");
}

function failure(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}
