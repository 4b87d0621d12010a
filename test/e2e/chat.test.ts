import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROJECT_ROOT } from "../../src/cli/bundle.ts";
import { adminApi, emulatorApi, eventually, type TestStack, testStack, transcript } from "../support/stack.ts";

const PHONE = "+12025550171";
const NUMBER = "+12025550199";

/** The beginning of a picture is enough: nobody opens it. */
const PNG = "data:image/png;base64,iVBORw0KGgo=";

const FERRY = {
  title: "Ferry",
  keywords: ["ferry"],
  steps: [
    {
      kind: "ask",
      id: "name",
      text: "Your name?",
      save: "name",
      silence: { after: 5, text: "Still there?" },
    },
    { kind: "upload", id: "ticket", text: "{{ name }}, a photo of your ticket, please.", save: "ticket" },
    { kind: "call", id: "look", request: { url: "https://192.0.2.1/" }, failed: "down" },
    { kind: "say", id: "down", text: "We look at it later." },
    { kind: "wait", id: "pause", seconds: 1 },
    { kind: "confirm", id: "sure", text: "Book it for {{ name | upcase }}, {{ sender }}?", yes: "done", no: "name" },
    { kind: "end", id: "done", text: "Booked." },
  ],
};

describe("a conversation with the whole stack", () => {
  let stack: TestStack;
  let folder: string;

  beforeAll(async () => {
    [stack, folder] = await Promise.all([testStack(), mkdtemp(path.join(tmpdir(), "chat-"))]);
    await adminApi(stack, "PUT", "/v1/topics/ferry", FERRY);
    const assistant = { kind: "topics", topics: ["ferry"] };
    await adminApi(stack, "PUT", "/v1/applications/boats", { name: "Boats", assistant });
    const account = "AC00000000000000000000000000000001";
    await adminApi(stack, "PUT", `/v1/numbers/${NUMBER}`, { account, application: "boats", type: "long-code" });
    await emulatorApi(stack, "PUT", `/numbers/${encodeURIComponent(NUMBER)}`, {
      accountSid: account,
      smsUrl: `${stack.worker}/twilio/message`,
    });
    await emulatorApi(stack, "POST", "/phones", { number: PHONE });
  });

  afterAll(async () => {
    await stack.stop();
    await rm(folder, { recursive: true });
  });

  async function say(message: object, answer: string): Promise<void> {
    await emulatorApi(stack, "POST", `/phones/${encodeURIComponent(PHONE)}/messages`, { to: NUMBER, ...message });
    await comes(answer);
  }

  async function comes(answer: string): Promise<void> {
    await eventually(
      () => transcript(stack, PHONE, NUMBER),
      (all) => all.at(-1)?.direction === "out" && all.at(-1)?.text === answer,
    );
  }

  async function download(query = "", phone = PHONE): Promise<Response> {
    const url = `${stack.worker}/v1/senders/${encodeURIComponent(phone)}/conversations/${encodeURIComponent(NUMBER)}/chat${query}`;
    return await fetch(url, { headers: { authorization: `Bearer ${stack.adminKey}` } });
  }

  /** Fetches what the first lines say, and plays. */
  async function replays(written: string): Promise<void> {
    for (const [, name = "", url = ""] of written.matchAll(/^# {3}(\S+\.json): GET (\S+)$/gmu)) {
      const { body } = await adminApi(stack, "GET", url);
      await mkdir(path.join(folder, path.dirname(name)), { recursive: true });
      await writeFile(path.join(folder, name), JSON.stringify(body));
    }
    const file = path.join(folder, "exported.chat");
    await writeFile(file, written);
    const { stdout } = await promisify(execFile)(process.execPath, ["src/cli/chat.ts", file], { cwd: PROJECT_ROOT });
    expect(stdout).toBe(`ok       ${file}\n`);
  }

  it("is exported with its waits, reminders, pictures and requests, and is played again without a difference", async () => {
    await say({ body: "ferry" }, "Your name?");
    await comes("Still there?");
    await say({ body: "Harbour Office" }, "Harbour Office, a photo of your ticket, please.");
    await say({ body: "here", mediaUrls: [PNG] }, "Book it for HARBOUR OFFICE, +12025550171?");
    await say({ body: "yes" }, "Booked.");
    const response = await download();
    expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/plain; charset=utf-8"]);
    const written = await response.text();
    expect(written).toMatch(/^# Conversation 1\./u);
    expect(written).toContain("#   applications/boats.json: GET /v1/applications/boats/publications/1\n");
    expect(written).toContain("#   topics/ferry.json: GET /v1/topics/ferry/publications/1\n");
    expect(written).toMatch(
      /application boats\nfrom \+12025550171\nto \+12025550199\nat 20\S+ \S+ Etc\/UTC\n> ferry\n< Your name\?\nwait \d+s\n< Still there\?\n/u,
    );
    expect(written).toContain("> [image/png] here\n? GET https://192.0.2.1/\n");
    expect(written).toContain("= failed ");
    await replays(written);
  });

  it("is exported without what they said, and is played again without a difference", async () => {
    const masked = await (await download("?mask=true")).text();
    expect(masked).toContain(
      "> Xxxxxxx Xxxxxx\n< Xxxxxxx Xxxxxx, a photo of your ticket, please.\n> [image/png] xxxx\n",
    );
    expect(masked).toContain("< Book it for XXXXXXX XXXXXX, +12025550140?\n> yes\n< Booked.\n");
    expect(masked).not.toMatch(/harbour|12025550171/iu);
    await replays(masked);
  });

  it("needs what was published when it was held, whatever is published since", async () => {
    await adminApi(stack, "PUT", "/v1/topics/ferry", {
      ...FERRY,
      title: "Another ferry",
      steps: FERRY.steps.slice(-1),
    });
    await adminApi(stack, "POST", "/v1/topics/ferry/publications", {});
    const { body } = await adminApi(stack, "GET", "/v1/topics/ferry");
    expect(body).toMatchObject({ title: "Another ferry", published: { version: 2 } });
    for (const query of ["", "?mask=true"]) await replays(await (await download(query)).text());
  });

  it("is refused where there is none, or the question is wrong", async () => {
    expect((await download("", "+12025550172")).status).toBe(404);
    expect((await download("?conversation=7")).status).toBe(404);
    for (const query of ["?conversation=x", "?mask=perhaps", "?nonsense=1"]) {
      const response = await download(query);
      expect(response.status).toBe(400);
      expect(await response.text()).toContain(query.slice(1, query.indexOf("=")));
    }
  });

  it("can be had with every sample application: all of them have a number with their name", async () => {
    const { body } = await adminApi(stack, "GET", "/v1/numbers?limit=200");
    const names = (body["items"] as { description: string }[]).map(({ description }) => description);
    expect(names.filter((name) => name !== "").toSorted()).toEqual([
      "City Clinic",
      "Corner Pizza",
      "Evening School",
      "Juniper Supplies",
      "Lakeside Clinic",
      "River Trust",
      "Seaside Hotel",
      "Valley Power",
    ]);
  });
});
