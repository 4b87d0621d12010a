import type { AddressInfo } from "node:net";
import { createAdaptorServer, type ServerType } from "@hono/node-server";
import { Hono } from "hono";
import { refuse, sentenceOf } from "./control/answers.ts";
import { controlApp } from "./control/app.ts";
import { sameSite } from "./control/guard.ts";
import { carryBetween } from "./inbound.ts";
import { mediaResponse } from "./media.ts";
import { restApp } from "./rest/app.ts";
import { screenApp } from "./screen.ts";
import { type Pace, World } from "./world.ts";

/** Slow enough to watch a message on its way, fast enough not to wait for it. */
const PACE: Pace = { queuedMs: 150, sentMs: 350 };

/** An emulator without a socket: for tests, and for `startEmulator`. */
export interface Emulator {
  readonly app: Hono;
  /** Where the files are that media addresses redirect to: another origin. */
  readonly files: Hono;
  readonly world: World;
}

/** @param options.host what the server will listen on; a local one takes requests under local names only */
export function createEmulator(options: { origin?: string; host?: string; pace?: Pace } = {}): Emulator {
  const world = new World(options.pace ?? PACE, options.origin ?? "http://127.0.0.1");
  world.carry = carryBetween(world);
  const app = new Hono();
  const guard = sameSite(options.host ?? "127.0.0.1");
  app.use("/emulator/*", guard);
  app.route("/emulator", controlApp(world));
  app.route("/", restApp(world));
  app.use("/", guard);
  app.route("/", screenApp());
  app.notFound((c) => refuse(404, `There is nothing at ${c.req.path}.`));
  app.onError((error) => refuse(500, sentenceOf(error)));
  return { app, files: filesApp(world), world };
}

/** What Twilio leaves to others: files behind links that are enough by themselves. */
function filesApp(world: World): Hono {
  const app = new Hono();
  app.get("/media/:token", (c) => {
    if (c.req.header("authorization") !== undefined) {
      return refuse(400, "The link is enough. Whoever sends credentials too has given them to a stranger.");
    }
    const file = world.store.media(world.links.open(c.req.param("token"), world.now()) ?? "");
    return file === undefined ? refuse(404, "This link is not valid, or not any more.") : mediaResponse(file);
  });
  app.notFound((c) => refuse(404, `There is nothing at ${c.req.path}.`));
  return app;
}

export interface EmulatorOptions {
  /** 0 for any that is free. */
  readonly port: number;
  readonly host?: string;
  readonly pace?: Pace;
}

export interface RunningEmulator {
  /** As `http://127.0.0.1:4010`. */
  readonly origin: string;
  /** What it knows, for those in the same process. */
  readonly world: World;
  /** Ends event streams, timers and outstanding webhooks, so that the process can exit. */
  stop(): Promise<void>;
}

/** Starts Twilio on this machine. Rejects, in words for the person who started it, where the port is taken. */
export async function startEmulator(options: EmulatorOptions): Promise<RunningEmulator> {
  const host = options.host ?? "127.0.0.1";
  const { app, files, world } = createEmulator({ host, ...(options.pace === undefined ? {} : { pace: options.pace }) });
  const server = createAdaptorServer({ fetch: app.fetch });
  const fileServer = createAdaptorServer({ fetch: files.fetch });
  const [port, filePort] = [await listen(server, options.port, host), await listen(fileServer, 0, host)];
  world.origin = `http://${reachable(host)}:${port}`;
  world.mediaOrigin = `http://${reachable(host)}:${filePort}`;
  return { origin: world.origin, world, stop: () => stop(world, [server, fileServer]) };
}

function listen(server: ServerType, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, port, host)));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function explain(error: NodeJS.ErrnoException, port: number, host: string): Error {
  if (error.code === "EADDRINUSE") {
    const sentence = `Port ${port} is in use, so the Twilio emulator cannot listen on it.`;
    return new Error(`${sentence} Stop what uses it, or choose another one with --emulator-port.`, { cause: error });
  }
  return new Error(`The Twilio emulator cannot listen on ${host}:${port}: ${error.message}`, { cause: error });
}

/** An address that stands for all of a machine's is not one to connect to. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

/** What is being answered may finish, for this long; then its connection is cut. */
const GRACE_MILLISECONDS = 500;

async function stop(world: World, servers: readonly ServerType[]): Promise<void> {
  world.end();
  await Promise.all(servers.map(close));
}

function close(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => "closeAllConnections" in server && server.closeAllConnections(), GRACE_MILLISECONDS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
  });
}
