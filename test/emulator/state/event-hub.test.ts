import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EmulatorEvent } from "../../../src/emulator/contract.ts";
import { NUMBER, PHONE, startReceiver, startTestEmulator, waitFor } from "../support.ts";

let emulator: Awaited<ReturnType<typeof startTestEmulator>>;
beforeEach(async () => {
  emulator = await startTestEmulator();
});
afterEach(() => emulator.stop());

interface StreamedEvent {
  readonly id: number;
  readonly name: string;
  readonly event: EmulatorEvent;
}

/** Collects server-sent events until it is closed. */
async function collectEvents(lastEventId?: number) {
  const abort = new AbortController();
  const headers = lastEventId === undefined ? {} : { "last-event-id": String(lastEventId) };
  const response = await fetch(`${emulator.origin}/emulator/events`, { headers, signal: abort.signal });
  expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/u);
  const events: StreamedEvent[] = [];
  let end: "open" | "clean" | "cut" = "open";
  const reading = (async () => {
    let text = "";
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      events.push(...blocks.flatMap(parse));
    }
  })().then(
    () => (end = "clean"),
    () => (end = "cut"),
  );
  return { events, close: () => abort.abort(), reading, end: () => end };
}

function parse(block: string): StreamedEvent[] {
  const fields = new Map(block.split("\n").map((line) => [line.split(": ")[0], line.slice(line.indexOf(": ") + 2)]));
  const [id, name, data] = ["id", "event", "data"].map((field) => fields.get(field));
  return data === undefined ? [] : [{ id: Number(id), name: name ?? "", event: JSON.parse(data) as EmulatorEvent }];
}

const isDelivered = ({ event }: StreamedEvent) => event.kind === "message" && event.message.status === "delivered";

describe("events", () => {
  test("report all changes in order", async () => {
    const receiver = await startReceiver();
    const stream = await collectEvents();
    await emulator.setNumber({ smsUrl: `${receiver.origin}/m` });
    await emulator.callJson("POST", "/emulator/phones", { number: "+12025550141" });
    await emulator.text("Hi");
    await emulator.client.messages.create({ to: PHONE, from: NUMBER, body: "Hello" });
    await waitFor("the delivery", () => stream.events.some(isDelivered));
    await emulator.callJson("POST", "/emulator/reset");
    await waitFor("the reset", () => stream.events.some(({ name }) => name === "reset"));
    const kinds = stream.events.map(({ event }) => (event.kind === "message" ? event.message.status : event.kind));
    expect(kinds).toEqual(["number", "phone", "received", "webhook", "queued", "sent", "delivered", "reset"]);
    expect(stream.events.every(({ name, event }) => name === event.kind)).toBe(true);
    const ids = stream.events.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
    expect(new Set(ids).size).toBe(ids.length);
    stream.close();
    await receiver.stop();
  });

  test("that were missed are sent after a reconnection", async () => {
    const stream = await collectEvents();
    await emulator.callJson("POST", "/emulator/phones", { number: "+12025550141" });
    const last = await waitFor("the first", () => stream.events.at(-1)?.id);
    stream.close();
    await stream.reading;
    await emulator.callJson("POST", "/emulator/phones", { number: "+12025550142" });
    const again = await collectEvents(last);
    await emulator.callJson("POST", "/emulator/phones", { number: "+12025550143" });
    await waitFor("two more", () => again.events.length === 2);
    expect(again.events.map(({ event }) => event.kind === "phone" && event.phone.number)).toEqual([
      "+12025550142",
      "+12025550143",
    ]);
    again.close();
  });

  test("of an earlier run are not continued: the reader gets a reset", async () => {
    const stream = await collectEvents(17);
    await waitFor("the reset", () => stream.events[0]?.event.kind === "reset");
    stream.close();
  });

  test("end when the emulator stops", async () => {
    const stream = await collectEvents();
    await emulator.stop();
    await waitFor("the end", () => stream.end() === "clean");
    emulator = await startTestEmulator();
  });
});
