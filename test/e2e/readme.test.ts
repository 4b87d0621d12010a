import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adminApi, emulatorApi, eventually, type TestStack, testStack, transcript } from "../support/stack.ts";

const PHONE = "+12025550161";
const FERRY = "+12025550101";

describe("the README", () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await testStack();
  });

  afterAll(async () => {
    await stack.stop();
  });

  it("shows conversations as they stand in their files", async () => {
    const root = path.resolve(import.meta.dirname, "../..");
    const readme = await readFile(path.join(root, "README.md"), "utf8");
    const shown = [...readme.matchAll(/<!-- (\S+\.chat) -->\n```\n(.*?)```/gsu)];
    expect(shown.map(([, file]) => file)).toHaveLength(2);
    for (const [, file = "", chat] of shown) expect(chat).toBe(await readFile(path.join(root, file), "utf8"));
  });

  it("has examples that run, and the topic in them is a conversation", async () => {
    const readme = await readFile(path.resolve(import.meta.dirname, "../../README.md"), "utf8");
    const blocks = [...readme.matchAll(/<!-- tested -->\n```sh\n(.*?)```/gsu)].map((match) => match[1] ?? "");
    expect(blocks).toHaveLength(1);
    const env = { ...process.env, PARLEY: stack.worker, KEY: stack.adminKey };
    const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", blocks.join("\n")], { env });
    expect(stdout).toContain('"usedBy":["/v1/applications/ferry"]');
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
