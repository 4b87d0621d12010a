import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { emulatorApi, eventually, type TranscriptMessage, transcript } from "../support/stack.ts";

const START = path.resolve(import.meta.dirname, "../../src/cli/start.ts");
/** The Worker is bundled first, perhaps beside other tests. */
const START_MILLISECONDS = 40_000;
const PIZZA = "+12025550100";
const PHONE = "+12025550160";

interface Running {
  readonly process: ChildProcess;
  readonly worker: string;
  readonly emulator: string;
  readonly adminKey: string;
  readonly stop: () => Promise<void>;
}

const running: Running[] = [];

/** Starts what `npm start` starts, and reads the addresses that it prints. */
async function start(state: string): Promise<Running> {
  const child = spawn(process.execPath, [START, "--port", "0", "--emulator-port", "0", "--state", state], {
    detached: true,
  });
  let printed = "";
  child.stdout.on("data", (data: Buffer) => (printed += data.toString()));
  child.stderr.on("data", (data: Buffer) => (printed += data.toString()));
  await eventually(
    async () => printed,
    (lines) => lines.includes("Press Ctrl-C to stop."),
    START_MILLISECONDS,
  );
  const found = (pattern: RegExp) => pattern.exec(printed)?.[1] ?? "";
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const run = {
    process: child,
    worker: found(/Parley +(http\S+)/u),
    emulator: found(/Phones +(http\S+)/u),
    adminKey: found(/Bearer (\S+)/u),
    stop: async () => {
      child.kill("SIGINT");
      await ended;
    },
  };
  running.push(run);
  return run;
}

/** Everything at once, as when the plug is pulled: the Node process and workerd under it. */
async function kill({ process: child }: Running): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  process.kill(-(child.pid ?? 0), "SIGKILL");
  await ended;
}

async function text(run: Running, body: string): Promise<void> {
  const url = `/phones/${encodeURIComponent(PHONE)}/messages?wait=webhook`;
  expect((await emulatorApi(run, "POST", url, { to: PIZZA, body })).status).toBe(201);
}

const isAnswered = (count: number) => (messages: readonly TranscriptMessage[]) =>
  messages.filter(({ direction, sid }) => direction === "out" && sid !== null).length === count;

afterEach(async () => {
  for (const run of running.splice(0)) {
    if (run.process.exitCode === null && run.process.signalCode === null) await kill(run);
  }
});

describe("npm start", () => {
  it("keeps conversations when everything is killed, and goes on where they were", async () => {
    const state = await mkdtemp(path.join(tmpdir(), "parley-state-"));
    const first = await start(state);
    await emulatorApi(first, "POST", "/phones", { number: PHONE });
    await text(first, "order");
    await eventually(() => transcript(first, PHONE, PIZZA), isAnswered(1));
    await kill(first);

    const second = await start(state);
    await emulatorApi(second, "POST", "/phones", { number: PHONE });
    await text(second, "funghi");
    const messages = await eventually(() => transcript(second, PHONE, PIZZA), isAnswered(2));
    expect(messages.map(({ text: said }) => said.split("\n")[0])).toEqual([
      "order",
      "Which pizza?",
      "funghi",
      "Funghi, good choice. Which size?",
    ]);
    await second.stop();
    expect(second.process.exitCode).toBe(0);
    await rm(state, { recursive: true, force: true });
  });

  it("says which port is in use, and how to choose another", async () => {
    const { createServer } = await import("node:net");
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    for (const option of ["--port", "--emulator-port"]) {
      const child = spawn(process.execPath, [START, option, String(port)]);
      let printed = "";
      child.stderr.on("data", (data: Buffer) => (printed += data.toString()));
      const code = await new Promise((resolve) => child.once("exit", resolve));
      expect(code).toBe(1);
      expect(printed).toBe(
        `Port ${port} is in use. Stop the other process, or choose a port: npm start -- ${option} ${port + 10}\n`,
      );
    }
    server.close();
  });
});
