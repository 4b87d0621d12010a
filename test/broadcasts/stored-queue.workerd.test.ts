import {
  createExecutionContext,
  evictDurableObject,
  runInDurableObject,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import { sendBatches } from "../../src/broadcasts/consumer.ts";
import { NUMBER, PHONE, playAnew } from "../db/stored/scenario.ts";
import { compareKeys, NO_DIFFERENCE } from "../support/stored-keys.ts";
import { restoreRows, rowsIn } from "../support/stored-rows.ts";
import { api, eventually, reached } from "../support/worker.ts";
import fixture from "./stored/queue.json";

beforeAll(playAnew);
afterEach(() => vi.restoreAllMocks());

/** The queue takes messages, and brings none. @returns those that it was given */
function holdQueue(): readonly (readonly unknown[])[] {
  const queue = Object.getPrototypeOf(env.BROADCAST_QUEUE) as typeof env.BROADCAST_QUEUE;
  return vi.spyOn(queue, "send").mockResolvedValue(undefined as never).mock.calls;
}

const broadcasts = () => env.BROADCASTS.getByName(NUMBER);

it("a message of the queue, and what the object keeps of its lot, have the keys that were recorded", async () => {
  const sent = holdQueue();
  expect((await api("POST", "/v1/broadcasts/spring/start")).status).toBe(200);
  await eventually(
    () => Promise.resolve(sent.length),
    (count) => count === 1,
  );
  expect(compareKeys(fixture.message, sent[0]?.[0], [])).toEqual(NO_DIFFERENCE);
  const anew = await runInDurableObject(broadcasts(), (_, state) => ({
    rows: rowsIn(state.storage),
    kv: Object.fromEntries(state.storage.kv.list()),
  }));
  expect(compareKeys(fixture.rows, anew.rows, [])).toEqual(NO_DIFFERENCE);
  expect(anew.kv).toEqual(fixture.kv);
});

async function restore(): Promise<void> {
  await runInDurableObject(broadcasts(), async (_, state) => {
    await state.storage.deleteAlarm();
    restoreRows(state.storage, fixture);
    for (const [key, value] of Object.entries(fixture.kv)) state.storage.kv.put(key, value);
  });
  await evictDurableObject(broadcasts());
}

it("a lot that was out is given out again under the same name", async () => {
  await restore();
  const sent = holdQueue();
  expect(await broadcasts().wake()).toBe(true);
  await eventually(
    () => Promise.resolve(sent.length),
    (count) => count === 1,
  );
  expect(sent).toEqual([[fixture.message]]);
});

it("a message that an older release has put into the queue texts its recipient, once", async () => {
  await restore();
  holdQueue();
  const ended: string[] = [];
  const message = { body: fixture.message, ack: () => ended.push("ack"), retry: () => ended.push("retry") };
  for (const messages of [[message], [message]]) {
    const ctx = createExecutionContext();
    await sendBatches({ messages } as unknown as MessageBatch, env, ctx);
    await waitOnExecutionContext(ctx);
  }
  expect(ended).toEqual(["ack", "ack"]);
  const texts = await eventually(
    () => reached(PHONE, NUMBER),
    (all) => all.some((text) => text.includes("Hello")),
  );
  expect(texts.filter((text) => text.includes("Hello"))).toEqual(["From the shop\nHello"]);
  const shown = await (await api("GET", "/v1/broadcasts/spring")).json();
  expect(shown).toMatchObject({ status: "done", progress: { sent: 1, segments: 1, queueMessages: 1 } });
});
