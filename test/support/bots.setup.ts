import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { TestProject } from "vitest/node";
import { KINDS } from "./bots/kinds.ts";
import { servePicture } from "./bots/picture.ts";
import type { Fault, StandIn } from "./bots/stand-in.ts";

declare module "vitest" {
  interface ProvidedContext {
    bots: {
      /** Where faults are set, and it is asked what was heard. */
      readonly control: string;
      /** What runs beside the tests, by kind. */
      readonly kinds: Readonly<Record<string, Pick<StandIn, "origin" | "assistant" | "secrets">>>;
    };
  }
}

/** Starts one stand-in of each kind; tests in workerd tell them over HTTP what to do. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  servePicture();
  const started = await Promise.all(Object.entries(KINDS).map(async ([kind, start]) => [kind, await start()] as const));
  const bots = new Map(started);
  const server = createServer((incoming, response) => {
    const [, kind = "", what] = (incoming.url ?? "").split("/");
    const bot = bots.get(kind);
    if (bot === undefined) return void response.writeHead(404).end();
    if (what === "heard") return void response.end(JSON.stringify(bot.heard));
    if (what === "strays") return void response.end(JSON.stringify(bot.strays?.splice(0) ?? []));
    void text(incoming).then((body) => {
      bot.fault = JSON.parse(body) as Fault | null;
      response.end();
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  project.provide("bots", {
    control: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    kinds: Object.fromEntries(
      started.map(([kind, { origin, assistant, secrets }]) => [kind, { origin, assistant, secrets }]),
    ),
  });
  return async () => {
    server.closeAllConnections();
    server.close();
    await Promise.all(started.map(async ([, bot]) => await bot.close()));
  };
}
