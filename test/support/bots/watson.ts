import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";
import { isRecord, type JsonValue, parseJson } from "../../../src/core/json.ts";
import { type Fault, type Heard, type Line, linesFor, type StandIn } from "./stand-in.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What a dialog says to a text: response items, and the context variables that it sets. */
export type Dialog = (
  text: string,
  input: Fields,
) => { readonly generic: readonly JsonValue[]; readonly sets?: Fields };

/** Watson Assistant, with its sessions, and what reached it. */
export interface Watson extends StandIn {
  /** Bodies of the messages that it has taken, oldest first. */
  readonly messages: readonly Fields[];
  /** How many sessions have been made. */
  readonly sessions: number;
}

/** The ids that it goes by. */
export const ASSISTANT = "b1d6f0a2-7c1e-4a55-9a0f-5f0a3a1c2d10";
export const ENVIRONMENT = "6f4e4a6c-15a7-4a0e-8f0b-0a7be1c3f2aa";

/** Longer than the second that the tests give it. */
const SLOW_MILLISECONDS = 1_400;

const HUGE_BYTES = 10 * 1024 * 1024;

/** Starts a Watson Assistant that says what every stand-in says, unless a test has a dialog of its own. */
export async function startWatson(dialog: Dialog = everybodys): Promise<Watson> {
  const server = new Service(dialog);
  await server.listen();
  return server;
}

/** What is answered: a status, and a body. */
interface Answer {
  readonly status: number;
  readonly body: JsonValue;
}

/** In the words of IBM's API. */
const REFUSED = {
  unauthorized: { status: 401, body: { code: 401, error: "Unauthorized" } },
  version: { status: 400, body: { code: 400, error: "Missing or invalid version query parameter" } },
  resource: { status: 404, body: { code: 404, error: "Resource not found" } },
  session: { status: 404, body: { code: 404, error: "Invalid Session" } },
  body: { status: 400, body: { code: 400, error: "Unable to parse JSON body" } },
  characters: {
    status: 400,
    body: { code: 400, error: "input.text must not contain carriage return, newline, or tab characters" },
  },
  long: { status: 400, body: { code: 400, error: "input.text must have at most 2048 characters" } },
  attachments: { status: 400, body: { code: 400, error: "input.attachments must have at most 5 items" } },
  context: { status: 400, body: { code: 400, error: "context is too large" } },
} as const satisfies Readonly<Record<string, Answer>>;

class Service implements Watson {
  readonly heard: Heard[] = [];
  readonly messages: Fields[] = [];
  readonly #dialog: Dialog;
  readonly #key = randomUUID();
  /** The context of each session. */
  readonly #sessions = new Map<string, Fields>();
  readonly #server = createServer((incoming, response) => void this.#serve(incoming, response));
  readonly #timers = new Set<NodeJS.Timeout>();
  #made = 0;
  #fault: Fault | null = null;

  constructor(dialog: Dialog) {
    this.#dialog = dialog;
  }

  async listen(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  readonly close = async (): Promise<void> => {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  };

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get assistant(): StandIn["assistant"] {
    return { kind: "watson", url: this.origin, assistant: ASSISTANT, environment: ENVIRONMENT, apikey: "watson-key" };
  }

  get secrets(): StandIn["secrets"] {
    return { "watson-key": this.#key };
  }

  get sessions(): number {
    return this.#made;
  }

  get fault(): Fault | null {
    return this.#fault;
  }

  set fault(fault: Fault | null) {
    this.#fault = fault;
    if (fault === "expired") this.#sessions.clear();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readText(incoming);
    const answer = this.#answer(incoming, body);
    const whole = JSON.stringify(answer.body);
    const head = { "content-type": "application/json", "content-length": String(Buffer.byteLength(whole)) };
    response.writeHead(answer.status, head);
    if (this.#fault === "slow") this.#later(() => response.end(whole));
    else if (this.#fault === "reset") response.write(whole.slice(0, 10), () => response.destroy());
    else response.end(whole);
  }

  #later(work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, SLOW_MILLISECONDS);
    this.#timers.add(timer);
  }

  /** Authentication and routes. */
  #answer({ method, url = "/", headers }: IncomingMessage, body: string): Answer {
    const key = this.#fault === "wrong-key" ? randomUUID() : this.#key;
    if (headers.authorization !== `Basic ${btoa(`apikey:${key}`)}`) return REFUSED.unauthorized;
    const { pathname, searchParams } = new URL(url, this.origin);
    if (!/^\d{4}-\d{2}-\d{2}$/u.test(searchParams.get("version") ?? "")) return REFUSED.version;
    const [, of = "", rest = ""] = /^\/v2\/assistants\/(.+?)(\/(?:sessions|message).*)$/u.exec(pathname) ?? [];
    // An environment is known by its assistant, and, as older clients have it, by its own id alone.
    if (![`${ASSISTANT}/environments/${ENVIRONMENT}`, ENVIRONMENT, ASSISTANT].includes(of)) return REFUSED.resource;
    const [, session = "", isMessage] = /^\/sessions\/([^/]+)(\/message)?$/u.exec(rest) ?? [];
    const json = parseJson(body === "" ? "{}" : body);
    if (!isRecord(json)) return REFUSED.body;
    if (method === "POST" && rest === "/sessions") return this.#open();
    if (method === "POST" && rest === "/message") return this.#message(json, null);
    if (session === "") return REFUSED.resource;
    const context = this.#sessions.get(session);
    if (context === undefined) return REFUSED.session;
    if (method === "POST" && isMessage !== undefined) return this.#message(json, session);
    if (method !== "DELETE" || isMessage !== undefined) return REFUSED.resource;
    this.#sessions.delete(session);
    return { status: 200, body: {} };
  }

  #open(): Answer {
    if (this.#fault === "error") return CRASH;
    const session = randomUUID();
    this.#made += 1;
    this.#sessions.set(session, { global: { session_id: session, system: { turn_count: 0 } } });
    return { status: 201, body: { session_id: session } };
  }

  /** @param session null: the context comes with the message, and goes with the answer */
  #message(body: Fields, session: string | null): Answer {
    const input = fieldsIn(body, "input");
    const refused = refusalOf(input, body, session === null ? 250_000 : 100_000);
    if (refused !== null) return refused;
    const text = typeof input["text"] === "string" ? input["text"] : "";
    this.messages.push(body);
    this.heard.push({ text, turn: null });
    switch (this.#fault) {
      case "error":
        return CRASH;
      case "rubbish":
        return { status: 200, body: { answer: 42 } };
      case "empty":
        return { status: 200, body: { output: { intents: [], entities: [], generic: [] }, user_id: "nobody" } };
      case "huge":
        return {
          status: 200,
          body: { output: { generic: [{ response_type: "text", text: "x".repeat(HUGE_BYTES) }] } },
        };
      default:
        return this.#reply(body, input, text, session);
    }
  }

  #reply(body: Fields, input: Fields, text: string, session: string | null): Answer {
    const known: Fields = session === null ? NEW : (this.#sessions.get(session) ?? NEW);
    const { generic, sets = {} } = this.#dialog(text, input);
    const context = nextContext(merged(known, fieldsIn(body, "context")), session, sets);
    if (session !== null) this.#sessions.set(session, context);
    const system = fieldsIn(fieldsIn(context, "global"), "system");
    const options = fieldsIn(input, "options");
    const isShown = session === null || options["return_context"] === true || options["export"] === true;
    const answer = {
      output: { intents: [], entities: [], generic },
      user_id: body["user_id"] ?? system["user_id"] ?? session ?? "anonymous",
      ...(isShown ? { context } : {}),
    };
    return { status: 200, body: answer as unknown as JsonValue };
  }
}

const CRASH: Answer = { status: 500, body: { code: 500, error: "Internal Server Error" } };

const NEW: Fields = { global: { system: { turn_count: 0 } } };

function refusalOf(input: Fields, body: Fields, contextBytes: number): Answer | null {
  const text = input["text"] ?? "";
  if (typeof text !== "string") return REFUSED.body;
  if (/[\r\n\t]/u.test(text)) return REFUSED.characters;
  if (text.length > 2_048) return REFUSED.long;
  const { attachments = [] } = input;
  if (!Array.isArray(attachments) || attachments.length > 5) return REFUSED.attachments;
  return JSON.stringify(body["context"] ?? {}).length > contextBytes ? REFUSED.context : null;
}

/** Counts the turn, and puts in what the dialog sets; a context without a session gets the id of one all the same. */
function nextContext(context: Fields, session: string | null, sets: Fields): Fields {
  const global = fieldsIn(context, "global");
  const system = fieldsIn(global, "system");
  const skills = fieldsIn(context, "skills");
  const main = fieldsIn(skills, "main skill");
  return {
    ...context,
    global: {
      ...global,
      session_id: session ?? global["session_id"] ?? randomUUID(),
      system: { ...system, turn_count: Number(system["turn_count"] ?? 0) + 1 },
    },
    skills: { ...skills, "main skill": { ...main, user_defined: { ...fieldsIn(main, "user_defined"), ...sets } } },
  };
}

/** As context is set: objects into objects, all else in place of what was there. */
function merged(before: Fields, after: Fields): Fields {
  const changed = Object.entries(after).map(([name, value]) => {
    const known = before[name];
    return [name, isRecord(known) && isRecord(value) ? merged(known, value) : value] as const;
  });
  return { ...before, ...Object.fromEntries(changed) };
}

function fieldsIn(fields: Fields, name: string): Fields {
  const value = fields[name];
  return isRecord(value) ? value : {};
}

/** What every stand-in says, in Watson's words. */
function everybodys(text: string): ReturnType<Dialog> {
  return { generic: linesFor(text).map(responseOf) };
}

function responseOf(line: Line): JsonValue {
  switch (line.kind) {
    case "text":
      return { response_type: "text", text: line.text };
    case "image":
      return { response_type: "image", source: line.url, title: line.title };
    case "options": {
      const options = line.options.map((label) => ({ label, value: { input: { text: label } } }));
      return { response_type: "option", title: line.text, options };
    }
    case "handover":
      return {
        response_type: "connect_to_agent",
        message_to_human_agent: "Somebody wants a colleague.",
        agent_available: { message: line.text },
        agent_unavailable: { message: "Nobody is here now." },
        transfer_info: { target: { zendesk: { department: "desk" } } },
      };
  }
}
