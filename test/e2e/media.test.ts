import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, inject, it } from "vitest";
import { createSecrets } from "../../src/cli/secrets.ts";
import { startEmulator } from "../../src/emulator/server.ts";
import {
  emulatorApi,
  eventually,
  signedPost,
  type TranscriptMessage,
  testStack,
  transcript,
} from "../support/stack.ts";
import { freePort, NUMBERS, phoneOf, setUp } from "../torture/setup.ts";
import { Victim } from "../torture/victim.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const PHONE = "+12025550170";
const PIZZA = "+12025550100";

const ending: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
});

const isKept = (messages: readonly TranscriptMessage[]) => messages[0]?.media[0]?.status === "kept";

it("a picture from a phone is answered, kept, and opened by a URL that nobody can change", async () => {
  const stack = await testStack();
  ending.push(stack.stop);
  await emulatorApi(stack, "POST", "/phones", { number: PHONE });
  const form = new FormData();
  form.set("to", PIZZA);
  form.append("media", new File([PNG], "dot.png", { type: "image/png" }));
  const url = `${stack.emulator}/emulator/phones/${encodeURIComponent(PHONE)}/messages?wait=webhook`;
  expect((await fetch(url, { method: "POST", body: form })).status).toBe(201);

  const messages = await eventually(
    () => transcript(stack, PHONE, PIZZA),
    (all) => isKept(all) && all.length === 2,
  );
  const [medium] = messages[0]?.media ?? [];
  expect(medium).toMatchObject({ status: "kept", contentType: "image/png", size: PNG.length });
  const file = await fetch(medium?.url ?? "");
  expect(file.headers.get("content-type")).toBe("image/png");
  expect(Buffer.from(await file.arrayBuffer()).equals(PNG)).toBe(true);
  expect((await fetch(`${medium?.url}0`)).status).toBe(403);
  expect(stack.logged.join("\n")).not.toContain("signature=");
});

it("a picture whose Worker is killed before it is fetched is kept by the next one", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "parley-media-"));
  ending.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const emulator = await startEmulator({ port: 0 });
  ending.push(() => emulator.stop());
  const files = await fileServer();
  ending.push(files.stop);
  const secrets = createSecrets();
  const victim = new Victim(
    {
      port: await freePort(1),
      state: path.join(folder, "state"),
      secrets,
      vars: { SETTLE_SECONDS: "2" },
      prepared: inject("preparedWorker"),
    },
    path.join(folder, "temporary"),
  );
  ending.push(() => victim.end());
  await victim.start();
  const stack = { worker: victim.origin, emulator: emulator.origin, adminKey: secrets.ADMIN_KEY };
  await setUp(stack, 1);

  const [number] = NUMBERS;
  const fields = {
    MessageSid: `MM${"7".repeat(32)}`,
    AccountSid: `AC${"1".repeat(32)}`,
    From: phoneOf(0),
    To: number,
    Body: "",
    NumMedia: "1",
    MediaUrl0: `${files.origin}/picture`,
    MediaContentType0: "image/png",
  };
  const taken = await signedPost(`${stack.worker}/twilio/message`, fields, "1".repeat(32));
  expect(taken.status).toBe(200);
  // The file server has been asked and has not answered: the plug is pulled.
  await files.asked();
  await victim.kill();
  files.answer();
  await victim.start();

  const running = { ...stack, stop: async () => undefined };
  const [message] = await eventually(() => transcript(running, phoneOf(0), number), isKept);
  const file = await fetch(message?.media[0]?.url ?? "");
  expect(Buffer.from(await file.arrayBuffer()).equals(PNG)).toBe(true);
});

/** A host with a picture, which it gives only when it is told to. */
async function fileServer() {
  const asked = Promise.withResolvers<void>();
  let gives = false;
  const server = createServer((_: IncomingMessage, response: ServerResponse) => {
    asked.resolve();
    if (gives) response.writeHead(200, { "content-type": "image/png", "content-length": PNG.length }).end(PNG);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked.promise,
    answer: () => {
      gives = true;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
