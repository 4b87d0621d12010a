import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The origins of two servers that behave as badly as servers do. */
    outbound: readonly [one: string, other: string];
  }
}

type Handler = (incoming: IncomingMessage, response: ServerResponse, query: URLSearchParams) => void | Promise<void>;

/** A hundred megabytes of nothing, made only if a test asks for them: that takes seconds. */
let bomb: Buffer | null = null;

/** The idempotency keys that have come, by the name of the test that sent them. */
const seen = new Map<string, (string | null)[]>();

function countTry(incoming: IncomingMessage, query: URLSearchParams): number {
  const name = query.get("name") ?? "";
  const key = incoming.headers["idempotency-key"];
  const tries = [...(seen.get(name) ?? []), typeof key === "string" ? key : null];
  seen.set(name, tries);
  return tries.length;
}

const HANDLERS: Readonly<Record<string, Handler>> = {
  "/answer": (_, response, query) => {
    response.writeHead(Number(query.get("status") ?? 200), { "content-type": "text/plain" }).end(query.get("body"));
  },
  "/echo": async (incoming, response) => {
    const { method, headers } = incoming;
    response.end(JSON.stringify({ method, headers, body: await text(incoming) }));
  },
  "/bytes": (_, response, query) => {
    const left = Number(query.get("bytes"));
    response.end(Buffer.alloc(left, "x"));
  },
  "/bomb": (_, response) => {
    bomb ??= gzipSync(Buffer.alloc(100 * 1024 * 1024), { level: 1 });
    response.writeHead(200, { "content-encoding": "gzip" }).end(bomb);
  },
  "/silence": () => {},
  "/trickle": (_, response) => {
    response.writeHead(200).write('{"begun":');
  },
  "/reset": (_, response) => {
    response.writeHead(200, { "content-length": "1000" }).write('{"begun":', () => response.destroy());
  },
  "/hang-up": (incoming) => {
    incoming.socket.destroy();
  },
  "/rubbish": (incoming) => {
    incoming.socket.end("This is no HTTP.\r\n\r\n");
  },
  "/redirect": (_, response, query) => {
    response.writeHead(Number(query.get("status") ?? 302), { location: query.get("to") ?? "" }).end("moved");
  },
  "/loop": (_, response) => {
    response.writeHead(302, { location: "/loop" }).end();
  },
  "/flaky": (incoming, response, query) => {
    const first = countTry(incoming, query) === 1;
    if (!first) response.end('"at last"');
    else if (query.get("by") === "status") response.writeHead(503).end();
    else if (query.get("by") === "hanging up") incoming.socket.destroy();
  },
  "/seen": (_, response, query) => {
    response.end(JSON.stringify(seen.get(query.get("name") ?? "") ?? []));
  },
};

export default async function setup(project: TestProject): Promise<() => void> {
  const servers = await Promise.all([start(), start()]);
  const [one, other] = servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  project.provide("outbound", [one ?? "", other ?? ""]);
  return () => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  };
}

async function start(): Promise<Server> {
  const server = createServer((incoming, response) => {
    const { pathname, searchParams } = new URL(incoming.url ?? "/", "http://localhost");
    const handle = HANDLERS[pathname];
    if (handle === undefined) response.writeHead(404).end();
    else void handle(incoming, response, searchParams);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
