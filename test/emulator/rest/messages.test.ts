import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ACCOUNT, createTwilioClient, NUMBER, PHONE, startTestEmulator, TOKEN, waitFor } from "../support.ts";

type TestEmulator = Awaited<ReturnType<typeof startTestEmulator>>;
let emulator: TestEmulator;
beforeEach(async () => {
  emulator = await startTestEmulator();
});
afterEach(() => emulator.stop());

const send = (body: string) => emulator.client.messages.create({ to: PHONE, from: NUMBER, body });

async function waitForDelivery(sid: string) {
  return waitFor(`the delivery of ${sid}`, async () => {
    const message = await emulator.client.messages(sid).fetch();
    return message.status === "delivered" && message;
  });
}

describe("Twilio's client", () => {
  test("fetches the account with either token", async () => {
    await emulator.callJson("PUT", `/emulator/accounts/${ACCOUNT}`, {
      friendlyName: "Northwind",
      authToken: TOKEN,
      secondaryAuthToken: "next",
      type: "Trial",
    });
    for (const token of [TOKEN, "next"]) {
      const account = await createTwilioClient(emulator.origin, ACCOUNT, token).api.v2010.accounts(ACCOUNT).fetch();
      expect(account).toMatchObject({ sid: ACCOUNT, friendlyName: "Northwind", status: "active", type: "Trial" });
      expect(account.dateCreated).toBeInstanceOf(Date);
    }
  });

  test("creates a message, which is then delivered", async () => {
    const created = await send("Hello");
    expect(created).toMatchObject({
      accountSid: ACCOUNT,
      apiVersion: "2010-04-01",
      body: "Hello",
      direction: "outbound-api",
      errorMessage: null,
      from: NUMBER,
      messagingServiceSid: null,
      numMedia: "0",
      numSegments: "1",
      price: null,
      priceUnit: "USD",
      status: "queued",
      to: PHONE,
    });
    expect(created.sid).toMatch(/^SM[0-9a-f]{32}$/u);
    expect(created.errorCode).toBeNull();
    expect(Math.abs(created.dateCreated.getTime() - Date.now())).toBeLessThan(5_000);
    const after = await waitForDelivery(created.sid);
    expect(after.dateSent).toBeInstanceOf(Date);
    expect((await emulator.transcript()).map(({ body, status }) => [body, status])).toEqual([["Hello", "delivered"]]);
  });

  test("receives dates and URLs in Twilio's format", async () => {
    const { sid } = await send("Hello");
    const path = `/2010-04-01/Accounts/${ACCOUNT}/Messages/${sid}`;
    await waitForDelivery(sid);
    const response = await fetch(`${emulator.origin}${path}.json`, {
      headers: { authorization: `Basic ${btoa(`${ACCOUNT}:${TOKEN}`)}` },
    });
    const message = (await response.json()) as Record<string, unknown>;
    expect(message["date_sent"]).toMatch(/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} \+0000$/u);
    expect(message).toMatchObject({ uri: `${path}.json`, subresource_uris: { media: `${path}/Media.json` } });
  });

  test("receives the number of segments", async () => {
    expect((await send("ж".repeat(71))).numSegments).toBe("2");
  });

  test("may send formatted phone numbers", async () => {
    const message = await emulator.client.messages.create({ to: "1 (202) 555-0140", from: "12025550100", body: "Hi" });
    expect(message).toMatchObject({ to: PHONE, from: NUMBER });
  });

  test("redacts and deletes finished messages", async () => {
    const { sid } = await send("Secret");
    await waitForDelivery(sid);
    expect((await emulator.client.messages(sid).update({ body: "" })).body).toBe("");
    expect((await emulator.client.messages(sid).fetch()).body).toBe("");
    expect(await emulator.client.messages(sid).remove()).toBe(true);
    await expect(emulator.client.messages(sid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
  });

  test("pages through a list in both directions, newest first", async () => {
    const sids: string[] = [];
    for (let index = 0; index < 7; index += 1) sids.unshift((await send(`Message ${index}`)).sid);
    expect((await emulator.client.messages.list({ pageSize: 3 })).map(({ sid }) => sid)).toEqual(sids);
    expect((await emulator.client.messages.list({ pageSize: 3, limit: 4 })).length).toBe(4);

    const each: string[] = [];
    await new Promise<void>((resolve) => {
      emulator.client.messages.each({ pageSize: 2, done: () => resolve() }, ({ sid }) => each.push(sid));
    });
    expect(each).toEqual(sids);

    const first = await emulator.client.messages.page({ pageSize: 3 });
    // A message that arrives meanwhile does not shift the pages.
    const late = await send("Late");
    const second = await first.nextPage();
    expect(second?.instances.map(({ sid }) => sid)).toEqual(sids.slice(3, 6));
    const third = await second?.nextPage();
    expect(third?.instances.map(({ sid }) => sid)).toEqual(sids.slice(6));
    expect(third?.nextPageUrl).toBeUndefined();
    const back = await second?.previousPage();
    expect(back?.instances.map(({ sid }) => sid)).toEqual(sids.slice(0, 3));
    expect((await emulator.client.messages.list({ limit: 1 }))[0]?.sid).toBe(late.sid);
  });

  test("receives the paging fields of a page", async () => {
    await send("One");
    await send("Two");
    const uri = `/2010-04-01/Accounts/${ACCOUNT}/Messages.json`;
    const response = await fetch(`${emulator.origin}${uri}?PageSize=1&To=%2B12025550140`, {
      headers: { authorization: `Basic ${btoa(`${ACCOUNT}:${TOKEN}`)}` },
    });
    const page = (await response.json()) as Record<string, unknown>;
    expect(page).toMatchObject({ page: 0, page_size: 1, start: 0, end: 0, previous_page_uri: null });
    expect(page["uri"]).toBe(`${uri}?PageSize=1&To=%2B12025550140`);
    expect(page["first_page_uri"]).toBe(`${uri}?PageSize=1&To=%2B12025550140&Page=0`);
    expect(page["next_page_uri"]).toMatch(/PageSize=1&To=%2B12025550140&Page=1&PageToken=PA\w+$/u);
  });

  test("filters a list by sender, recipient and date", async () => {
    const other = "+12025550101";
    await emulator.setNumber({}, other);
    await emulator.callJson("POST", "/emulator/phones", { number: "+12025550141" });
    const a = await send("a");
    const b = await emulator.client.messages.create({ to: "+12025550141", from: NUMBER, body: "b" });
    const c = await emulator.client.messages.create({ to: PHONE, from: other, body: "c" });
    for (const { sid } of [a, b, c]) await waitForDelivery(sid);
    const bodies = async (filter: object) => (await emulator.client.messages.list(filter)).map(({ body }) => body);

    expect(await bodies({ to: PHONE })).toEqual(["c", "a"]);
    expect(await bodies({ from: other })).toEqual(["c"]);
    expect(await bodies({ from: NUMBER, to: PHONE })).toEqual(["a"]);

    const now = Date.now();
    const [minute, day] = [60_000, 86_400_000];
    expect(await bodies({ dateSent: new Date(now) })).toHaveLength(3);
    expect(await bodies({ dateSent: new Date(now - 2 * day) })).toEqual([]);
    expect(await bodies({ dateSentAfter: new Date(now - minute) })).toHaveLength(3);
    expect(await bodies({ dateSentAfter: new Date(now + minute) })).toEqual([]);
    expect(await bodies({ dateSentBefore: new Date(now + minute) })).toHaveLength(3);
    expect(await bodies({ dateSentBefore: new Date(now - minute) })).toEqual([]);
    const today = new Date(now).toISOString().slice(0, 10);
    expect(await bodies({ dateSentAfter: today, dateSentBefore: today })).toHaveLength(3);
    expect(await bodies({ dateSentBefore: new Date(now - day).toISOString().slice(0, 10) })).toEqual([]);
    await expect(bodies({ dateSent: ">=2026-01-01" })).rejects.toMatchObject({ code: 20001, status: 400 });
  });
});

describe("a message that has not been sent", () => {
  beforeEach(async () => {
    await emulator.stop();
    emulator = await startTestEmulator({ queuedMs: 600_000, sentMs: 0 });
  });

  test("can be canceled once", async () => {
    const { sid } = await send("Wait");
    expect((await emulator.client.messages(sid).update({ status: "canceled" })).status).toBe("canceled");
    await expect(emulator.client.messages(sid).update({ status: "canceled" })).rejects.toMatchObject({
      code: 30409,
      status: 409,
    });
  });

  test("cannot be redacted or deleted", async () => {
    const { sid } = await send("Wait");
    const unfinished = { code: 20009, status: 409 };
    await expect(emulator.client.messages(sid).remove()).rejects.toMatchObject(unfinished);
    await expect(emulator.client.messages(sid).update({ body: "" })).rejects.toMatchObject(unfinished);
    await expect(emulator.client.messages(sid).update({ body: "Other" })).rejects.toMatchObject({ code: 30400 });
  });

  test("is excluded by filters on dates", async () => {
    const { sid, dateSent } = await send("Wait");
    expect(dateSent).toBeNull();
    expect((await emulator.client.messages.list({ to: PHONE })).map((one) => one.sid)).toEqual([sid]);
    expect(await emulator.client.messages.list({ dateSentAfter: new Date(0) })).toEqual([]);
  });
});
