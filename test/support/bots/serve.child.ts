import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { KINDS } from "./kinds.ts";
import type { Fault, StandIn } from "./stand-in.ts";

/** What the tests are told of the stand-ins. */
export interface Bots {
  /** Where faults are set, and it is asked what was heard. */
  readonly control: string;
  /** What runs beside the tests, by kind. */
  readonly kinds: Readonly<Record<string, Pick<StandIn, "origin" | "assistant" | "secrets">>>;
}

/** One stand-in of each kind, in a process of their own; tests in workerd tell them over HTTP what to do. */
const started = await Promise.all(Object.entries(KINDS).map(async ([kind, start]) => [kind, await start()] as const));
const bots = new Map(started);

const server = createServer((incoming, response) => {
  const [, kind = "", what] = (incoming.url ?? "").split("/");
  const bot = bots.get(kind);
  if (bot === undefined) return void response.writeHead(404).end();
  if (what === "heard") return void response.end(JSON.stringify(bot.heard));
  if (what === "strays") return void response.end(JSON.stringify(bot.strays?.splice(0) ?? []));
  void behave(bot, incoming, response);
}).listen(0, "127.0.0.1");
await once(server, "listening");

async function behave(bot: StandIn, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  bot.fault = JSON.parse(await text(incoming)) as Fault | null;
  response.end();
}

// Who started it is gone.
process.once("disconnect", () => process.exit());
process.send?.({
  control: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  kinds: Object.fromEntries(
    started.map(([kind, { origin, assistant, secrets }]) => [kind, { origin, assistant, secrets }]),
  ),
} satisfies Bots);
