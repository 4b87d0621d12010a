import type { Browser, BrowserContext, Locator, Page } from "playwright-core";

/** Drives the phone page in a browser. */
export class PhonePage {
  /** Errors that the browser has reported. */
  readonly errors: string[] = [];
  readonly page: Page;
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.on("pageerror", (error) => this.errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && this.errors.push(message.text()));
  }

  static async open(browser: Browser, url: string): Promise<PhonePage> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const opened = new PhonePage(context, await context.newPage());
    await opened.page.goto(url);
    await opened.phones.first().waitFor();
    return opened;
  }

  get phones(): Locator {
    return this.page.locator("[data-testid^='phone-+']");
  }

  async addPhone(to?: string): Promise<Phone> {
    const before = await this.phones.count();
    await this.page.getByTestId("add-phone").click();
    const added = this.phones.nth(before);
    await added.waitFor();
    if (to !== undefined) await added.getByTestId("number-picker").selectOption(to);
    return new Phone(added);
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}

export class Phone {
  readonly frame: Locator;

  constructor(frame: Locator) {
    this.frame = frame;
  }

  async number(): Promise<string> {
    return (await this.frame.getAttribute("data-testid"))?.slice("phone-".length) ?? "";
  }

  async send(text: string): Promise<void> {
    await this.frame.getByTestId("composer").fill(text);
    await this.frame.getByTestId("composer").press("Enter");
  }

  async sendPicture(buffer: Buffer, text = ""): Promise<void> {
    await this.sendFile({ name: "dot.png", mimeType: "image/png", buffer }, text);
  }

  async sendFile(file: { name: string; mimeType: string; buffer: Buffer }, text = ""): Promise<void> {
    if (text !== "") await this.frame.getByTestId("composer").fill(text);
    await this.frame.getByTestId("file-input").setInputFiles(file);
    await this.frame.getByTestId("send").click();
  }

  /** Waits for a delivered reply that contains the text. */
  async answer(text: string): Promise<void> {
    const { frame } = this;
    const delivered = "[data-testid='bubble'][data-direction='in'][data-status='delivered']";
    await frame.locator(delivered, { hasText: text }).last().waitFor({ timeout: 20_000 });
  }

  /** Lists the texts that the phone has received, oldest first. */
  async received(): Promise<readonly string[]> {
    return await this.frame.locator("[data-testid='bubble'][data-direction='in']").allInnerTexts();
  }
}

/** A red image of 1 × 1 pixel. */
export const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
);
