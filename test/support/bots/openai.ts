import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";
import type { JsonValue } from "../../../src/core/json.ts";
import { type ChatRequest, Refusal, readChatRequest, wordsOf } from "./openai-requests.ts";
import { type Fault, type Heard, type Line, linesFor, type StandIn } from "./stand-in.ts";

/** Longer than the second that the tests give it. */
const SLOW_MILLISECONDS = 1_400;

const HUGE_BYTES = 10 * 1024 * 1024;

/** The second is of the newer sort, which refuses `max_tokens`. */
export const MODELS = ["stand-in", "stand-in-thinking"] as const;

/** A server that speaks OpenAI's chat completions; its model says what every stand-in says. */
export async function startOpenai(): Promise<OpenaiStandIn> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return new OpenaiStandIn(server);
}

class OpenaiStandIn implements StandIn {
  fault: Fault | null = null;
  readonly origin: string;
  readonly assistant: StandIn["assistant"];
  readonly secrets: Readonly<Record<string, string>>;
  readonly heard: Heard[] = [];
  /** Every request for a completion that it took, oldest first. */
  readonly requests: ChatRequest[] = [];
  readonly #key = `sk-${randomBytes(24).toString("hex")}`;
  readonly #server: Server;
  readonly #timers = new Set<NodeJS.Timeout>();
  #count = 0;

  constructor(server: Server) {
    this.#server = server;
    server.on("request", (incoming, response) => void this.#serve(incoming, response));
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.secrets = { openai: this.#key };
    this.assistant = {
      kind: "openai",
      url: `${this.origin}/v1`,
      apikey: "openai",
      model: MODELS[0],
      tools: { choices: true, pictures: true, handover: true, end: true },
    };
  }

  readonly close = async (): Promise<void> => {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  };

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(incoming, response);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      give(response, error.status, error.body);
    }
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readText(incoming);
    const { pathname } = new URL(incoming.url ?? "/", this.origin);
    const key = incoming.headers.authorization;
    if (this.fault === "wrong-key" || key !== `Bearer ${this.#key}`)
      throw new Refusal(401, `Incorrect API key provided: ${key ?? ""}.`, null, "invalid_api_key");
    if (incoming.method === "GET" && pathname === "/v1/models") give(response, 200, list(MODELS.map(modelNamed)));
    else if (incoming.method === "GET" && pathname.startsWith("/v1/models/"))
      give(response, 200, modelNamed(known(decodeURIComponent(pathname.slice("/v1/models/".length)))));
    else if (incoming.method === "POST" && pathname === "/v1/chat/completions")
      this.#complete(readChatRequest(body), incoming, response);
    else throw new Refusal(404, `Invalid URL (${incoming.method ?? ""} ${pathname})`, null, null);
  }

  #complete(request: ChatRequest, incoming: IncomingMessage, response: ServerResponse): void {
    if (known(request.model) === MODELS[1] && request.max_tokens !== undefined)
      throw new Refusal(
        400,
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        "max_tokens",
        "unsupported_parameter",
      );
    this.requests.push(request);
    this.#note(request, incoming.headers["idempotency-key"]);
    const { fault } = this;
    if (fault === "error") throw new Refusal(500, "The server had an error while processing your request.", null, null);
    if (fault === "reset")
      response
        .writeHead(200, { "content-type": "application/json", "content-length": "1000" })
        .write('{"id":"chatcmpl-', () => response.destroy());
    else if (fault === "rubbish") give(response, 200, { status: "up", choices: "none" });
    else this.#after(fault === "slow" ? SLOW_MILLISECONDS : 0, () => give(response, 200, this.#completion(request)));
  }

  /** What a function has answered is no text of the person's, and neither is what is only a trial. */
  #note({ messages }: ChatRequest, key: string | string[] | undefined): void {
    const last = messages.at(-1);
    if (last?.role === "user" && !isTrial(messages))
      this.heard.push({ text: wordsOf(last.content), turn: typeof key === "string" ? key : null });
  }

  #completion(request: ChatRequest): JsonValue {
    this.#count += 1;
    const message = this.#message(request);
    const choice = {
      message: { role: "assistant", refusal: null, annotations: [], ...message },
      logprobs: null,
      finish_reason: "tool_calls" in message ? "tool_calls" : "stop",
    };
    const choices = this.fault === "twice" ? [choice, choice] : [choice];
    return {
      id: `chatcmpl-${this.#count}`,
      object: "chat.completion",
      created: Math.floor(Date.now() / 1_000),
      model: `${request.model}-2026-01-01`,
      choices: choices.map((each, index) => ({ index, ...each })),
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
      service_tier: "default",
      system_fingerprint: null,
    };
  }

  #message({ messages, tools = [], tool_choice: choice }: ChatRequest): Readonly<Record<string, JsonValue>> {
    if (this.fault === "empty") return { content: "" };
    if (this.fault === "huge") return { content: "x".repeat(HUGE_BYTES) };
    if (isTrial(messages)) return { content: "OK" };
    const last = messages.at(-1);
    if (last?.role !== "user") return { content: "What else can I do?" };
    const names = new Set(choice === "none" ? [] : tools.map((tool) => tool.function.name));
    const text = wordsOf(last.content);
    if (names.has(text)) return { content: null, tool_calls: this.#calls([[text, {}]]) };
    const lines = linesFor(text);
    const isCall = (line: Line) => line.kind !== "text" && names.has(FUNCTIONS[line.kind]);
    const calls = this.#calls(lines.flatMap((line) => (isCall(line) ? callTo(line) : [])));
    const words = lines.filter((line) => !isCall(line)).map(markdown);
    return {
      content: words.length === 0 ? null : words.join("\n\n"),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    };
  }

  #calls(calls: readonly (readonly [name: string, given: JsonValue])[]): readonly JsonValue[] {
    return calls.map(([name, given], index) => ({
      id: `call_${this.#count}_${index}`,
      type: "function",
      function: { name, arguments: JSON.stringify(given) },
    }));
  }

  #after(milliseconds: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, milliseconds);
    this.#timers.add(timer);
  }
}

const FUNCTIONS = { image: "send_picture", options: "offer_choices", handover: "hand_over" } as const;

/** A line by the function that the server at the other end offers for it. */
function callTo(line: Line): readonly (readonly [name: string, given: JsonValue])[] {
  switch (line.kind) {
    case "text":
      return [];
    case "image":
      return [[FUNCTIONS.image, { url: line.url, title: line.title }]];
    case "options":
      return [[FUNCTIONS.options, { text: line.text, options: line.options }]];
    case "handover":
      return [[FUNCTIONS.handover, { text: line.text, summary: "The person wants a colleague.", to: "desk" }]];
  }
}

/** A line as models write it where nobody offers them a function. */
function markdown(line: Line): string {
  switch (line.kind) {
    case "text":
    case "handover":
      return line.text;
    case "image":
      return `![${line.title}](${line.url})`;
    case "options":
      return [line.text, "", ...line.options.map((option) => `- **${option}**`)].join("\n");
  }
}

function isTrial([first]: ChatRequest["messages"]): boolean {
  return first?.role === "system" && wordsOf(first.content).startsWith("Answer with the word OK");
}

function known(model: string): (typeof MODELS)[number] {
  const found = MODELS.find((each) => each === model);
  if (found !== undefined) return found;
  const text = `The model \`${model}\` does not exist or you do not have access to it.`;
  throw new Refusal(404, text, null, "model_not_found");
}

function modelNamed(id: string): JsonValue {
  return { id, object: "model", created: 1_767_225_600, owned_by: "parley" };
}

function list(data: readonly JsonValue[]): JsonValue {
  return { object: "list", data };
}

function give(response: ServerResponse, status: number, body: JsonValue): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
