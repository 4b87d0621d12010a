import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EmulatorEvent } from "../../../src/emulator/contract.ts";
import { NUMBER, PHONE, startReceiver, startTestEmulator, until } from "../support.ts";

let emulator: Awaited<ReturnType<typeof startTestEmulator>>;
beforeEach(async () => {
  emulator = await startTestEmulator();
});
afterEach(() => emulator.stop());

interface Told {
  readonly id: number;
  readonly name: string;
  readonly event: EmulatorEvent;
}

/** Reads server-sent events until it is closed. */
async function listen(lastEventId?: number) {
  const abort = new AbortController();
  const headers = lastEventId === undefined ? {} : { "last-event-id": String(lastEventId) };
  const response = await fetch(`${emulator.origin}/emulator/events`, { headers, signal: abort.signal });
  expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/u);
  const told: Told[] = [];
  let end: "open" | "clean" | "cut" = "open";
  const reading = (async () => {
    let text = "";
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      told.push(...blocks.flatMap(parse));
    }
  })().then(
    () => (end = "clean"),
    () => (end = "cut"),
  );
  return { told, close: () => abort.abort(), reading, end: () => end };
}

function parse(block: string): Told[] {
  const fields = new Map(block.split("\n").map((line) => [line.split(": ")[0], line.slice(line.indexOf(": ") + 2)]));
  const [id, name, data] = ["id", "event", "data"].map((field) => fields.get(field));
  return data === undefined ? [] : [{ id: Number(id), name: name ?? "", event: JSON.parse(data) as EmulatorEvent }];
}

const isDelivered = ({ event }: Told) => event.kind === "message" && event.message.status === "delivered";

describe("events", () => {
  test("tell all that happens, in order", async () => {
    const receiver = await startReceiver();
    const stream = await listen();
    await emulator.setNumber({ smsUrl: `${receiver.origin}/m` });
    await emulator.done("POST", "/emulator/phones", { number: "+12025550141" });
    await emulator.text("Hi");
    await emulator.client.messages.create({ to: PHONE, from: NUMBER, body: "Hello" });
    await until("the delivery", () => stream.told.some(isDelivered));
    await emulator.done("POST", "/emulator/reset");
    await until("the reset", () => stream.told.some(({ name }) => name === "reset"));
    const kinds = stream.told.map(({ event }) => (event.kind === "message" ? event.message.status : event.kind));
    expect(kinds).toEqual(["number", "phone", "received", "webhook", "queued", "sent", "delivered", "reset"]);
    expect(stream.told.every(({ name, event }) => name === event.kind)).toBe(true);
    const ids = stream.told.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    expect(new Set(ids).size).toBe(ids.length);
    stream.close();
    await receiver.stop();
  });

  test("that were missed come after a reconnection", async () => {
    const stream = await listen();
    await emulator.done("POST", "/emulator/phones", { number: "+12025550141" });
    const last = await until("the first", () => stream.told.at(-1)?.id);
    stream.close();
    await stream.reading;
    await emulator.done("POST", "/emulator/phones", { number: "+12025550142" });
    const again = await listen(last);
    await emulator.done("POST", "/emulator/phones", { number: "+12025550143" });
    await until("two more", () => again.told.length === 2);
    expect(again.told.map(({ event }) => event.kind === "phone" && event.phone.number)).toEqual([
      "+12025550142",
      "+12025550143",
    ]);
    again.close();
  });

  test("of another run cannot be continued: the reader is told to begin anew", async () => {
    const stream = await listen(17);
    await until("the reset", () => stream.told[0]?.event.kind === "reset");
    stream.close();
  });

  test("end when the emulator stops", async () => {
    const stream = await listen();
    await emulator.stop();
    await until("the end", () => stream.end() === "clean");
    emulator = await startTestEmulator();
  });
});
