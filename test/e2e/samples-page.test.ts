import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findHeading } from "../../src/chats/chat.ts";
import { parseChat } from "../../src/chats/parse.ts";
import { PROJECT_ROOT } from "../../src/cli/bundle.ts";
import { SAMPLE_APPLICATIONS } from "../../src/cli/sample-configuration.ts";
import { chromiumPath, openBrowser } from "../support/browser.ts";
import { type Phone, PhonePage, PNG } from "../support/phone-page.ts";
import { type TestStack, testStack } from "../support/stack.ts";

/** A conversation with each sample application; none of them needs time to pass. */
const CONVERSATIONS = [
  "clinic-appointment",
  "courses-sign-up",
  "donation-monthly",
  "lakeside-switch",
  "orders-track",
  "outage-report",
  "pizza-order",
  "survey-happy",
];

/** The first bytes of a video. */
const VIDEO = Buffer.from("\0\0\0\u0018ftypmp42");

describe.skipIf(chromiumPath === null)("the samples on the phone page", () => {
  let stack: TestStack;
  let browser: Browser;
  let open: PhonePage;
  let folder: string;

  beforeAll(async () => {
    [stack, browser, folder] = await Promise.all([
      testStack(),
      openBrowser(),
      mkdtemp(path.join(tmpdir(), "samples-")),
    ]);
    open = await PhonePage.open(browser, stack.emulator);
  });

  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    await rm(folder, { recursive: true });
  });

  it("are covered by conversations", async () => {
    const names = await Promise.all(
      CONVERSATIONS.map(async (name) => findHeading(await readEntries(name), "application")?.name),
    );
    expect(new Set(names)).toEqual(new Set(SAMPLE_APPLICATIONS.map(({ id }) => id)));
  });

  it.each(CONVERSATIONS)("%s matches its file, and its export can be played", async (name) => {
    const entries = await readEntries(name);
    const id = findHeading(entries, "application")?.name;
    const number = SAMPLE_APPLICATIONS.find((each) => each.id === id)?.number ?? "";
    const phone = await open.addPhone(number);
    const from = await phone.number();
    const expected: string[] = [];
    for (const entry of entries) {
      if (entry.kind === "said") expected.push(entry.text.replace("V-0140", `V-${from.slice(-4)}`));
      if (entry.kind !== "text") continue;
      await expectTexts(phone, expected);
      const [type] = entry.media;
      if (type === undefined) await phone.send(entry.text);
      else if (type.startsWith("image/")) await phone.sendPicture(PNG, entry.text);
      else await phone.sendFile({ name: "film.mp4", mimeType: type, buffer: VIDEO }, entry.text);
    }
    await expectTexts(phone, expected);
    await expectReplay(from, number, name);
    expect(open.errors).toEqual([]);
  });

  /** Checks that exactly the expected texts are delivered, in order. */
  async function expectTexts(phone: Phone, expected: readonly string[]): Promise<void> {
    const bubbles = phone.frame.locator("[data-testid='bubble'][data-direction='in'][data-status='delivered']");
    if (expected.length > 0) await bubbles.nth(expected.length - 1).waitFor({ timeout: 20_000 });
    expect(await bubbles.locator(".words").allInnerTexts()).toEqual(expected);
  }

  async function expectReplay(from: string, number: string, name: string): Promise<void> {
    const [phone, to] = [from, number].map(encodeURIComponent);
    const url = `${stack.worker}/v1/senders/${phone}/conversations/${to}/chat`;
    for (const query of ["", "?mask=true"]) {
      const response = await fetch(url + query, { headers: { authorization: `Bearer ${stack.adminKey}` } });
      const file = path.join(folder, `${name}.chat`);
      await writeFile(file, await response.text());
      const { stdout } = await promisify(execFile)(process.execPath, ["src/cli/chat.ts", file], { cwd: PROJECT_ROOT });
      expect(stdout).toBe(`ok       ${file}\n`);
    }
  }
});

async function readEntries(name: string) {
  const parsed = parseChat(await readFile(path.join(PROJECT_ROOT, `test/chats/${name}.chat`), "utf8"));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.failure));
  return parsed.value.map(({ entry }) => entry);
}
