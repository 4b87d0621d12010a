import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { FaultReport } from "../../../src/emulator/faults/fault-injector.ts";
import { EMPTY_TWIML, NUMBER, PHONE, startReceiver, startTestEmulator, waitFor } from "../support.ts";

let emulator: Awaited<ReturnType<typeof startTestEmulator>>;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  [emulator, receiver] = await Promise.all([startTestEmulator(), startReceiver()]);
  await emulator.setNumber({ smsUrl: `${receiver.origin}/m#rc=2&rp=all`, smsFallbackUrl: `${receiver.origin}/f` });
});
afterEach(() => Promise.all([emulator.stop(), receiver.stop()]));

const plan = (webhook: object, seed = 1) => emulator.callJson("PUT", "/emulator/faults", { seed, webhook });
const counts = async () => (await emulator.callJson<FaultReport>("GET", "/emulator/faults")).counts;
const bodies = () => receiver.received.map(({ form }) => form["Body"]);

describe("an inbound webhook", () => {
  test("is delivered several times in sequence, with the same SID", async () => {
    let open = 0;
    receiver.behaviour.answer = () => ((open += 1) > 0 ? EMPTY_TWIML : null);
    await plan({ repeat: 1, copies: 4, spreadMs: 5 });
    const { sid } = await emulator.text("Hi");
    await waitFor("four deliveries", async () => (await emulator.attempts(sid)).length === 4);
    expect(receiver.received.map(({ form }) => form["MessageSid"])).toEqual(Array(4).fill(sid));
    expect(await counts()).toEqual({ "webhook.repeat": 3 });
    expect(open).toBe(4);
  });

  test("is delivered several times at once", async () => {
    receiver.behaviour.answer = () => null;
    await plan({ repeat: 1, copies: 5, concurrent: 1 });
    await emulator.callJson("POST", `/emulator/phones/${PHONE}/messages`, { to: NUMBER, body: "Hi" });
    // No request is answered, so five arrive only if they are sent at once.
    await waitFor("five deliveries", () => receiver.received.length === 5);
  });

  test("is delivered in sequence unless the plan says otherwise", async () => {
    receiver.behaviour.answer = () => null;
    await plan({ repeat: 1, copies: 5, concurrent: 0, lost: 0 });
    await emulator.setNumber({ smsUrl: `${receiver.origin}/m#rc=0&rt=100` });
    await emulator.text("Hi");
    expect(receiver.received).toHaveLength(1);
    await waitFor("the other deliveries", () => receiver.received.length === 5);
  });

  test("whose response is lost is retried, then sent to the fallback", async () => {
    await plan({ lost: 1 });
    const { sid } = await emulator.text("Hi");
    expect(receiver.received.map(({ url }) => url)).toEqual(["/m", "/m", "/m", "/f"]);
    const tokens = receiver.received.slice(0, 3).map(({ headers }) => headers["i-twilio-idempotency-token"]);
    expect(new Set(tokens).size).toBe(1);
    const attempts = await emulator.attempts(sid);
    expect(attempts.every(({ status, error }) => status === null && error?.code === 11200)).toBe(true);
    expect(await counts()).toEqual({ "webhook.lost": 4 });
  });

  test("is retried until a response is not lost", async () => {
    await plan({ lost: 0.5 }, 3);
    for (let text = 0; text < 12; text += 1) await emulator.text(`text ${text}`);
    const perText = Array.from({ length: 12 }, (_, text) => bodies().filter((body) => body === `text ${text}`).length);
    expect(new Set(perText).size).toBeGreaterThan(1);
    expect(perText).toContain(1);
  });

  test("is overtaken by that of a later text only if the plan says so", async () => {
    await plan({ late: 0.5, lateMs: 150 }, 2);
    const texts = Array.from({ length: 8 }, (_, index) => `text ${index}`);
    const late = async () => (await counts())["webhook.late"] ?? 0;
    for (const [index, body] of texts.entries()) {
      await emulator.callJson("POST", `/emulator/phones/${PHONE}/messages`, { to: NUMBER, body });
      await waitFor(
        "the text to arrive or to be delayed",
        async () => receiver.received.length + (await late()) > index,
      );
    }
    await waitFor("all texts", () => receiver.received.length === 8);
    expect(new Set(bodies())).toEqual(new Set(texts));
    expect(await late()).toBeGreaterThan(0);
    expect(await late()).toBeLessThan(8);
    expect(bodies()).not.toEqual(texts);
  });

  test("is delivered once and immediately without a plan", async () => {
    await plan({});
    for (const text of ["a", "b", "c"]) await emulator.text(text);
    expect(bodies()).toEqual(["a", "b", "c"]);
    expect(await counts()).toEqual({});
  });
});
