import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import { drawChance } from "../../src/emulator/faults/seeded-chance.ts";
import type { AskedTurn } from "./evidence.ts";
import { answerTo } from "./words.ts";

/** Mostly shorter than the Worker lives, so that most questions meet a kill once at most. */
const THOUGHT_MILLISECONDS = { least: 50, most: 900 };

/** What is read of a question. */
interface Question {
  readonly type: string;
  readonly data: {
    readonly turn: { readonly id: string };
    readonly person: { readonly phone: string };
    readonly number: string;
    readonly text: string;
    readonly variables: { readonly last?: string };
  };
}

/**
 * A bot of the operator's, which answers as the topics of the torture do, but takes its time; it lives on while the Worker is killed. What it heard
 * before in a conversation is a variable, kept by Parley.
 */
export class SlowBot {
  /** All that it was asked, in order. */
  readonly asked: AskedTurn[] = [];
  readonly secret = `whsec_${randomBytes(32).toString("base64")}`;
  readonly #key = new Webhook(this.secret);
  readonly #seed: number;
  readonly #server: Server;

  static async start(seed: number): Promise<SlowBot> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new SlowBot(server, seed);
  }

  private constructor(server: Server, seed: number) {
    this.#server = server;
    this.#seed = seed;
    server.on("request", (incoming, response) => void this.#serve(incoming, response));
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    // A Worker that is killed while it asks leaves half a body.
    const body = await readText(incoming).catch(() => "");
    const question = this.#believed(body, incoming);
    if (question === null) return void response.writeHead(401).end();
    if (question.type !== "turn.asked") return void response.writeHead(204).end();
    const { turn, person, number, text, variables } = question.data;
    this.asked.push({
      turn: turn.id,
      message: String(incoming.headers["webhook-id"]),
      phone: person.phone,
      number,
      text,
    });
    const { least, most } = THOUGHT_MILLISECONDS;
    const thought = least + Math.floor(drawChance(this.#seed, turn.id) * (most - least));
    await new Promise((resolve) => setTimeout(resolve, thought));
    const answers = answerTo(text, variables.last ?? null);
    response.setHeader("content-type", "application/json").end(JSON.stringify({ answers, variables: { last: text } }));
  }

  #believed(body: string, { headers }: IncomingMessage): Question | null {
    try {
      return this.#key.verify(body, headers as Record<string, string>) as Question;
    } catch {
      return null;
    }
  }
}
