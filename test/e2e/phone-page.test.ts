import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chromiumPath, openBrowser } from "../support/browser.ts";
import { adminApi, eventually, type TestStack, testStack, transcript } from "../support/stack.ts";

const PIZZA = "+12025550100";
const CLINIC = "+12025550101";

/** A red image of 1 × 1 pixel. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
);

describe.skipIf(chromiumPath === null)("the phone page", () => {
  let stack: TestStack;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    [stack, browser] = await Promise.all([testStack(), openBrowser()]);
  });

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  beforeEach(async () => {
    errors.length = 0;
    context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    page = await context.newPage();
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.goto(stack.emulator);
  });

  afterEach(async () => {
    await context.close();
    expect(errors).toEqual([]);
  });

  const phones = () => page.locator("[data-testid^='phone-+']");
  const numberOf = async (phone: Locator) => (await phone.getAttribute("data-testid"))?.slice("phone-".length) ?? "";

  async function addPhone(): Promise<Locator> {
    const before = await phones().count();
    await page.getByTestId("add-phone").click();
    await phones().nth(before).waitFor();
    return phones().nth(before);
  }

  async function send(phone: Locator, text: string): Promise<void> {
    await phone.getByTestId("composer").fill(text);
    await phone.getByTestId("composer").press("Enter");
  }

  /** Waits for a delivered reply that contains the text. */
  async function answer(phone: Locator, text: string): Promise<void> {
    await phone
      .locator("[data-testid='bubble'][data-direction='in'][data-status='delivered']", { hasText: text })
      .last()
      .waitFor();
  }

  it("creates a phone on the first visit, and supports a conversation by keyboard alone", async () => {
    const phone = phones().first();
    await phone.waitFor();
    await page.keyboard.type("hi");
    await page.keyboard.press("Enter");
    await answer(phone, "Welcome to Corner Pizza!");
    for (const [text, said] of [
      ["1", "Which pizza?"],
      ["funghi", "Which size?"],
      ["1", "What name"],
      ["Reception", "Shall we bake it?"],
      ["yes", "goes into the oven"],
    ] as const) {
      await page.keyboard.type(text);
      await page.keyboard.press("Enter");
      await answer(phone, said);
    }
    const messages = await transcript(stack, await numberOf(phone), PIZZA);
    expect(messages.filter(({ direction }) => direction === "out").map(({ status }) => status)).toEqual(
      Array.from({ length: 6 }, () => "delivered"),
    );
  });

  it("shows several phones, each with its conversations", async () => {
    await phones().first().waitFor();
    const one = await addPhone();
    const two = await addPhone();
    await two.getByTestId("number-picker").selectOption(CLINIC);
    await send(one, "order");
    await send(two, "appointment");
    await answer(one, "Which pizza?");
    await answer(two, "Is it urgent");
    await one.getByTestId("number-picker").selectOption(CLINIC);
    await send(one, "hello");
    await answer(one, "City Clinic here");
    await one.getByTestId("number-picker").selectOption(PIZZA);
    await send(one, "2");
    await answer(one, "Funghi, good choice");
    await send(two, "no");
    await answer(two, "What brings you in?");
  });

  it("sends a picture without a text", async () => {
    await phones().first().waitFor();
    const phone = await addPhone();
    await phone.getByTestId("file-input").setInputFiles({ name: "dot.png", mimeType: "image/png", buffer: PNG });
    await phone.getByTestId("send").click();
    await answer(phone, "Text MENU to see what I can do");
    expect(await phone.locator("[data-testid='bubble'] img").count()).toBe(1);
    const [message] = await transcript(stack, await numberOf(phone), PIZZA);
    expect(message).toMatchObject({ text: "", media: [{ contentType: "image/png" }] });
  });

  it("shows the carrier's replies to STOP and START", async () => {
    await phones().first().waitFor();
    const phone = await addPhone();
    await send(phone, "STOP");
    await answer(phone, "successfully been unsubscribed");
    await send(phone, "menu");
    await send(phone, "START");
    await answer(phone, "re-subscribed");
    await send(phone, "menu");
    await answer(phone, "Welcome to Corner Pizza!");
    expect(await phone.locator("[data-testid='bubble'][data-direction='in']", { hasText: "Welcome" }).count()).toBe(1);
  });

  it("works on a small screen, and keeps conversations after a reload", async () => {
    await page.setViewportSize({ width: 360, height: 640 });
    const phone = phones().first();
    await phone.waitFor();
    await send(phone, "menu");
    await answer(phone, "Welcome to Corner Pizza!");
    const wide = await page.evaluate<number>("document.documentElement.scrollWidth");
    expect(wide).toBeLessThanOrEqual(360);
    await page.reload();
    await answer(phones().first(), "Welcome to Corner Pizza!");
  });

  /** Lists the texts that a phone has received, oldest first. */
  async function received(phone: Locator): Promise<readonly string[]> {
    return await phone.locator("[data-testid='bubble'][data-direction='in']").allInnerTexts();
  }

  it("supports NOTIFICATION, START and STOP for lists", async () => {
    const phone = await addPhone();
    const to = { phones: [await numberOf(phone)] };
    const notify = async (text: string) => {
      const body = { to, list: "offers", number: PIZZA, text };
      return (await adminApi(stack, "POST", "/v1/notifications", body)).body;
    };
    const times = async (text: string, count: number) =>
      await eventually(
        async () => await received(phone),
        (all) => all.filter((each) => each.includes(text)).length === count,
      );
    await send(phone, "NOTIFICATION");
    await answer(phone, "1. Offers: off");
    expect(await notify("Off")).toMatchObject({ recipients: [{ outcome: "refused", reason: "not-subscribed" }] });
    await send(phone, "START");
    await answer(phone, "Which one?");
    await send(phone, "1");
    await answer(phone, "Offers: on.");
    await send(phone, "hi");
    await answer(phone, "Welcome to Corner Pizza!");
    expect(await notify("Two for one today")).toMatchObject({ recipients: [{ outcome: "sent" }] });
    await answer(phone, "Two for one today");
    await answer(phone, "You have a new notification.");
    await send(phone, "1");
    await answer(phone, "Which pizza?");
    await send(phone, "STOP 1");
    await answer(phone, "Offers: off.");
    await send(phone, "start offers");
    await times("Offers: on.", 2);
    await send(phone, "STOP");
    await answer(phone, "You have successfully been unsubscribed.");
    expect(await notify("Never")).toMatchObject({ recipients: [{ outcome: "refused", reason: "opted-out" }] });
    await send(phone, "START");
    await times("You have successfully been re-subscribed", 2);
    await send(phone, "notifications");
    const shown = await times("1. Offers: off", 2);
    expect(shown.join("|")).not.toContain("Never");
  });
});
