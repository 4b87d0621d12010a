import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KINDS } from "../support/bots/kinds.ts";
import { servePicture } from "../support/bots/picture.ts";
import type { StandIn } from "../support/bots/stand-in.ts";
import { chromiumPath, openBrowser } from "../support/browser.ts";
import { PhonePage } from "../support/phone-page.ts";
import { adminApi, type TestStack, testStack, transcript } from "../support/stack.ts";

const ACCOUNT = "AC00000000000000000000000000000001";

const BOTS = Object.keys(KINDS);
const numberOf = (kind: string) => `+1202555010${BOTS.indexOf(kind)}`;

describe.skipIf(chromiumPath === null)("remote assistants on the phone page", () => {
  const bots = new Map<string, StandIn>();
  let stack: TestStack;
  let browser: Browser;
  let open: PhonePage;

  beforeAll(async () => {
    // The emulator runs in this process and fetches the picture as Twilio does.
    servePicture();
    [stack, browser] = await Promise.all([testStack(), openBrowser()]);
    for (const [kind, start] of Object.entries(KINDS)) {
      const bot = await start();
      bots.set(kind, bot);
      await answerWith(kind, bot);
    }
    open = await PhonePage.open(browser, stack.emulator);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    await Promise.all([...bots.values()].map(async (bot) => await bot.close()));
  });

  async function answerWith(kind: string, { origin, assistant, secrets }: StandIn): Promise<void> {
    const { host } = new URL(origin);
    const put = async (path: string, body: object) => {
      const { status, body: answer } = await adminApi(stack, "PUT", path, body);
      if (status > 299) throw new Error(JSON.stringify(answer));
      return answer;
    };
    for (const [name, value] of Object.entries(secrets)) await put(`/v1/secrets/${name}`, { value, hosts: [host] });
    const saved = await put(`/v1/applications/bot-${kind}`, { name: "Bots", assistant, allowedHosts: [host] });
    expect(saved["warnings"]).toEqual([]);
    await put(`/v1/numbers/${numberOf(kind)}`, { account: ACCOUNT, application: `bot-${kind}`, type: "long-code" });
  }

  it.each(BOTS)(
    "%s: sends text, picture, options and handover in order, and understands 2 as the second option",
    async (kind) => {
      const phone = await open.addPhone(numberOf(kind));
      await phone.send("Hi");
      await phone.answer("3. House");
      await phone.send("2");
      await phone.answer("You said Car.");
      await phone.send("Person");
      await phone.answer("Somebody will text you.");
      const shown = await phone.received();
      const words = ["Welcome aboard.", "The pier", "How do you travel?", "You said Car.", "I will ask", "Somebody"];
      expect(shown).toEqual(words.map((each) => expect.stringContaining(each)));
      expect(await phone.frame.locator("[data-testid='bubble'][data-direction='in'] img").count()).toBe(1);
      expect(
        bots
          .get(kind)
          ?.heard.map(({ text }) => text)
          .slice(-3),
      ).toEqual(["Hi", "Car", "Person"]);

      const messages = await transcript(stack, await phone.number(), numberOf(kind));
      const out = messages.filter(({ direction }) => direction === "out");
      expect(out.map(({ status }) => status)).toEqual(words.map(() => "delivered"));
    },
  );
});
