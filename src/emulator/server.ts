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

/** Slow enough to see each status, fast enough not to be a delay. */
const DEFAULT_PACE: DeliveryPace = { queuedMs: 150, sentMs: 350 };

/** An emulator without a server, for tests and `startEmulator`. */
export interface Emulator {
  readonly app: Hono;
  /** Serves the files that media URLs redirect to, on another origin. */
  readonly files: Hono;
  readonly context: EmulatorContext;
}

/** @param options.host the address that the server will listen on; a local one accepts only local host names */
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
  app.notFound((c) => refuseRequest(404, `The emulator has no route ${c.req.path}.`));
  app.onError((error) => refuseRequest(500, toErrorSentence(error)));
  return { app, files: createFilesApp(context), context };
}

/** Serves files by temporary links, as Twilio's storage does. */
function createFilesApp(context: EmulatorContext): Hono {
  const app = new Hono();
  app.get("/media/:token", (c) => {
    if (c.req.header("authorization") !== undefined) {
      return refuseRequest(
        400,
        "The request carries credentials, which must not be sent to the file server. The link alone is enough.",
      );
    }
    const file = context.store.findMedia(context.links.openLink(c.req.param("token"), context.now()) ?? "");
    return file === undefined ? refuseRequest(404, "This link is unknown or has expired.") : createMediaResponse(file);
  });
  app.notFound((c) => refuseRequest(404, `The emulator has no route ${c.req.path}.`));
  return app;
}

export interface EmulatorOptions {
  /** 0 for any free port. */
  readonly port: number;
  readonly host?: string;
  readonly pace?: DeliveryPace;
}

export interface RunningEmulator {
  /** For example `http://127.0.0.1:4010`. */
  readonly origin: string;
  /** The emulator's state and clock, for tests in the same process. */
  readonly context: EmulatorContext;
  /** Stops event streams, timers and webhooks in flight, so that the process can exit. */
  stop(): Promise<void>;
}

/** Starts the emulator. Rejects if the port is in use, with a message that tells the developer what to do. */
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
    return new Error(`${sentence} Stop the other process, or choose a port with --emulator-port.`, { cause: error });
  }
  return new Error(`The Twilio emulator cannot listen on ${host}:${port}: ${error.message}`, { cause: error });
}

/** Replaces a wildcard address, to which clients cannot connect. */
function toReachableHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

/** How long requests in flight may take to finish before their connections are closed. */
const GRACE_MILLISECONDS = 500;

async function stopServers(context: EmulatorContext, servers: readonly ServerType[]): Promise<void> {
  context.shutDown();
  await Promise.all(servers.map(closeServer));
}

function closeServer(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => "closeAllConnections" in server && server.closeAllConnections(), GRACE_MILLISECONDS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
