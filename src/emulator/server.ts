import type { AddressInfo } from "node:net";
import { createAdaptorServer, type ServerType } from "@hono/node-server";
import { Hono } from "hono";
import { type DeliveryPace, EmulatorContext } from "./context.ts";
import { createControlApp } from "./control/app.ts";
import { refuseRequest, toErrorSentence } from "./control/json-documents.ts";
import { requireSameSite } from "./control/same-site-guard.ts";
import { createMediaResponse } from "./media.ts";
import { createMessageForwarder } from "./messages/inbound-texts.ts";
import { createPageApp } from "./phone-page.ts";
import { createRestApp } from "./rest/app.ts";

/** Slow enough to watch a message on its way, fast enough not to wait for it. */
const DEFAULT_PACE: DeliveryPace = { queuedMs: 150, sentMs: 350 };

/** An emulator without a socket: for tests, and for `startEmulator`. */
export interface Emulator {
  readonly app: Hono;
  /** Where the files are that media addresses redirect to: another origin. */
  readonly files: Hono;
  readonly context: EmulatorContext;
}

/** @param options.host what the server will listen on; a local one takes requests under local names only */
export function createEmulator(options: { origin?: string; host?: string; pace?: DeliveryPace } = {}): Emulator {
  const context = new EmulatorContext(options.pace ?? DEFAULT_PACE, options.origin ?? "http://127.0.0.1");
  context.forwardMessage = createMessageForwarder(context);
  const app = new Hono();
  const guard = requireSameSite(options.host ?? "127.0.0.1");
  app.use("/emulator/*", guard);
  app.route("/emulator", createControlApp(context));
  app.route("/", createRestApp(context));
  app.use("/", guard);
  app.route("/", createPageApp());
  app.notFound((c) => refuseRequest(404, `There is nothing at ${c.req.path}.`));
  app.onError((error) => refuseRequest(500, toErrorSentence(error)));
  return { app, files: createFilesApp(context), context };
}

/** What Twilio leaves to others: files behind links that are enough by themselves. */
function createFilesApp(context: EmulatorContext): Hono {
  const app = new Hono();
  app.get("/media/:token", (c) => {
    if (c.req.header("authorization") !== undefined) {
      return refuseRequest(400, "The link is enough. Whoever sends credentials too has given them to a stranger.");
    }
    const file = context.store.findMedia(context.links.openLink(c.req.param("token"), context.now()) ?? "");
    return file === undefined
      ? refuseRequest(404, "This link is not valid, or not any more.")
      : createMediaResponse(file);
  });
  app.notFound((c) => refuseRequest(404, `There is nothing at ${c.req.path}.`));
  return app;
}

export interface EmulatorOptions {
  /** 0 for any that is free. */
  readonly port: number;
  readonly host?: string;
  readonly pace?: DeliveryPace;
}

export interface RunningEmulator {
  /** As `http://127.0.0.1:4010`. */
  readonly origin: string;
  /** What it knows, for those in the same process. */
  readonly context: EmulatorContext;
  /** Ends event streams, timers and outstanding webhooks, so that the process can exit. */
  stop(): Promise<void>;
}

/** Starts Twilio on this machine. Rejects, in words for the person who started it, where the port is taken. */
export async function startEmulator(options: EmulatorOptions): Promise<RunningEmulator> {
  const host = options.host ?? "127.0.0.1";
  const { app, files, context } = createEmulator({
    host,
    ...(options.pace === undefined ? {} : { pace: options.pace }),
  });
  const server = createAdaptorServer({ fetch: app.fetch });
  const fileServer = createAdaptorServer({ fetch: files.fetch });
  const [port, filePort] = [
    await startListening(server, options.port, host),
    await startListening(fileServer, 0, host),
  ];
  context.origin = `http://${toReachableHost(host)}:${port}`;
  context.mediaOrigin = `http://${toReachableHost(host)}:${filePort}`;
  return { origin: context.origin, context, stop: () => stopServers(context, [server, fileServer]) };
}

function startListening(server: ServerType, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explainListenError(error, port, host)));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function explainListenError(error: NodeJS.ErrnoException, port: number, host: string): Error {
  if (error.code === "EADDRINUSE") {
    const sentence = `Port ${port} is in use, so the Twilio emulator cannot listen on it.`;
    return new Error(`${sentence} Stop what uses it, or choose another one with --emulator-port.`, { cause: error });
  }
  return new Error(`The Twilio emulator cannot listen on ${host}:${port}: ${error.message}`, { cause: error });
}

/** An address that stands for all of a machine's is not one to connect to. */
function toReachableHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

/** What is being answered may finish, for this long; then its connection is cut. */
const GRACE_MILLISECONDS = 500;

async function stopServers(context: EmulatorContext, servers: readonly ServerType[]): Promise<void> {
  context.shutDown();
  await Promise.all(servers.map(closeServer));
}

function closeServer(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => "closeAllConnections" in server && server.closeAllConnections(), GRACE_MILLISECONDS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
  });
}
