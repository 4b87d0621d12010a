import twilio from "twilio";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  EMPTY_TWIML,
  NUMBER,
  PHONE,
  type ReceiverReply,
  startReceiver,
  startTestEmulator,
  TOKEN,
  twiml,
  waitFor,
} from "../support.ts";

let emulator: Awaited<ReturnType<typeof startTestEmulator>>;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeEach(async () => {
  [emulator, receiver] = await Promise.all([startTestEmulator(), startReceiver()]);
  await emulator.setNumber({ smsUrl: `${receiver.origin}/twilio/message` });
});
afterEach(() => Promise.all([emulator.stop(), receiver.stop()]));

const answerWith = (reply: ReceiverReply) => {
  receiver.behaviour.answer = ({ url }) => (url === "/twilio/message" ? reply : EMPTY_TWIML);
};

async function waitForReplies(count: number) {
  return waitFor(`${count} replies that are through`, async () => {
    const out = (await emulator.transcript()).filter(({ direction }) => direction === "outbound-reply");
    return out.length >= count && out.every(({ status }) => status === "delivered" || status === "failed") && out;
  });
}

describe("TwiML", () => {
  test("from Twilio's builder is parsed", async () => {
    const response = new twilio.twiml.MessagingResponse();
    response.message("First & <second> 😀");
    const message = response.message({}, "");
    message.body("With a picture");
    message.media(`${receiver.origin}/picture`);
    receiver.behaviour.answer = ({ url }) =>
      url === "/picture"
        ? { headers: { "content-type": "image/jpeg" }, body: "jpeg" }
        : { headers: { "content-type": "text/xml" }, body: response.toString() };
    await emulator.text("Hi");
    expect(await waitForReplies(2)).toMatchObject([
      { body: "First & <second> 😀", from: NUMBER, to: PHONE, status: "delivered", media: [] },
      { body: "With a picture", status: "delivered", media: [{ contentType: "image/jpeg" }] },
    ]);
  });

  test("may contain character references and CDATA", async () => {
    answerWith(twiml("<Message>Gr&#252;&#xDF;e <![CDATA[<&amp;>]]></Message>"));
    await emulator.text("Hi");
    expect(await waitForReplies(1)).toMatchObject([{ body: "Grüße <&amp;>" }]);
  });

  test("that is empty sends nothing; plain text is sent as a message", async () => {
    await emulator.text("Hi");
    answerWith({ headers: { "content-type": "text/plain; charset=utf-8" }, body: " Just this <b> \n" });
    await emulator.text("Hi again");
    expect((await waitForReplies(1)).map(({ body }) => body)).toEqual(["Just this <b>"]);
  });

  test("may set sender and recipient", async () => {
    await emulator.setNumber({}, "+12025550101");
    answerWith(twiml(`<Message from="+12025550101" to="${PHONE}">Other number</Message>`));
    await emulator.text("Hi");
    const found = await waitFor("the reply", async () =>
      (await emulator.state()).messages.find(({ body }) => body === "Other number"),
    );
    expect(found).toMatchObject({ from: "+12025550101", to: PHONE });
  });

  test("may set callbacks, relative to its URL", async () => {
    answerWith(twiml('<Message statusCallback="../status?a=1&amp;b=2" action="/action">Hello</Message>'));
    await emulator.text("Hi");
    await waitFor("three callbacks", () => receiver.received.length === 4);
    const statuses = (path: string) => receiver.to(path).map(({ form }) => form["MessageStatus"]);
    expect(new Set(statuses("/status"))).toEqual(new Set(["sent", "delivered"]));
    expect(statuses("/action")).toEqual(["sent"]);
    const [request] = receiver.to("/status");
    const url = `${receiver.origin}/status?a=1&b=2`;
    const signature = String(request?.headers["x-twilio-signature"]);
    expect(twilio.validateRequest(TOKEN, signature, url, request?.form ?? {})).toBe(true);
  });

  test("may redirect to another document with the same parameters; later verbs are not executed", async () => {
    const one = twiml("<Message>One</Message><Redirect>next?page=2</Redirect><Message>Never</Message>");
    receiver.behaviour.answer = ({ url }) => (url === "/twilio/message" ? one : twiml("<Message>Two</Message>"));
    const { sid } = await emulator.text("Hi");
    expect((await waitForReplies(2)).map(({ body }) => body)).toEqual(["One", "Two"]);
    expect(receiver.received[1]).toMatchObject({
      method: "POST",
      url: "/twilio/next?page=2",
      form: { MessageSid: sid },
    });
  });

  test("that redirects to itself ends", async () => {
    answerWith(twiml("<Redirect/>"));
    await emulator.text("Hi");
    expect(receiver.received.length).toBeGreaterThan(5);
    expect(receiver.received.length).toBeLessThan(50);
  });

  test("that redirects to a missing document calls the fallback", async () => {
    await emulator.setNumber({ smsUrl: `${receiver.origin}/twilio/message`, smsFallbackUrl: `${receiver.origin}/f` });
    receiver.behaviour.answer = ({ url }) => {
      if (url === "/twilio/message") return twiml("<Redirect>/gone</Redirect>");
      return url === "/gone" ? { status: 404 } : EMPTY_TWIML;
    };
    await emulator.text("Hi");
    expect(receiver.to("/f").map(({ form }) => [form["ErrorCode"], form["ErrorUrl"]])).toEqual([
      ["11200", `${receiver.origin}/gone`],
    ]);
  });

  test.each([
    ["too long", `<Message>${"x".repeat(1_601)}</Message>`, 14103],
    ["empty", "<Message/>", 14103],
    ["from a stranger's number", '<Message from="+12025550199">Hi</Message>', 14102],
  ])("cannot send a message that is %s", async (_, content, errorCode) => {
    answerWith(twiml(content));
    await emulator.text("Hi");
    const failed = await waitFor("the failure", async () =>
      (await emulator.state()).messages.find(({ status }) => status === "failed"),
    );
    expect(failed).toMatchObject({ direction: "outbound-reply", errorCode });
  });
});

const create = () => emulator.client.messages.create({ to: PHONE, from: NUMBER, body: "News" });
const bodies = async (count: number) => (await waitForReplies(count)).map(({ body }) => body);

describe("an opt-out", () => {
  test.each(["STOP", " stop ", "StopAll", "UNSUBSCRIBE", "cancel", "END", "quit", "Revoke", "OPTOUT"])(
    "by %j is confirmed once, and blocks further messages from that number",
    async (word) => {
      await emulator.text(word);
      expect(await bodies(1)).toEqual([expect.stringMatching(/^You have successfully been unsubscribed\./u)]);
      expect(receiver.received.map(({ form }) => form["Body"])).toEqual([word]);
      expect(receiver.received[0]?.form["OptOutType"]).toBeUndefined();
      await expect(create()).rejects.toMatchObject({ code: 21610, status: 400 });
      answerWith(twiml("<Message>But wait</Message>"));
      await emulator.text("STOP");
      await emulator.text("HELP");
      expect(await waitForReplies(3)).toMatchObject([
        { status: "delivered" },
        { body: "But wait", status: "failed", errorCode: 21610 },
        { body: "But wait", status: "failed", errorCode: 21610 },
      ]);
    },
  );

  test.each(["START", "unstop", "yes"])("is withdrawn by %j", async (word) => {
    await emulator.text("STOP");
    await emulator.text(word);
    expect(await bodies(2)).toEqual([
      expect.stringMatching(/unsubscribed/u),
      expect.stringMatching(/^You have successfully been re-subscribed/u),
    ]);
    expect((await create()).status).toBe("queued");
    expect(receiver.received).toHaveLength(2);
  });

  test("applies only to that number", async () => {
    await emulator.setNumber({}, "+12025550101");
    await emulator.text("STOP");
    const other = emulator.client.messages.create({ to: PHONE, from: "+12025550101", body: "News" });
    expect((await other).status).toBe("queued");
  });

  test.each(["HELP", "info"])("is explained after %j", async (word) => {
    await emulator.text(word);
    expect(await bodies(1)).toEqual(["Reply STOP to unsubscribe. Msg&Data Rates May Apply."]);
  });

  test.each(["STOP PLEASE", "Don't stop", "YES", "STOP."])("is not caused by %j", async (text) => {
    await emulator.text(text);
    expect((await create()).status).toBe("queued");
    expect((await emulator.transcript()).filter(({ direction }) => direction === "outbound-reply")).toEqual([]);
  });

  test("is left to the webhook if Twilio's handling is switched off, except on toll-free numbers", async () => {
    await emulator.setNumber({ optOut: false, smsUrl: `${receiver.origin}/twilio/message` });
    await emulator.setNumber({ optOut: false }, "+18885550100");
    for (const word of ["STOP", "HELP", "START"]) await emulator.text(word);
    expect(receiver.received.map(({ form }) => form["Body"])).toEqual(["STOP", "HELP", "START"]);
    expect((await emulator.transcript()).filter(({ direction }) => direction !== "inbound")).toEqual([]);
    expect((await create()).status).toBe("queued");
    await emulator.text("STOP", { to: "+18885550100" });
    const tollFree = emulator.client.messages.create({ to: PHONE, from: "+18885550100", body: "News" });
    await expect(tollFree).rejects.toMatchObject({ code: 21610 });
  });

  test("is handled by the network on toll-free numbers, and not at all on short codes", async () => {
    await emulator.setNumber({}, "+18885550100");
    await emulator.setNumber({}, "12345");
    const text = (to: string, body: string) =>
      emulator.callJson("POST", `/emulator/phones/${PHONE}/messages?wait=webhook`, { to, body });
    for (const number of ["+18885550100", "12345"]) await text(number, "STOP");
    const createFrom = (from: string) => emulator.client.messages.create({ to: PHONE, from, body: "News" });
    await expect(createFrom("+18885550100")).rejects.toMatchObject({ code: 21610 });
    expect((await createFrom("12345")).status).toBe("queued");
    await text("+18885550100", "UNSTOP");
    expect((await createFrom("+18885550100")).status).toBe("queued");
    const words = (await emulator.state()).messages.filter(({ direction }) => direction === "outbound-reply");
    expect(words.map(({ from, body }) => [from, body.slice(0, 12)])).toEqual([
      ["+18885550100", "NETWORK MSG:"],
      ["+18885550100", "NETWORK MSG:"],
    ]);
  });
});
