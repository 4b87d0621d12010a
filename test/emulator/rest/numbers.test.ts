import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NUMBER, startTestEmulator } from "../support.ts";

let emulator: Awaited<ReturnType<typeof startTestEmulator>>;
beforeEach(async () => {
  emulator = await startTestEmulator();
  await emulator.setNumber({ friendlyName: "Support" }, "+12025550101");
  await emulator.setNumber({}, "12345");
});
afterEach(() => emulator.stop());

const numbers = async (filter: object) =>
  (await emulator.client.incomingPhoneNumbers.list(filter)).map(({ phoneNumber }) => phoneNumber);

describe("Twilio's client", () => {
  test("lists numbers, filtered by number and name, without short codes", async () => {
    expect(await numbers({})).toEqual([NUMBER, "+12025550101"]);
    expect(await numbers({ phoneNumber: "+12025550101" })).toEqual(["+12025550101"]);
    expect(await numbers({ phoneNumber: "5550100" })).toEqual([NUMBER]);
    expect(await numbers({ phoneNumber: "20255501*1" })).toEqual(["+12025550101"]);
    expect(await numbers({ friendlyName: "Support" })).toEqual(["+12025550101"]);
    expect(await numbers({ pageSize: 1 })).toEqual([NUMBER, "+12025550101"]);
  });

  test("sets webhooks", async () => {
    const [number] = await emulator.client.incomingPhoneNumbers.list({ phoneNumber: NUMBER });
    const updated = await emulator.client.incomingPhoneNumbers(number?.sid ?? "").update({
      smsUrl: "https://parley.example/twilio/message#rc=5&rp=all",
      smsMethod: "GET",
      smsFallbackUrl: "https://parley.example/twilio/fallback",
      smsFallbackMethod: "POST",
      statusCallback: "https://parley.example/twilio/status",
      friendlyName: "Main",
    });
    expect(updated).toMatchObject({
      sid: number?.sid,
      smsUrl: "https://parley.example/twilio/message#rc=5&rp=all",
      smsMethod: "GET",
      smsFallbackUrl: "https://parley.example/twilio/fallback",
      friendlyName: "Main",
      capabilities: { sms: true, mms: true },
    });
    expect(await emulator.client.incomingPhoneNumbers(number?.sid ?? "").fetch()).toMatchObject({
      friendlyName: "Main",
    });
    const state = await emulator.state();
    expect(state.numbers.find(({ phoneNumber }) => phoneNumber === NUMBER)).toMatchObject({ smsMethod: "GET" });
    const cleared = await emulator.client
      .incomingPhoneNumbers(number?.sid ?? "")
      .update({ smsUrl: "", smsFallbackUrl: "" });
    expect(cleared).toMatchObject({ smsUrl: "", smsFallbackUrl: "", friendlyName: "Main" });
  });

  test.each([
    ["a fallback without a URL", 21406, { smsFallbackUrl: "https://x.example/" }],
    ["an invalid URL", 21402, { smsUrl: "parley" }],
    ["an invalid method", 21403, { smsUrl: "https://x.example/", smsMethod: "PUT" }],
  ])("receives an error for %s: %i", async (_, code, change) => {
    const [number] = await emulator.client.incomingPhoneNumbers.list({ phoneNumber: NUMBER });
    const update = emulator.client.incomingPhoneNumbers(number?.sid ?? "").update(change);
    await expect(update).rejects.toMatchObject({ code, status: 400 });
    expect(await emulator.client.incomingPhoneNumbers(number?.sid ?? "").fetch()).toMatchObject({ smsUrl: "" });
  });

  test("receives an error for an unknown number", async () => {
    const fetched = emulator.client.incomingPhoneNumbers(`PN${"0".repeat(32)}`).fetch();
    await expect(fetched).rejects.toMatchObject({ code: 20404, status: 404 });
  });
});
