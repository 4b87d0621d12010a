import { mkdirSync } from "node:fs";
import path from "node:path";
import jsQR from "jsqr";
import { type TOTP, URI } from "otpauth";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { chromiumPath, openBrowser } from "../support/browser.ts";
import { type Phone, PhonePage } from "../support/phone-page.ts";
import { adminApi, eventually, type TestStack, testStack, transcript } from "../support/stack.ts";

const NUMBER = "+12025550100";
const PIN = "471100";

/** Folder for screenshots of the pages; no screenshots are taken if it is empty. */
const PICTURES = process.env["PICTURES"] ?? "";

describe.skipIf(chromiumPath === null)("an identity check on a page", () => {
  let stack: TestStack;
  let browser: Browser;
  let phones: PhonePage;
  let phone: Phone;
  let number: string;
  let context: BrowserContext;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    [stack, browser] = await Promise.all([testStack(), openBrowser()]);
    phones = await PhonePage.open(browser, stack.emulator);
    const { body: application } = await adminApi(stack, "GET", "/v1/applications/pizza");
    const { id: _, published: __, createdAt: ___, updatedAt: ____, ...document } = application;
    const saved = await adminApi(stack, "PUT", "/v1/applications/pizza", { ...document, linking: { by: "page" } });
    expect(saved.status).toBe(200);
  });

  afterAll(async () => {
    await phones?.close();
    await browser?.close();
    await stack?.stop();
  });

  beforeEach(async () => {
    errors.length = 0;
    phone = await phones.addPhone(NUMBER);
    number = await phone.number();
    const person = { name: "Ada Example", phones: [number], pin: PIN, languages: ["en"] };
    expect((await adminApi(stack, "PUT", `/v1/persons/p${number.slice(1)}`, person)).status).toBe(201);
    context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    page = await context.newPage();
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  });

  afterEach(async () => {
    await context.close();
    expect(errors.filter((error) => !error.includes("410"))).toEqual([]);
  });

  /** @returns the URL in the last text that the phone has received */
  async function findPageUrl(): Promise<string> {
    const texts = await eventually(
      async () => (await phone.received()).flatMap((text) => /http\S+\/link\/[\w-]+/u.exec(text) ?? []),
      (found) => found.length > 0,
    );
    return texts.at(-1) ?? "";
  }

  async function enter(digits: string): Promise<void> {
    await page.locator("#digits").fill(digits);
    await page.locator("button").click();
  }

  async function takeScreenshot(name: string): Promise<void> {
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
    if (PICTURES === "") return;
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({ path: path.join(PICTURES, `${name}-360.png`), fullPage: true });
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.screenshot({ path: path.join(PICTURES, `${name}-1280.png`) });
    await page.setViewportSize({ width: 360, height: 740 });
  }

  it("enrols an authenticator by QR code, checks PIN and code, then continues by text", async () => {
    const { body } = await adminApi(stack, "POST", `/v1/persons/p${number.slice(1)}/enrolments`, {
      issuer: "Corner Pizza",
    });
    await page.goto(String(body["url"]));
    await takeScreenshot("enrol");
    const uri = await scanQrCode(page);
    expect(uri).toBe(await page.locator("a.open").getAttribute("href"));
    const totp = URI.parse(uri) as TOTP;
    expect((await page.locator("code").innerText()).replaceAll(" ", "")).toBe(totp.secret.base32);
    expect([totp.issuer, totp.label]).toEqual(["Corner Pizza", "Ada Example"]);
    await enter("000");
    await page.locator("#error", { hasText: "not right" }).waitFor();
    await enter(totp.generate({ timestamp: Date.now() - 30_000 }));
    await page.locator("h1", { hasText: "Your app is set up" }).waitFor();
    await takeScreenshot("enrolled");

    await phone.send("login");
    await page.goto(await findPageUrl());
    await page.locator("label", { hasText: "Your PIN" }).waitFor();
    await takeScreenshot("pin");
    await enter("12 34");
    await page.locator("#error", { hasText: "not right" }).waitFor();
    await takeScreenshot("wrong");
    await enter(PIN);
    await page.locator("label", { hasText: "Code" }).waitFor();
    await takeScreenshot("code");
    await enter(totp.generate());
    await page.locator("h1", { hasText: "You are signed in" }).waitFor();
    await takeScreenshot("linked");
    await phone.answer("You are signed in, Ada Example.");
    await page.goto(page.url());
    await page.locator("h1", { hasText: "no longer valid" }).waitFor();
    await takeScreenshot("over");
    const said = JSON.stringify(await transcript(stack, number, NUMBER));
    expect(said).not.toContain(PIN);
    expect(stack.logged.join("\n")).not.toContain(PIN);
    expect(stack.logged.join("\n")).not.toContain(number);
  });

  it("works without JavaScript and with a texted code, until the person is locked", async () => {
    await context.close();
    context = await browser.newContext({ viewport: { width: 360, height: 740 }, javaScriptEnabled: false });
    page = await context.newPage();
    await phone.send("login");
    await page.goto(await findPageUrl());
    await enter(PIN);
    await page.locator("#hint", { hasText: "texted" }).waitFor();
    await phone.answer("is your code");
    const code = (await phone.received()).flatMap((text) => /(\d{6}) is your code/u.exec(text)?.[1] ?? []).at(-1) ?? "";
    const wrong = ["111111", "222222", "333333"].filter((each) => each !== code);
    await enter(wrong[0] ?? "");
    await page.locator("#error", { hasText: "not right" }).waitFor();
    // Two wrong codes: the third one locks the person.
    await enter(wrong[1] ?? "");
    await page.locator("#error", { hasText: "not right" }).waitFor();
    await enter("444444");
    await page.locator("h1", { hasText: "locked" }).waitFor();
    await phone.answer("locked");
  });
});

/** Decodes the QR code on the page. */
async function scanQrCode(page: Page): Promise<string> {
  const png = await page.locator(".qr").screenshot();
  // The page's security policy forbids other images, so use a blank page.
  const blank = await page.context().newPage();
  const pixels: Pixels = await blank.evaluate(`(async () => {
    const image = new Image();
    image.src = "data:image/png;base64,${png.toString("base64")}";
    await image.decode();
    const { width, height } = image;
    const drawing = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
    drawing.drawImage(image, 0, 0);
    return { data: [...drawing.getImageData(0, 0, width, height).data], width, height };
  })()`);
  await blank.close();
  return jsQR(Uint8ClampedArray.from(pixels.data), pixels.width, pixels.height)?.data ?? "";
}

interface Pixels {
  readonly data: readonly number[];
  readonly width: number;
  readonly height: number;
}
