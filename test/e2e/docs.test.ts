import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adminApi, emulatorApi, eventually, type TestStack, testStack, transcript } from "../support/stack.ts";
import { freePort } from "../torture/setup.ts";

const PHONE = "+12025550161";
const FERRY = "+12025550101";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Reads a page of `docs/`. */
async function readPage(name: string): Promise<string> {
  return await readFile(path.join(ROOT, "docs", `${name}.md`), "utf8");
}

/** Runs the program in a process of its own, with the packages of this checkout. */
async function runBot(
  program: string,
  secret: string,
): Promise<{ readonly host: string; readonly stop: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), "parley-bot-"));
  await symlink(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
  await writeFile(path.join(folder, "bot.mjs"), program);
  const port = await freePort(Date.now());
  const env = { ...process.env, PORT: String(port), BOT_SECRET: secret };
  const child = spawn(process.execPath, ["bot.mjs"], { cwd: folder, env, stdio: "inherit" });
  const host = `127.0.0.1:${port}`;
  await eventually(
    async () => await fetch(`http://${host}/`).catch(() => null),
    (response) => response !== null,
  );
  const stop = async (): Promise<void> => {
    child.kill();
    await rm(folder, { recursive: true });
  };
  return { host, stop };
}

describe("the documentation", () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await testStack();
  });

  afterAll(async () => {
    await stack.stop();
  });

  it("shows conversations as they stand in their files", async () => {
    const page = await readPage("chat-files");
    const shown = [...page.matchAll(/<!-- (\S+\.chat) -->\n```\n(.*?)```/gsu)];
    expect(shown.map(([, file]) => file)).toHaveLength(2);
    for (const [, file = "", chat] of shown) expect(chat).toBe(await readFile(path.join(ROOT, file), "utf8"));
  });

  it("has a bot that runs, and can be tried", async () => {
    const page = await readPage("assistants");
    const [, program = ""] = /<!-- bot\.mjs -->\n```js\n(.*?)```/su.exec(page) ?? [];
    const [, commands = ""] = /<!-- tested with the bot -->\n```sh\n(.*?)```/su.exec(page) ?? [];
    const [, api = ""] = /^(api\(\) .*)$/mu.exec(await readPage("api")) ?? [];
    const secret = `whsec_${randomBytes(32).toString("base64")}`;
    const bot = await runBot(program, secret);
    try {
      const env = { ...process.env, PARLEY: stack.worker, KEY: stack.adminKey, BOT: bot.host, BOT_SECRET: secret };
      const script = `${api}\n${commands}`;
      const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", script], { env });
      const [, saved = "", tried = ""] = stdout.trim().split("\n");
      expect(JSON.parse(saved)).toMatchObject({ id: "mine", warnings: [] });
      const { turns } = JSON.parse(tried) as { turns: { messages: { text: string }[]; notes: string[] }[] };
      expect(turns.map(({ messages }) => messages.map(({ text }) => text))).toEqual([
        ["You said hi.", "And now?\n1. Boat\n2. Car"],
        ["You said Car.", "And now?\n1. Boat\n2. Car"],
      ]);
      const wrong = await adminApi(stack, "PUT", "/v1/secrets/bot", { value: "whsec_AAAA", hosts: [bot.host] });
      expect(wrong.status).toBe(200);
      const { status, body } = await adminApi(stack, "POST", "/v1/applications/mine/dry-runs", { texts: ["hi"] });
      expect(status).toBe(200);
      expect(JSON.stringify(body)).toContain("HTTP 401");
    } finally {
      await bot.stop();
    }
  });

  it("has examples that run, and the topic in them is a conversation", async () => {
    const page = await readPage("api");
    const blocks = [...page.matchAll(/<!-- tested -->\n```sh\n(.*?)```/gsu)].map((match) => match[1] ?? "");
    expect(blocks).toHaveLength(1);
    const env = { ...process.env, PARLEY: stack.worker, KEY: stack.adminKey };
    const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", blocks.join("\n")], { env });
    expect(stdout).toContain('"usedBy":["/v1/applications/ferry"]');
    expect(stdout).toMatch(/"phone":"\+12025550140","outcome":"sent"/u);
    expect((await adminApi(stack, "GET", `/v1/numbers/${FERRY}`)).body).toMatchObject({ application: "ferry" });

    await emulatorApi(stack, "POST", "/phones", { number: PHONE });
    const said = ["boat", "2", "three", "yes"];
    for (const [index, body] of said.entries()) {
      await emulatorApi(stack, "POST", `/phones/${encodeURIComponent(PHONE)}/messages`, { to: FERRY, body });
      await eventually(
        () => transcript(stack, PHONE, FERRY),
        (all) => all.filter(({ direction }) => direction === "out").length === index + 1,
      );
    }
    const messages = await transcript(stack, PHONE, FERRY);
    expect(messages.filter(({ direction }) => direction === "out").map(({ text }) => text)).toEqual([
      "Where to?\n1. North pier\n2. South pier",
      "For how many people?",
      "three to the South pier, yes?",
      "Booked. See you there!",
    ]);
  });
});
